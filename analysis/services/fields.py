"""Reads the fields of a question from JSON: exact types, clear refusals, and columns that exist."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tabular.errors import TableError, gettext_noop
from tabular.query import find_column
from tabular.schema import Column

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class MissingField(TableError):
    reason = "missing_field"
    message = gettext_noop("%(field)s is required.")


class TextExpected(TableError):
    reason = "text_expected"
    message = gettext_noop("%(field)s must be text.")


class ListExpected(TableError):
    reason = "list_expected"
    message = gettext_noop("%(field)s must be a list of column names.")


class NumberOutOfRange(TableError):
    reason = "number_out_of_range"
    message = gettext_noop("%(field)s must be a whole number from %(minimum)s to %(maximum)s.")


class InvalidChoice(TableError):
    reason = "invalid_choice"
    message = gettext_noop("%(field)s can't be %(value)s. Choose one of: %(choices)s.")


class InvalidDate(TableError):
    reason = "invalid_date"
    message = gettext_noop("%(field)s must hold dates like 2024-01-31; %(value)s is none.")


class InvalidDateRange(TableError):
    reason = "invalid_date_range"
    message = gettext_noop("%(field)s must be a list of two dates, either of which may be null.")


class DateRangeReversed(TableError):
    reason = "date_range_reversed"
    message = gettext_noop("The date range ends on %(end)s, before it starts on %(start)s.")


class ColumnNotNumeric(TableError):
    reason = "column_not_numeric"
    message = gettext_noop("%(column)s holds %(dtype)s, not numbers. The numeric columns are: %(columns)s.")


class ColumnNotDate(TableError):
    reason = "column_not_date"
    message = gettext_noop("%(column)s holds %(dtype)s, not dates. The date columns are: %(columns)s.")


class DateColumnNotFound(TableError):
    reason = "date_column_not_found"
    message = gettext_noop("No date column was found. The columns are: %(columns)s.")


class StoreColumnNotFound(TableError):
    reason = "store_column_not_found"
    message = gettext_noop("No store column was found. The columns are: %(columns)s.")


class Fields:
    """A question's fields beside the table's columns and their roles; null and absent mean the same."""

    def __init__(self, data: Mapping[str, Any], columns: Sequence[Column], roles: Mapping[str, Any]) -> None:
        self.data, self.columns, self.roles = data, columns, roles

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def text(self, field: str) -> str | None:
        value = self.data.get(field)
        if value is not None and not isinstance(value, str):
            raise TextExpected(field=field)
        return value

    def choice(self, field: str, choices: Sequence[str], default: str) -> str:
        value = self.text(field)
        if value is None:
            return default
        if value not in choices:
            raise InvalidChoice(field=field, value=value[:100], choices=list(choices))
        return value

    def whole(self, field: str, minimum: int, maximum: int, default: int | None) -> int | None:
        value = self.data.get(field)
        if value is None:
            return default
        if isinstance(value, float) and value.is_integer():  # 20.0 is a whole number in JSON
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not minimum <= value <= maximum:
            raise NumberOutOfRange(field=field, minimum=minimum, maximum=maximum)
        return value

    def column(self, field: str) -> Column | None:
        name = self.text(field)
        return None if name is None else find_column(name, self.columns)

    def some_columns(self, field: str) -> tuple[Column, ...] | None:
        """A list of column names, or one text of them with commas; each once, in the asked order."""
        value = self.data.get(field)
        if value is None:
            return None
        if isinstance(value, str):
            value = value.split(",")
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
            raise ListExpected(field=field)
        return tuple(find_column(name, self.columns) for name in dict.fromkeys(value))

    def numeric(self, column: Column) -> Column:
        if not column.numeric:
            known = [one.name for one in self.columns if one.numeric]
            raise ColumnNotNumeric(column=column.name, dtype=column.dtype, columns=known)
        return column

    def required(self, field: str) -> Column:
        column = self.column(field)
        if column is None:
            raise MissingField(field=field)
        return column

    def role(self, role: str) -> Column | None:
        """The column that plays a role, if the table still has it."""
        name = self.roles.get(role)
        return next((column for column in self.columns if column.name == name), None)

    def measures(self) -> list[Column]:
        wanted = set(self.roles.get("measures") or ())
        return [column for column in self.columns if column.name in wanted and column.numeric]

    def dated(self, field: str = "date_column") -> Column:
        """The date column that is named, or the one that plays the role."""
        column = self.column(field) or self.role("date")
        if column is None:
            raise DateColumnNotFound(columns=self.names)
        if column.dtype not in ("date", "datetime"):
            known = [one.name for one in self.columns if one.dtype in ("date", "datetime")]
            raise ColumnNotDate(column=column.name, dtype=column.dtype, columns=known)
        return column

    def store(self) -> tuple[str | None, str | None]:
        """``(store, store_column)``: both, or neither when no store is asked for."""
        store, column = self.text("store"), self.column("store_column") or self.role("store")
        if store is None:
            return None, None
        if column is None:
            raise StoreColumnNotFound(columns=self.names)
        return store, column.name

    def date_range(self, field: str = "date_range") -> tuple[str | None, str | None]:
        value = self.data.get(field)
        if value is None:
            return None, None
        if not isinstance(value, list | tuple) or len(value) != 2:
            raise InvalidDateRange(field=field)
        start, end = (None if one is None else _day(one, field) for one in value)
        if start and end and start > end:
            raise DateRangeReversed(start=start.isoformat(), end=end.isoformat())
        return start.isoformat() if start else None, end.isoformat() if end else None


def _day(value: Any, field: str) -> date:
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise InvalidDate(field=field, value=str(value)[:100])
