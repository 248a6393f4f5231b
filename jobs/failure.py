"""An exception as a job keeps it: a stable reason and untranslated words for people; no traceback."""

import errno
from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import errors
from core.api import fill
from tabular.errors import TableError

SERVER_ERROR = gettext_noop("Something went wrong on our side. The server's log says more.")


def describe(error: BaseException) -> dict[str, Any]:
    """``{"reason", "message", "details"}``; what is not meant for people becomes ``server_error``."""
    if isinstance(error, errors.AppError | TableError):
        return _kept(error.reason, error.message, error.details)
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return _kept("storage_full", errors.GENERIC["storage_full"], {})
    return _kept("server_error", SERVER_ERROR, {})


def _kept(reason: str, message: Any, details: Mapping[str, Any]) -> dict[str, Any]:
    with translation.override(None):
        return {"reason": reason, "message": str(message), "details": dict(details)}


def shown(error: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The kept error in the reader's language: ``{"reason", "message", "details"}``."""
    if not error:
        return None
    details = error.get("details") or {}
    template = error.get("message") or ""
    return {"reason": error["reason"], "message": fill(_(template) if template else "", details), "details": details}
