"""Cells on their way into text files: ISO moments, and no text that a spreadsheet would run."""

from collections.abc import Sequence

import polars as pl

from tabular.named import named
from tabular.schema import Column

# What Excel and its kin take for the start of a formula.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def moments_as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Datetimes as ``2024-01-31T15:04:05``, with the fraction where there is one and ``Z`` where the time is UTC."""
    return frame.with_columns(
        named(name).dt.strftime("%Y-%m-%dT%H:%M:%S%.f" + ("Z" if dtype.time_zone else "")).alias(name)
        for name, dtype in frame.schema.items()
        if isinstance(dtype, pl.Datetime)
    )


def nan_as_null(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        named(name).fill_nan(None) for name, dtype in frame.schema.items() if dtype in (pl.Float64, pl.Float32)
    )


def guarded(frame: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """Text cells that start like a formula get a ``'`` in front; numbers and dates never do."""
    cell = {column.name: named(column.name) for column in columns if frame.schema[column.name] == pl.String}
    return frame.with_columns(
        pl.when(text.str.slice(0, 1).is_in(DANGEROUS))
        .then(pl.concat_str(pl.lit("'"), text))
        .otherwise(text)
        .alias(name)
        for name, text in cell.items()
    )


def guarded_name(name: str) -> str:
    return f"'{name}" if name.startswith(DANGEROUS) else name
