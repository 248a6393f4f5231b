"""From a received file to its typed table, in a child process of its own: no connection and no transaction is open."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.errors import Unavailable
from tabular import ingest as tables
from tabular import sandbox
from tabular.ingest import Ingested
from tabular.options import Options


class IngestBusy(Unavailable):
    """Not the file's fault, so not a 400 as the sandbox itself would have it."""

    reason = "ingest_busy"
    message = _("Too many files are being read at the moment. Try again soon.")
    retry_after = 10


def ingest(source: Path, target: Path, options: Options, *, look: Callable[[], None] | None = None) -> Ingested:
    """Writes ``target`` (Parquet) from ``source``. Raises ``TableError`` for a file that is no table, and what ``look``
    raises, which is called many times a second meanwhile."""
    ingested: Ingested = _in_child(tables.ingest, source, target, options, look=look)
    return ingested


def inspect(source: Path, options: Options) -> dict[str, Any]:
    """How the file would be read; nothing is kept."""
    found: dict[str, Any] = _in_child(tables.inspect, source, options)
    return found


def _in_child(func: Callable[..., Any], *args: Any, look: Callable[[], None] | None = None) -> Any:
    seconds = settings.PARSER_SECONDS
    try:
        return sandbox.run(
            func,
            args,
            memory_bytes=settings.PARSER_MEMORY_BYTES,
            cpu_seconds=seconds * (os.cpu_count() or 1),
            wall_seconds=seconds,
            look=look,
        )
    except sandbox.SandboxBusy as busy:
        raise IngestBusy from busy
