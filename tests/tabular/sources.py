"""A file in, what its reader and the whole ingestion make of it."""

from pathlib import Path
from typing import Any

import polars as pl

from tabular.ingest import Ingested, ingest
from tabular.options import Limits, Options


def ingested(path: Path, limits: Limits | None = None, **said: Any) -> tuple[Ingested, pl.DataFrame]:
    """``said``: further options."""
    target = path.parent / f"{path.name}.out.parquet"
    found = ingest(path, target, Options(path.name, **said), limits)
    return found, pl.read_parquet(target)


def reasons(found: Ingested) -> list[str]:
    return [warning["reason"] for warning in found.warnings]


def details(found: Ingested, reason: str) -> dict[str, Any]:
    return next(warning["details"] for warning in found.warnings if warning["reason"] == reason)


def dtypes(found: Ingested) -> list[str]:
    return [column.dtype for column in found.columns]
