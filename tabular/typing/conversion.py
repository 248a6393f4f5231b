"""The spool becomes the typed Parquet file, batch by batch."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tabular.readers import RawTable
from tabular.typing.decision import Decision

_ROW_GROUP = 256 * 1024


def convert(raw: RawTable, decisions: Sequence[Decision], target: Path) -> int:
    """Write the typed columns to ``target``; memory does not grow with the file. Returns the number of rows."""
    typed = pl.scan_parquet(raw.path).select(d.expr.alias(d.column.name) for d in decisions)
    typed.sink_parquet(target, compression="zstd", compression_level=1, row_group_size=_ROW_GROUP, engine="streaming")
    return raw.rows
