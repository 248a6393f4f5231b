"""From a received file to its typed table, in a child process of its own: no connection, no transaction, no secrets."""

from pathlib import Path
from typing import Any

from django.conf import settings

from tabular.ingest import Ingested
from tabular.options import Options


def ingest(source: Path, target: Path, options: Options) -> Ingested:
    """Writes ``target`` (Parquet) from ``source``. Raises ``TableError`` for a file that is no table."""
    from tabular import sandbox

    return sandbox.ingest(
        source, target, options, memory_bytes=settings.PARSER_MEMORY_BYTES, seconds=settings.PARSER_SECONDS
    )


def inspect(source: Path, options: Options) -> dict[str, Any]:
    """How the file would be read; nothing is kept."""
    from tabular import sandbox

    return sandbox.inspect(source, options, memory_bytes=settings.PARSER_MEMORY_BYTES, seconds=settings.PARSER_SECONDS)
