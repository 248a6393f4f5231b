"""The query model: frozen values that say what is asked of a table, whatever engine answers.

Every value is made from URL text (``from_text``) or JSON (``from_dict``), goes back by ``to_dict``
(``from_dict(x.to_dict()) == x``), and is made ready for an engine by ``checked(columns)``: names exist, operators are
known, values have the column's type. A checked value survives the same trip:
``from_dict(y.to_dict()).checked(columns) == y``.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from tabular.errors import TableError, gettext_noop
from tabular.schema import Column
from tabular.values import Scalar, ValueNotOfType, to_json, typed

Every = Literal["day", "week", "month"]
Method = Literal["sum", "mean", "count"]

# operator -> how many values it takes
OPERATORS: dict[str, Literal["none", "one", "pair", "list"]] = {
    "eq": "one",
    "ne": "one",
    "gt": "one",
    "gte": "one",
    "lt": "one",
    "lte": "one",
    "contains": "one",
    "in": "list",
    "notin": "list",
    "startswith": "one",
    "endswith": "one",
    "between": "pair",
    "isnull": "none",
    "notnull": "none",
}
# Operators that look at a cell as text, whatever the column's type.
TEXTUAL = frozenset({"contains", "startswith", "endswith"})
MAX_FILTERS = 100
MAX_SORTS = 20
MAX_PAGE_SIZE = 100


class UnknownColumn(TableError):
    reason = "column_not_found"
    message = gettext_noop("There is no column %(column)s. The columns are: %(columns)s.")


class UnknownOperator(TableError):
    reason = "unknown_operator"
    message = gettext_noop("There is no operator %(operator)s. The operators are: %(operators)s.")


class InvalidFilter(TableError):
    reason = "invalid_filter"
    message = gettext_noop(
        'The filter %(filter)s can\'t be read. Write column,operator,value or {"col": …, "op": …, "val": …}.'
    )


class TooManyFilters(TableError):
    reason = "too_many_filters"
    message = gettext_noop("%(count)s filters are too many; the limit is %(limit)s.")


class InvalidSort(TableError):
    reason = "invalid_sort"
    message = gettext_noop(
        'The sort %(sort)s can\'t be read. Write a,-b or [{"col": …, "desc": true}], at most %(limit)s columns.'
    )


class InvalidColumns(TableError):
    reason = "invalid_columns"
    message = gettext_noop('The columns %(columns)s can\'t be read. Write a,b or ["a", "b"].')


class InvalidPage(TableError):
    reason = "invalid_page"
    message = gettext_noop("%(parameter)s must be a whole number from %(minimum)s to %(maximum)s.")


def find_column(name: str, columns: Sequence[Column]) -> Column:
    """The column of that name, or ``UnknownColumn`` that lists what exists."""
    for column in columns:
        if column.name == name:
            return column
    raise UnknownColumn(column=name, columns=[column.name for column in columns])


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on one column. ``value``: a scalar; a tuple for in, notin, between; None for isnull, notnull."""

    column: str
    op: str
    value: Scalar | tuple[Scalar, ...] | None = None

    @classmethod
    def from_text(cls, text: str) -> "Filter":
        """``col,op,val`` split at most twice, so that a value may hold commas; or the JSON form."""
        if text.startswith("{") and (data := _json(text)) is not None:
            return cls.from_dict(data, shown=text)
        column, _, rest = text.partition(",")
        op, comma, value = rest.partition(",")
        if not column or not op:
            raise InvalidFilter(filter=text[:200])
        takes = _takes(op)
        if takes == "none":
            return cls._made(column, op, value or None, text)
        if not comma:
            raise InvalidFilter(filter=text[:200])
        return cls._made(column, op, value if takes == "one" else value.split("|"), text)

    @classmethod
    def from_dict(cls, data: Any, shown: str | None = None) -> "Filter":
        """``{"col": …, "op": …, "val": …}``; ``shown``: how an error repeats it."""
        shown = str(data) if shown is None else shown
        if not isinstance(data, Mapping) or not isinstance(data.get("col"), str) or not isinstance(data.get("op"), str):
            raise InvalidFilter(filter=shown[:200])
        return cls._made(data["col"], data["op"], data.get("val"), shown)

    @classmethod
    def _made(cls, column: str, op: str, value: Any, shown: str) -> "Filter":
        takes = _takes(op)
        if takes in ("pair", "list"):
            fits = isinstance(value, list | tuple) and all(map(_scalar, value)) and (takes == "list" or len(value) == 2)
            value = tuple(value) if fits else value
        else:
            fits = value is None if takes == "none" else _scalar(value)
        if not fits:
            raise InvalidFilter(filter=shown[:200])
        return cls(column, op, value)

    def to_dict(self) -> dict[str, Any]:
        value = [to_json(one) for one in self.value] if isinstance(self.value, tuple) else to_json(self.value)
        return {"col": self.column, "op": self.op} | ({} if value is None else {"val": value})

    def checked(self, columns: Sequence[Column]) -> "Filter":
        """The same condition with values of the column's type."""
        column = find_column(self.column, columns)
        if _takes(self.op) == "none":
            return self
        if self.op in TEXTUAL:
            if not isinstance(self.value, str):
                raise ValueNotOfType(column=column.name, dtype="text", value=str(self.value)[:200])
            return replace(self, value=typed(self.value, "text", column.name))
        if isinstance(self.value, tuple):
            return replace(self, value=tuple(typed(one, column.dtype, column.name) for one in self.value))
        return replace(self, value=typed(self.value, column.dtype, column.name))


def _takes(op: str) -> str:
    if op not in OPERATORS:
        raise UnknownOperator(operator=op[:100], operators=list(OPERATORS))
    return OPERATORS[op]


def _scalar(value: Any) -> bool:
    return value is not None and not isinstance(value, list | tuple | Mapping)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def parse_filters(texts: Iterable[str], columns: Sequence[Column]) -> tuple[Filter, ...]:
    """Every ``f=`` of a URL, checked."""
    texts = list(texts)
    if len(texts) > MAX_FILTERS:
        raise TooManyFilters(count=len(texts), limit=MAX_FILTERS)
    return tuple(Filter.from_text(text).checked(columns) for text in texts)


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort key. Sorting is stable, nulls come last in both directions."""

    column: str
    descending: bool = False

    @classmethod
    def from_dict(cls, data: Any) -> "Sort":
        """``{"col": …, "desc": true}``."""
        if (
            not isinstance(data, Mapping)
            or not isinstance(data.get("col"), str)
            or not isinstance(data.get("desc", False), bool)
        ):
            raise InvalidSort(sort=str(data)[:200], limit=MAX_SORTS)
        return cls(data["col"], data.get("desc", False))

    def to_dict(self) -> dict[str, Any]:
        return {"col": self.column, "desc": self.descending}

    def checked(self, columns: Sequence[Column]) -> "Sort":
        find_column(self.column, columns)
        return self


def parse_sort(text: str | None, columns: Sequence[Column]) -> tuple[Sort, ...]:
    """``a,-b`` or ``[{"col": "-x", "desc": true}]``; a column named twice counts once, where it stands first."""
    if not text:
        return ()
    data = _json(text) if text.startswith("[") else None
    if isinstance(data, list):
        sorts = [Sort.from_dict(one) for one in data]
    else:
        sorts = [Sort(key.removeprefix("-"), key.startswith("-")) for key in text.split(",")]
    if len(sorts) > MAX_SORTS:
        raise InvalidSort(sort=text[:200], limit=MAX_SORTS)
    first = {one.column: one for one in reversed(sorts)}
    return tuple(one.checked(columns) for one in sorts if first[one.column] is one)


def parse_columns(text: str | None, columns: Sequence[Column]) -> tuple[str, ...]:
    """``a,b`` or ``["a,b"]`` in the asked order, each once; nothing asked: every column."""
    if not text:
        return tuple(column.name for column in columns)
    data = _json(text) if text.startswith("[") else None
    names = data if isinstance(data, list) else text.split(",")
    if not names or not all(isinstance(name, str) for name in names):
        raise InvalidColumns(columns=text[:200])
    return tuple(dict.fromkeys(find_column(name, columns).name for name in names))


@dataclass(frozen=True, slots=True)
class Page:
    """Page ``number`` (from 1) of ``size`` rows (1-100)."""

    number: int = 1
    size: int = 50

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 10**15:
            raise InvalidPage(parameter="page", minimum=1, maximum=10**15)
        if not 1 <= self.size <= MAX_PAGE_SIZE:
            raise InvalidPage(parameter="page_size", minimum=1, maximum=MAX_PAGE_SIZE)

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    @classmethod
    def from_text(cls, number: str | None = None, size: str | None = None) -> "Page":
        return cls(_whole(number, "page", 1, 10**15), _whole(size, "page_size", 50, MAX_PAGE_SIZE))

    def to_dict(self) -> dict[str, int]:
        return {"page": self.number, "page_size": self.size}

    @classmethod
    def from_dict(cls, data: Mapping[str, int]) -> "Page":
        return cls(data.get("page", 1), data.get("page_size", 50))


def _whole(text: str | None, parameter: str, default: int, maximum: int) -> int:
    if text is None or text == "":
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 16):
        raise InvalidPage(parameter=parameter, minimum=1, maximum=maximum)
    return int(text)


@dataclass(frozen=True, slots=True)
class RowsQuery:
    """Which rows, in which order, which columns of them; ``page`` None means all of them."""

    columns: tuple[str, ...]
    filters: tuple[Filter, ...] = ()
    sort: tuple[Sort, ...] = ()
    page: Page | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "columns": list(self.columns),
            "filters": [one.to_dict() for one in self.filters],
            "sort": [one.to_dict() for one in self.sort],
            "page": self.page.to_dict() if self.page else None,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "RowsQuery":
        return cls(
            tuple(data["columns"]),
            tuple(Filter.from_dict(one) for one in data.get("filters", ())),
            tuple(Sort.from_dict(one) for one in data.get("sort", ())),
            Page.from_dict(data["page"]) if data.get("page") else None,
        )

    def checked(self, columns: Sequence[Column]) -> "RowsQuery":
        return replace(
            self,
            columns=tuple(find_column(name, columns).name for name in self.columns),
            filters=tuple(one.checked(columns) for one in self.filters),
            sort=tuple(one.checked(columns) for one in self.sort),
        )


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One number per group: ``sum`` or ``mean`` of a column's values, or their ``count`` (of rows without a column)."""

    column: str | None
    method: Method

    def to_dict(self) -> dict[str, Any]:
        return {"column": self.column, "method": self.method}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Aggregate":
        return cls(data["column"], data["method"])


@dataclass(frozen=True, slots=True)
class Bucket:
    """Rows grouped by the calendar period of a date column; weeks end on Sunday."""

    column: str
    every: Every

    def to_dict(self) -> dict[str, Any]:
        return {"column": self.column, "every": self.every}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Bucket":
        return cls(data["column"], data["every"])
