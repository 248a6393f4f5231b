"""One value of one column: read from URL text or JSON as the column's type, and written back as JSON."""

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from tabular.errors import TableError, gettext_noop

Scalar = str | int | float | bool | date | datetime

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATETIME = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?)?", re.ASCII
)
_NUMBER = re.compile(r"[+-]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,4})?", re.ASCII)


class ValueNotOfType(TableError):
    reason = "value_not_of_type"
    message = gettext_noop("%(value)s is not a value of the %(dtype)s column %(column)s.")


def typed(value: Any, dtype: str, column: str = "") -> Scalar:
    """``value`` as a column of ``dtype`` holds it; text is read, JSON's own types are taken as they are.

    A number stays exact: an ``int`` when it is whole, else the nearest double.
    """
    made = _READ[dtype](value)
    if made is None:
        raise ValueNotOfType(column=column, dtype=dtype, value=_shown(value))
    return made


def _shown(value: Any) -> Any:
    return to_json(value) if value is None or isinstance(value, int | float | date) else str(value)[:200]


def to_json(value: Any) -> Any:
    """A value as JSON carries it: ISO dates, ``Z`` for UTC, no NaN and no infinity."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _text(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    try:
        value.encode()
    except UnicodeEncodeError:  # a lone surrogate is in no file
        return None
    return value


def _number(value: Any) -> int | float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = value.strip()
        if not _NUMBER.fullmatch(text):
            return None
        try:
            exact = Decimal(text)
        except InvalidOperation:
            return None
        if exact == exact.to_integral_value() and abs(exact) < 10**400:
            return int(exact)
        value = float(exact)
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() else value
    return value if isinstance(value, int) and abs(value) < 10**400 else None


def _boolean(value: Any) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def _date(value: Any) -> date | None:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _datetime(value: Any) -> datetime | None:
    """With an offset: the instant in UTC. Without: the wall clock as it stands."""
    if isinstance(value, str) and _DATETIME.fullmatch(value):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    if value.tzinfo is None:
        return value
    try:
        return value.astimezone(UTC)
    except OverflowError:
        return None


_READ: dict[str, Callable[[Any], Scalar | None]] = {
    "integer": _number,
    "decimal": _number,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "text": _text,
}
