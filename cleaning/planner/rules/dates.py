"""Dates become the parts that vary for certain, as far as the profile proves it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cleaning.planner.rules import why
from cleaning.planner.rules.draft import Draft
from cleaning.planner.rules.reading import Seen

PASSING_A_MONTH = 334  # days: a shorter step from one year into another does not come back into the same month
CYCLES = {"month": range(1, 13), "weekday": range(7), "hour": range(24)}
ROWS_EACH = 10
MONTHLY = 28  # days between dates from which on the day of the month says nothing


def split(draft: Draft, columns: Sequence[Seen]) -> list[list[Seen]]:
    """Replaces dates by their parts, alike ones in one step; gives those parts of each date that are numbers to compute
    with. A date whose parts are there already, or are too many, goes without any."""
    together: dict[tuple[str, ...], list[Seen]] = defaultdict(list)
    for column in columns:
        made = tuple(parts(column))
        claimed = made and draft.claim([_name(column, part) for part in made], instead_of=column.name)
        together[made if claimed else ()].append(column)
    partless = [column.name for column in together.pop((), [])]
    if partless:
        draft.add("drop_columns", why.DROPPED["date_without_parts"], columns=partless)
        draft.remove(partless)
    for made, alike in together.items():
        draft.add("split_date", why.SPLIT, columns=[column.name for column in alike], parts=list(made), keep=False)
    rounds = [_name(one, part) for made, alike in together.items() for one in alike for part in made
              if _goes_round(draft, one, part)]  # fmt: skip
    if rounds:
        draft.add("one_hot", why.ROUND, columns=rounds)
    measured = [[_part(one, part) for part in made] for made, alike in together.items() for one in alike]
    return [[part for part in date if part.name not in rounds] for date in measured]


def _goes_round(draft: Draft, column: Seen, part: str) -> bool:
    """Whether the part becomes a column for each of its values: those of a cycle, with rows enough to learn from. A
    missing date is 0 in all of them."""
    values = CYCLES.get(part, range(0))
    if not values or column.present < ROWS_EACH * len(values):
        return False
    name = _name(column, part)
    return draft.claim([f"{name}_{value}" for value in values], instead_of=name)


def _name(column: Seen, part: str) -> str:
    return f"{column.name}_{part}"


def _part(column: Seen, part: str) -> Seen:
    return replace(column, name=_name(column, part), dtype="integer", role=None, statistics={}, issues={})


def parts(column: Seen) -> list[str]:
    """Of year, month, day, weekday and hour, those that are sure to have two values at least; the hour of several days
    only seems to, where days have several times."""
    low, high = (datetime.fromisoformat(str(one)) for one in (column.low, column.high))
    days = int(column.statistics.get("distinct_days") or 1)
    found = []
    if low.year != high.year:
        found.append("year")
    if _months_vary(column, low, high):
        found.append("month")
    if _days_vary(low, high, days) and _usual_step(column) < MONTHLY:
        found.append("day")
    if days > (high.date() - low.date()).days // 7 + 1:
        found.append("weekday")
    if column.distinct > days and (low.date(), low.hour) != (high.date(), high.hour):
        found.append("hour")
    return found


def _months_vary(column: Seen, low: datetime, high: datetime) -> bool:
    if low.year == high.year:
        return low.month != high.month
    return _longest_step(column) < PASSING_A_MONTH


def _usual_step(column: Seen) -> int:
    return int(column.statistics.get("usual_step_days") or 1)


def _longest_step(column: Seen) -> float:
    """In days; at most that, where there are no gaps."""
    gaps = column.statistics.get("gaps") or []
    return float(gaps[0]["days"]) + 1 if gaps else 1.5 * _usual_step(column)


def _days_vary(low: datetime, high: datetime, days: int) -> bool:
    """A day of the month comes once in every month at most."""
    return days > 12 * (high.year - low.year) + high.month - low.month + 1
