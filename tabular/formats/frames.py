"""A small pandas frame as something that every format can write."""

from datetime import date

import pandas as pd
import polars as pl

from tabular.schema import Column, Dtype


def from_pandas(frame: pd.DataFrame) -> tuple[list[pl.DataFrame], tuple[Column, ...]]:
    """``(batches, columns)`` of an analysis' frame: an index has no meaning, objects are dates or text."""
    series = [_series(str(name), frame[name]) for name in frame.columns]
    columns = tuple(Column(one.name, _dtype(one.dtype)) for one in series)
    return [pl.DataFrame(series)], columns


def _series(name: str, values: pd.Series) -> pl.Series:
    cells = [None if cell is None or cell is pd.NaT or cell != cell else cell for cell in values.tolist()]
    if all(cell is None for cell in cells):
        return pl.Series(name, cells, dtype=pl.Float64 if pd.api.types.is_numeric_dtype(values.dtype) else pl.String)
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds == {bool}:
        return pl.Series(name, cells, dtype=pl.Boolean)
    if kinds == {int}:
        return pl.Series(name, cells, dtype=pl.Int64)
    if kinds <= {int, float}:
        return pl.Series(name, cells, dtype=pl.Float64, strict=False)
    if all(issubclass(kind, date) for kind in kinds):
        return pl.Series(name, cells)
    return pl.Series(name, [None if cell is None else str(cell) for cell in cells], dtype=pl.String)


def _dtype(dtype: pl.DataType) -> Dtype:
    if dtype == pl.Boolean:
        return "boolean"
    if dtype.is_integer():
        return "integer"
    if dtype.is_float():
        return "decimal"
    if dtype == pl.Date:
        return "date"
    return "datetime" if isinstance(dtype, pl.Datetime) else "text"
