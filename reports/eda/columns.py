"""What is known of each column: the profile, and how its values are distributed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from analysis.services import profile
from analysis.services.timeseries import filled
from reports.eda.observing import FEW_VALUES, Observed
from tabular.engines.local import Table
from tabular.query import Aggregate, Bucket, Every
from tabular.schema import Column

MOST_DATES = 20  # date columns whose distribution over time is counted
MOST_DAYS = 366 * 300  # beyond that the dates are wrong rather than old
MOST_PERIODS = 120  # of longer columns several periods make one bar: ``step`` of them


def columns(table: Table, known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """``{rows, columns, issues}`` as a profile gives them; each column with ``distribution`` and ``outliers`` as well.

    ``known``: the profile, where it was made before.
    """
    observed = Observed(table)
    found = known or profile.run(observed, profile.Params()).result
    observed.complete()
    dates = [column.name for column in table.columns if column.dtype in ("date", "datetime")][:MOST_DATES]
    made = []
    for column, one in zip(table.columns, found["columns"], strict=True):
        seen = observed.seen.get(column.name, {})
        distribution = seen.get("distribution") or _counted(one, found["rows"])
        if column.name in dates:
            distribution = _over_time(table, column)
        statistics = dict(one["statistics"]) | seen.get("statistics", {})
        made.append({**one, "statistics": statistics, "distribution": distribution, "outliers": seen.get("outliers")})
    return {"rows": found["rows"], "columns": made, "issues": found["issues"]}


def _counted(one: Mapping[str, Any], rows: int) -> dict[str, Any] | None:
    """The most frequent texts; ``other``: the cells that hold none of them."""
    counts = one["statistics"].get("value_counts")
    if not counts:
        return None
    top = list(counts.items())[:FEW_VALUES]
    shown = [count for _value, count in top]
    other = rows - one["missing_count"] - sum(shown)
    return {"kind": "values", "values": [value for value, _count in top], "counts": shown, "other": other}


def _over_time(table: Table, column: Column) -> dict[str, Any] | None:
    """Rows per day, week or month, whichever gives a picture that can be read."""
    days = table.days(column.name)
    if days is None:
        return None
    if (days[1] - days[0]).days > MOST_DAYS:
        return None
    every = grain(*days)
    spans, counts = filled(table.buckets(Bucket(column.name, every), Aggregate(None, "count")).frame, every, "count")
    step = -(-len(spans) // MOST_PERIODS)
    places = range(0, len(spans), step)
    return {
        "kind": "dates",
        "every": every,
        "step": step,
        "periods": [spans[place].start.isoformat() for place in places],
        "counts": [int(counts[place : place + step].sum()) for place in places],
    }


def grain(first: date, last: date) -> Every:
    """Days up to about three months, weeks up to two years, else months."""
    span = (last - first).days
    return "day" if span <= 92 else "week" if span <= 730 else "month"
