"""Profile: what is in every column, and what looks wrong with it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.services import suspicions
from analysis.services.answer import Answer, receipt
from tabular.engines.local import Table
from tabular.engines.profiles import Days, Numbers
from tabular.engines.source import heavy
from tabular.schema import Column
from tabular.values import to_json

TOP_VALUES = 20
LONGEST_GAPS = 10


@dataclass(frozen=True, slots=True)
class Params:
    """A profile asks nothing."""

    @classmethod
    def parse(cls, data: Mapping[str, Any], columns: Sequence[Column], roles: Mapping[str, Any]) -> "Params":
        return cls()

    def canonical(self) -> dict[str, Any]:
        return {}


def run(table: Table, params: Params, labels: Mapping[str, str] | None = None) -> Answer:
    """Per column ``name, dtype, role, missing_count, missing_rate, unique_count, statistics, issues``; table issues.

    Numbers: mean, median, std (ddof 1), min, max, q1, q3 (linear interpolation). Text and booleans: ``value_counts``
    of the 20 most frequent. Dates: min, max, the usual step in days, and gaps longer than it.
    """
    with heavy:
        numbers = table.numbers([column.name for column in table.columns if column.numeric])
        columns = [_column(table, column, numbers) for column in table.columns]
        # A column without two equal cells leaves no two rows equal.
        telling = any(one["unique_count"] == len(table) for one in columns)
        repeated = 0 if telling or not columns else table.duplicate_rows()
    result = {"rows": len(table), "columns": columns, "issues": suspicions.of_table(len(table), repeated)}
    return Answer(result, receipt(len(table), len(table), ddof=1))


def _column(table: Table, column: Column, numbers: Iterator[Numbers]) -> dict[str, Any]:
    found = _numbers(column, next(numbers)) if column.numeric else _OTHERS[column.dtype](table, column)
    missing, unique, statistics, issues = found
    return {
        **column.to_dict(),
        "missing_count": missing,
        "missing_rate": missing / len(table) if len(table) else 0.0,
        "unique_count": unique,
        "statistics": statistics,
        "issues": suspicions.of_cells(column, len(table), missing, unique) + issues,
    }


_Found = tuple[int, int, dict[str, Any], list[dict[str, Any]]]


def _numbers(column: Column, found: Numbers) -> _Found:
    none = dict.fromkeys(("mean", "median", "std", "min", "max", "q1", "q3"))
    if not found.count:
        return found.missing, 0, none, []
    q1, median, q3 = (found.quantile(share) for share in (0.25, 0.5, 0.75))
    low, high = found.distinct[0].item(), found.distinct[-1].item()
    statistics = {"mean": found.mean, "median": median, "std": found.std, "min": low, "max": high}
    issues = suspicions.of_numbers(column, found, q1, q3)
    return found.missing, len(found.distinct), statistics | {"q1": q1, "q3": q3}, issues


def _texts(table: Table, column: Column) -> _Found:
    found = table.texts(column.name)
    counts = {_key(value): rows for value, rows in found.top(TOP_VALUES).items()}
    issues = suspicions.of_texts(found) if column.dtype == "text" else []
    return found.missing, len(found.counted), {"value_counts": counts}, issues


def _key(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else value


def _days(table: Table, column: Column) -> _Found:
    found = table.calendar(column.name)
    usual = int(pd.Series(found.steps).median()) if len(found.steps) else None
    statistics = {"min": to_json(found.low), "max": to_json(found.high), "distinct_days": len(found.days)}
    gaps = _gaps(found, usual or 1)
    statistics |= {"usual_step_days": usual, "gap_count": len(gaps), "gaps": gaps[:LONGEST_GAPS]}
    return found.missing, found.unique, statistics, []


def _gaps(found: Days, usual: int) -> list[dict[str, Any]]:
    """Steps of more than one and a half times the usual one, the longest first: the days around, the days between."""
    wide = [(int(found.steps[place]), int(place)) for place in np.flatnonzero(found.steps > 1.5 * usual)]
    wide.sort(key=lambda gap: (-gap[0], gap[1]))
    return [
        {
            "after": found.days[place].isoformat(),
            "before": found.days[place + 1].isoformat(),
            "days": step - 1,
        }
        for step, place in wide
    ]


_OTHERS: dict[str, Callable[[Table, Column], _Found]] = {
    "text": _texts,
    "boolean": _texts,
    "date": _days,
    "datetime": _days,
}


def frame(result: Mapping[str, Any]) -> pd.DataFrame:
    """One row per column: its counts, its statistics, and the reasons of its issues. Days have columns of their own
    (``earliest``, ``latest``), so that ``min`` and ``max`` are numbers in every format."""
    counts = ["name", "dtype", "role", "missing_count", "missing_rate", "unique_count"]
    numbers, days = ["mean", "median", "std", "min", "max", "q1", "q3"], {"earliest": "min", "latest": "max"}
    rows = []
    for one in result["columns"]:
        found = one["statistics"]
        of_days = one["dtype"] in ("date", "datetime")
        figures = {key: None if of_days else found.get(key) for key in numbers}
        figures |= {head: found.get(key) if of_days else None for head, key in days.items()}
        issues = ", ".join(issue["reason"] for issue in one["issues"])
        rows.append({key: one[key] for key in counts} | figures | {"issues": issues})
    return pd.DataFrame(rows, columns=[*counts, *numbers, *days, "issues"])
