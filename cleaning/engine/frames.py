"""A stored table as a pandas frame, and back. Nothing is rounded on the way."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from cleaning.operations.conversion import kind
from cleaning.operations.operation import assigned
from tabular import parquet
from tabular.schema import Dtype

_TEXT = pd.StringDtype(na_value=float("nan"))
_PANDAS = {
    pa.int64(): pd.Int64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
    pa.string(): _TEXT,
    pa.large_string(): _TEXT,
    pa.string_view(): _TEXT,
}


def read(path: Path) -> pd.DataFrame:
    """The whole table, in the types that operations expect; the index numbers its rows from 0.

    An infinite decimal is missing, as everywhere in the product's figures.
    """
    table = pq.read_table(path)
    frame = table.to_pandas(
        types_mapper=_PANDAS.get, date_as_object=False, split_blocks=True, self_destruct=True, ignore_metadata=True
    )
    del table
    pa.default_memory_pool().release_unused()
    changes = {name: frame[name].astype("datetime64[us]") for name in frame if frame[name].dtype == "datetime64[ms]"}
    changes |= {name: frame[name].mask(np.isinf(frame[name])) for name in frame if _infinite(frame[name])}
    return assigned(frame, changes) if changes else frame


def _infinite(cells: pd.Series) -> bool:
    return cells.dtype == "float64" and bool(np.isinf(cells.to_numpy()).any())


def settled(frame: pd.DataFrame, columns: list[str] | None = None) -> pd.DataFrame:
    """The named columns (all by default) in the types that operations expect, whatever an operation left them in."""
    changes = {}
    for name in frame.columns if columns is None else columns:
        wanted = _settled(frame[name])
        if frame[name].dtype != wanted:
            changes[name] = frame[name].astype(wanted)
    return assigned(frame, changes) if changes else frame


def _settled(cells: pd.Series) -> Any:
    known, dtype = pd.api.types, cells.dtype
    if known.is_bool_dtype(dtype):
        return pd.BooleanDtype()
    if known.is_integer_dtype(dtype):
        return pd.Int64Dtype()
    if known.is_float_dtype(dtype):
        return pd.Series([], dtype="float64").dtype
    if isinstance(dtype, pd.DatetimeTZDtype):
        return pd.DatetimeTZDtype("us", "UTC")
    if known.is_datetime64_dtype(dtype):
        return pd.Series([], dtype="datetime64[us]").dtype
    return _TEXT


def dtype(cells: pd.Series, expected: Dtype | None) -> Dtype:
    """Our word for a settled column; ``expected`` tells a date from a datetime."""
    found = kind(cells)
    return "date" if found == "datetime" and expected == "date" else found


def write(frame: pd.DataFrame, dtypes: Mapping[str, Dtype], path: Path) -> None:
    """The settled frame as a stored table; the same frame gives the same bytes."""
    write_columns({name: frame[name] for name in frame.columns}, dtypes, path)


def write_columns(columns: dict[str, pd.Series], dtypes: Mapping[str, Dtype], path: Path) -> None:
    """As ``write``; ``columns`` are taken out as they are converted, so that none is held twice."""
    made = {}
    for name in list(columns):
        cells = pa.array(columns.pop(name), from_pandas=True)
        made[name] = cells.cast(pa.date32()) if dtypes[name] == "date" else cells
    stored = pl.from_arrow(pa.table(made))
    assert isinstance(stored, pl.DataFrame)
    with parquet.writing(path) as temporary:
        parquet.sink(stored.lazy(), temporary)
