"""Which rows a question is about: a store, a range of days; as filters, and as warnings when nothing is left."""

from datetime import date, datetime, time, timedelta
from typing import Any

from tabular.engines.local import Table
from tabular.errors import notice
from tabular.query import Filter
from tabular.schema import Column
from tabular.values import ValueNotOfType


def store_filter(table: Table, store: str | None, store_column: str | None) -> list[Filter]:
    """Rows of one store; a store that can't be a value of its column matches nothing."""
    if store is None or store_column is None:
        return []
    try:
        return [Filter(store_column, "eq", store).checked(table.columns)]
    except ValueNotOfType:
        return [Filter(store_column, "in", ())]


def day_filters(column: Column, start: date | None, end: date | None) -> list[Filter]:
    """Rows from one day to another, both included, whatever the time of day."""
    made = []
    if start:
        made.append(Filter(column.name, "gte", _first(start, column)))
    if end and column.dtype == "date":
        made.append(Filter(column.name, "lte", end))
    elif end and end < date.max:
        made.append(Filter(column.name, "lt", _first(end + timedelta(days=1), column)))
    return made


def _first(day: date, column: Column) -> date | datetime:
    return day if column.dtype == "date" else datetime.combine(day, time())


def why_empty(table: Table, store: str | None, store_column: str | None) -> dict[str, Any]:
    """The warning of an answer without rows."""
    if store is not None and store_column is not None and not table.count(store_filter(table, store, store_column)):
        return notice("store_never_occurs", store=store, store_column=store_column)
    return notice("no_rows_match")
