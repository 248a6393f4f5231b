"""Would exporting the untouched dataset as CSV give back the source, cell for cell?"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tabular.readers import RawTable
from tabular.schema import Column


def as_csv(cells: pl.Expr, dtype: str) -> pl.Expr:
    """Stored cells as the CSV export writes them."""
    if dtype == "datetime":
        return cells.dt.strftime("%Y-%m-%dT%H:%M:%S%.f")
    return cells.cast(pl.String)


def is_lossless(raw: RawTable, columns: Sequence[Column], stored: Path) -> bool:
    """Compares each cell, written as CSV writes it, with the source's text, for columns that have a text in the source:
    those whose type the file itself states have none."""
    compared = [column for column in columns if column.name not in raw.native]
    if not compared:
        return True
    utc = _with_offset(stored)
    source = pl.scan_parquet(raw.path, glob=False).select(pl.col(c.name).alias(f"\0{c.name}") for c in compared)
    written = pl.scan_parquet(stored, glob=False).select(
        _written(column, utc).alias(column.name) for column in compared
    )
    same = pl.concat([source, written], how="horizontal").select(
        pl.col(column.name).eq_missing(pl.col(f"\0{column.name}")).all() for column in compared
    )
    return all(same.collect(engine="streaming").row(0))


def _with_offset(stored: Path) -> set[str]:
    schema = pl.read_parquet_schema(stored)
    return {name for name, dtype in schema.items() if isinstance(dtype, pl.Datetime) and dtype.time_zone}


def _written(column: Column, utc: set[str]) -> pl.Expr:
    text = as_csv(pl.col(column.name), column.dtype)
    return pl.concat_str([text, pl.lit("Z")]) if column.name in utc else text
