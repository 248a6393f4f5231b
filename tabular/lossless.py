"""Would exporting the untouched dataset as CSV give back the source, cell for cell?"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tabular.readers import RawTable
from tabular.schema import Column


def is_lossless(raw: RawTable, columns: Sequence[Column], typed: Path) -> bool:
    """Compares each typed cell, written as CSV writes it, with the source's text; kept-aside records are a loss.

    Columns whose type the file itself states have no text to compare with; text columns are their own.
    """
    if raw.rejected_count:
        return False
    compared = [column.name for column in columns if column.name not in raw.native]
    if not compared:
        return True
    stored = pl.scan_parquet(typed, glob=False).select(_text(c).alias(c.name) for c in columns if c.name in compared)
    source = pl.scan_parquet(raw.path, glob=False).select(pl.col(name).alias(f"\0{name}") for name in compared)
    same = pl.concat([source, stored], how="horizontal").select(
        pl.col(name).eq_missing(pl.col(f"\0{name}")).all() for name in compared
    )
    return all(same.collect(engine="streaming").row(0))


def _text(column: Column) -> pl.Expr:
    cells = pl.col(column.name)
    if column.dtype == "datetime":
        return cells.dt.to_string("iso").str.replace(" ", "T", literal=True).str.replace("+00:00", "Z", literal=True)
    return cells.cast(pl.String)
