"""Which folders of the server a company may bring in: below INGEST_ROOTS, links resolved."""

import os
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput

COMPANY = "{company_id}"


class IngestionOff(InvalidInput):
    reason = "ingest_roots_empty"
    message = _("Reading folders of the server is switched off. Its operator can name some in INGEST_ROOTS.")


class DirectoryNotAllowed(InvalidInput):
    reason = "directory_not_allowed"
    message = _("The folder %(directory)s is not one of those that your company may bring in.")


class DirectoryMissing(InvalidInput):
    reason = "directory_not_found"
    message = _("There is no folder %(directory)s, or it can't be read.")


def roots_of(company_id: int) -> list[Path]:
    """The company's own roots, resolved."""
    return [Path(os.path.realpath(root.replace(COMPANY, str(company_id)))) for root in settings.INGEST_ROOTS]


def root_of(directory: str, company_id: int) -> Path:
    """The root that ``directory`` lies in, after resolving links; raises when there is none. It need not exist yet."""
    roots = roots_of(company_id)
    if not roots:
        raise IngestionOff
    resolved = Path(os.path.realpath(directory))
    for root in roots:
        if Path(directory).is_absolute() and resolved.is_relative_to(root):
            return root
    raise DirectoryNotAllowed(directory=directory[:300])


def existing(directory: str, company_id: int) -> tuple[Path, Path]:
    """The resolved folder and its root; raises ``DirectoryMissing`` too."""
    root = root_of(directory, company_id)
    resolved = Path(os.path.realpath(directory))
    if not resolved.is_dir() or not os.access(resolved, os.R_OK | os.X_OK):
        raise DirectoryMissing(directory=directory[:300])
    return resolved, root
