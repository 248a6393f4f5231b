"""What a start warns about: on a machine where anybody may register, a root without {company_id} is everybody's."""

from typing import Any

from django.conf import settings
from django.core import checks

from ingestion.roots import COMPANY


def connect() -> None:
    checks.register(plain_roots)


def plain_roots(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    plain = [root for root in settings.INGEST_ROOTS if COMPANY not in root]
    if not plain or settings.REGISTRATION != "open":
        return []
    return [
        checks.Warning(
            f"INGEST_ROOTS holds {', '.join(plain)} and REGISTRATION is open: whoever registers may read them.",
            hint="Write {company_id} into the root, so that each company sees its own, or set REGISTRATION=closed.",
            id="ingestion.W001",
        )
    ]
