"""The spool becomes the typed Parquet file, batch by batch."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from tabular.readers import RawTable
from tabular.typing.decision import Decision

_ROW_GROUP = 256 * 1024
_MANY_ROWS = 2_000_000
_DAYS = ("date", "datetime")


def convert(raw: RawTable, decisions: Sequence[Decision], target: Path) -> int:
    """Write the typed columns to ``target``; memory does not grow with the file. Returns the number of rows."""
    typed = pl.scan_parquet(raw.path).select(d.expr.alias(d.column.name) for d in decisions)
    if raw.rows > _MANY_ROWS and any(decision.column.dtype in _DAYS for decision in decisions):
        _by_row_group(typed, raw.rows, target)
    else:
        typed.sink_parquet(
            target, compression="zstd", compression_level=1, row_group_size=_ROW_GROUP, engine="streaming"
        )
    return raw.rows


def _by_row_group(typed: pl.LazyFrame, rows: int, target: Path) -> None:
    """The streaming engine gathers the whole column for a parser written in Python, as that of dates is."""
    schema = _arrow(typed, 0, 0).schema
    with pq.ParquetWriter(target, schema, compression="zstd", compression_level=1) as writer:
        for start in range(0, rows, _ROW_GROUP):
            writer.write_table(_arrow(typed, start, _ROW_GROUP), row_group_size=_ROW_GROUP)


def _arrow(typed: pl.LazyFrame, start: int, rows: int) -> pa.Table:
    return typed.slice(start, rows).collect(engine="streaming").to_arrow(compat_level=pl.CompatLevel.oldest())
