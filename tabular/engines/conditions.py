"""Checked filters as Polars expressions: typed, literal, and never true of a null."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import reduce
from operator import and_
from typing import Any

import polars as pl

from tabular.named import named
from tabular.query import TEXTUAL, Filter, find_column
from tabular.schema import Column
from tabular.values import ValueNotOfType, to_json

_INT64 = range(-(2**63), 2**63)


def condition(filters: Sequence[Filter], columns: Sequence[Column], schema: pl.Schema) -> pl.Expr | None:
    """One expression for all filters, None for no filter. The filters are checked already."""
    parts = [_one(one, find_column(one.column, columns), schema[one.column]) for one in filters]
    return reduce(and_, parts) if parts else None


def present(column: Column) -> pl.Expr:
    """The column with NaN as the null that people see."""
    expression = named(column.name)
    return expression.fill_nan(None) if column.dtype == "decimal" else expression


def as_text(column: Column, dtype: pl.DataType) -> pl.Expr:
    """Cells as the rows show them."""
    if column.dtype == "datetime":
        zone = "Z" if getattr(dtype, "time_zone", None) else ""
        return named(column.name).dt.strftime(f"%Y-%m-%dT%H:%M:%S{zone}")
    return present(column).cast(pl.String)


def _one(asked: Filter, column: Column, dtype: pl.DataType) -> pl.Expr:
    if asked.op in TEXTUAL:
        return _TEXT[asked.op](as_text(column, dtype), str(asked.value))
    cell = present(column)
    if asked.op in _BARE:
        return _BARE[asked.op](cell)
    if asked.op in ("in", "notin"):
        found = _member(cell, asked.value or (), column, dtype)  # type: ignore[arg-type]
        return found if asked.op == "in" else cell.is_not_null() & ~found
    if asked.op == "between":
        low, high = (_literal(value, column, dtype) for value in asked.value)  # type: ignore[union-attr]
        return (cell >= low) & (cell <= high)
    return _COMPARE[asked.op](cell, _literal(asked.value, column, dtype))


def _literal(value: Any, column: Column, dtype: pl.DataType) -> pl.Expr:
    if column.numeric:
        # A whole number is compared as one, exactly; beyond 64 bits a double says the same of every cell.
        whole = isinstance(value, int) and value in _INT64 and column.dtype == "integer"
        return pl.lit(value, dtype=pl.Int64) if whole else pl.lit(_double(value), dtype=pl.Float64)
    return pl.lit(_moment(value, column, dtype), dtype=dtype)


def _double(value: int | float) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _moment(value: Any, column: Column, dtype: pl.DataType) -> Any:
    """A datetime in the column's terms: naive cells know no offset, cells with one read a bare time as UTC."""
    if not isinstance(value, datetime):
        return value
    if getattr(dtype, "time_zone", None):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if value.tzinfo:
        raise ValueNotOfType(column=column.name, dtype="datetime", value=to_json(value))
    return value


def _member(cell: pl.Expr, values: Sequence[Any], column: Column, dtype: pl.DataType) -> pl.Expr:
    if column.dtype == "integer":
        values = [value for value in values if isinstance(value, int) and value in _INT64]
    elif column.dtype == "decimal":
        values = [_double(value) for value in values]
    else:
        values = [_moment(value, column, dtype) for value in values]
    return cell.is_in(pl.Series(values, dtype=dtype).implode())


_BARE: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "isnull": lambda cell: cell.is_null(),
    "notnull": lambda cell: cell.is_not_null(),
}
_COMPARE: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "eq": lambda cell, value: cell == value,
    "ne": lambda cell, value: cell != value,
    "gt": lambda cell, value: cell > value,
    "gte": lambda cell, value: cell >= value,
    "lt": lambda cell, value: cell < value,
    "lte": lambda cell, value: cell <= value,
}
_TEXT: dict[str, Callable[[pl.Expr, str], pl.Expr]] = {
    "contains": lambda cell, value: cell.str.to_lowercase().str.contains(value.lower(), literal=True),
    "startswith": lambda cell, value: cell.str.starts_with(value),
    "endswith": lambda cell, value: cell.str.ends_with(value),
}
