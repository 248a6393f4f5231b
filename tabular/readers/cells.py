"""Columns of cells that carry their own types (a workbook's), gathered piece by piece into one type per column."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl

from tabular.schema import Dtype

Cell = Any
_LARGEST_WHOLE = 2.0**63


def render(cell: Cell) -> str:
    """A cell as the text that a CSV of the same table would hold."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e16 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, timedelta):
        return _hours(cell)
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)


def _hours(span: timedelta) -> str:
    seconds, micro = divmod(abs(span) // timedelta(microseconds=1), 1_000_000)
    minutes, second = divmod(seconds, 60)
    fraction = f".{micro:06d}" if micro else ""
    sign = "-" if span < timedelta(0) else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02d}:{second:02d}{fraction}"


def series(values: Sequence[Cell]) -> pl.Series:
    """One piece of a column: Float64, Boolean, Date, Datetime or String; empty text is null."""
    cells = [None if value == "" else value for value in values]
    kinds = set(map(type, cells)) - {type(None)}
    for types, dtype in _STORED:
        if kinds and kinds <= types:
            return pl.Series(cells, dtype=dtype, strict=False)
    if not kinds:
        return pl.Series(cells, dtype=pl.Null)
    return pl.Series([None if cell is None else render(cell) for cell in cells], dtype=pl.String)


_STORED: tuple[tuple[set[type], pl.DataType], ...] = (
    ({str}, pl.String()),
    ({float, int}, pl.Float64()),
    ({bool}, pl.Boolean()),
    ({date}, pl.Date()),
    ({date, datetime}, pl.Datetime("us")),
)


def column(pieces: Sequence[pl.Series]) -> tuple[pl.Series, Dtype | None]:
    """The pieces as one: with the dtype when all state the same, else as text (None) for the whole file to decide."""
    stated = {piece.dtype for piece in pieces} - {pl.Null()}
    if not stated:
        return pl.concat([piece.cast(pl.String) for piece in pieces]), None
    if stated == {pl.Date(), pl.Datetime("us")}:
        stated = {pl.Datetime("us")}
    if len(stated) > 1:
        return pl.concat([_text(piece) for piece in pieces]), None
    [dtype] = stated
    whole = pl.concat([piece.cast(dtype) for piece in pieces])
    if dtype == pl.Float64() and whole.is_finite().all() and (whole.abs().max() or 0.0) < _LARGEST_WHOLE:  # type: ignore[operator]
        return (whole.cast(pl.Int64), "integer") if (whole == whole.floor()).all() else (whole, "decimal")
    return whole, _DTYPES.get(type(dtype))


_DTYPES: dict[type, Dtype] = {
    pl.Float64: "decimal",
    pl.Boolean: "boolean",
    pl.Date: "date",
    pl.Datetime: "datetime",
}


def _text(piece: pl.Series) -> pl.Series:
    if piece.dtype in (pl.String(), pl.Null()):
        return piece.cast(pl.String)
    return pl.Series([None if cell is None else render(cell) for cell in piece.to_list()], dtype=pl.String)
