"""Calendar periods as whole numbers: consecutive periods have consecutive numbers, weeks run Monday to Sunday."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from tabular.errors import TableError, gettext_noop
from tabular.query import Every

MAX_PERIODS = 100_000
_NAMED = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(\d{2})(?:-(\d{2}))?))?", re.ASCII)


class TooManyPeriods(TableError):
    reason = "too_many_periods"
    message = gettext_noop(
        "From %(start)s to %(end)s there are %(count)s periods; the limit is %(limit)s. Ask for a date range."
    )


class InvalidPeriod(TableError):
    reason = "invalid_period"
    message = gettext_noop("%(period)s is no period. Write 2024, 2024-Q1, 2024-01 or 2024-01-05.")


class Span(NamedTuple):
    """First and last day, both included."""

    start: date
    end: date


def number(day: date, every: Every) -> int:
    """Which period a day lies in."""
    if every == "day":
        return day.toordinal()
    if every == "week":
        return (day.toordinal() - 1) // 7  # 0001-01-01 is a Monday
    return day.year * 12 + day.month - 1


def span(period: int, every: Every) -> Span:
    """The days of a period; the calendar's last week ends with the calendar."""
    if every == "day":
        return Span(date.fromordinal(period), date.fromordinal(period))
    if every == "week":
        first = period * 7 + 1
        return Span(date.fromordinal(first), date.fromordinal(min(first + 6, date.max.toordinal())))
    year, month = divmod(period, 12)
    return Span(date(year, month + 1, 1), _month_end(year, month + 1))


def _month_end(year: int, month: int) -> date:
    return date(year, 12, 31) if month == 12 else date(year, month + 1, 1) - timedelta(days=1)


def between(first: date, last: date, every: Every) -> range:
    """Every period from the one of ``first`` to the one of ``last``, the empty ones included."""
    found = range(number(first, every), number(last, every) + 1)
    if len(found) > MAX_PERIODS:
        raise TooManyPeriods(start=first.isoformat(), end=last.isoformat(), count=len(found), limit=MAX_PERIODS)
    return found


def complete(period: Span, data: Span, start: date | None = None, end: date | None = None) -> bool:
    """Whether the data, and the asked range, reach over both ends of the period. A day is the finest grain."""
    first = max(data.start, start) if start else data.start
    last = min(data.end, end) if end else data.end
    return first <= period.start and period.end <= last


def named(period: str) -> Span:
    """The days of ``2024``, ``2024-Q1``, ``2024-01`` or ``2024-01-05``."""
    match = _NAMED.fullmatch(period)
    try:
        if match:
            return _span_of(*(int(part) if part else None for part in match.groups()))
    except ValueError:
        pass
    raise InvalidPeriod(period=period[:100])


def _span_of(year: int | None, quarter: int | None, month: int | None, day: int | None) -> Span:
    assert year is not None
    if day is not None and month is not None:
        return Span(date(year, month, day), date(year, month, day))
    if month is not None:
        return Span(date(year, month, 1), _month_end(year, month))
    if quarter is not None:
        return Span(date(year, quarter * 3 - 2, 1), _month_end(year, quarter * 3))
    return Span(date(year, 1, 1), date(year, 12, 31))
