"""What a language model is shown of a table.

The rule. Never a cell. What leaves is named here one by one, so that something new in a profile stays at home until
it is named, too:

* of the table: the number of rows, the task and the target's name;
* of every column: name, type, role, how many cells are missing and how many values differ, and its issues by their
  codes, with counts and shares, never with their examples;
* of numbers: mean, median, deviation, least, greatest and quartiles, of dates the first and the last. Some of these
  equal a cell, so numbers are rounded to three digits and dates to the month: the range is told, not the cell. They
  stay at home where fewer than ten cells are behind them, and for columns that tell who is who (the role id, and what
  looks like personal data), where the greatest value is somebody's;
* of text and booleans: how often the most frequent values occur, most frequent first, without what occurs once, but
  not which values they are.

Only with ``send_samples`` the values themselves go along: frequent values, examples, and sample rows, without the
columns that look like personal data.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

FEWEST = 10  # cells behind a statistic
DIGITS = 3
MOST_ROWS = 20
MOST_CHARACTERS = 200  # of one cell
MONTH = 7  # characters of 2024-01-31
FIGURES = ("mean", "median", "std", "min", "max", "q1", "q3", "distinct_days", "usual_step_days", "gap_count")
ISSUE = ("reason", "severity", "suggestion")
DETAILS = ("cells", "share", "distinct", "repeated", "skewness", "groups", "low", "high", "rows")


def shown(
    facts: Mapping[str, Any], task_type: str, target: str | None, samples: Sequence[Mapping[str, Any]] | None
) -> dict[str, Any]:
    """The JSON document about the table. ``samples``: None unless cells may leave the house."""
    columns = facts["columns"]
    document = {"task_type": task_type, "target_column": target, "rows": facts["rows"]}
    document["columns"] = [_column(one, facts["rows"], with_cells=samples is not None) for one in columns]
    if samples:
        open_to_all = [one["name"] for one in columns if not _is_personal(one)]
        document["sample_rows"] = [
            {name: _cell(row.get(name)) for name in open_to_all} for row in list(samples)[:MOST_ROWS]
        ]
    return document


def _column(one: Mapping[str, Any], rows: int, *, with_cells: bool) -> dict[str, Any]:
    cells = with_cells and not _is_personal(one)
    told = {key: one.get(key) for key in ("name", "dtype", "role", "missing_count", "unique_count")}
    told["missing_rate"] = _figure(one.get("missing_rate"))
    told["statistics"] = _statistics(one, rows - (one.get("missing_count") or 0), with_cells=cells)
    told["issues"] = [_issue(issue, with_cells=cells) for issue in one.get("issues") or ()]
    return told


def _statistics(one: Mapping[str, Any], present: int, *, with_cells: bool) -> dict[str, Any]:
    found = one.get("statistics") or {}
    told: dict[str, Any] = {}
    if present >= FEWEST and one.get("role") != "id" and not _is_personal(one):
        told = {key: _figure(found[key]) for key in FIGURES if found.get(key) is not None}
    if "value_counts" in found:
        told["frequencies"] = sorted((n for n in found["value_counts"].values() if n > 1), reverse=True)
        if with_cells:
            told["value_counts"] = {_cell(value): count for value, count in found["value_counts"].items()}
    return told


def _issue(issue: Mapping[str, Any], *, with_cells: bool) -> dict[str, Any]:
    known = issue.get("details") or {}
    details = {key: _figure(known[key]) for key in DETAILS if isinstance(known.get(key), int | float)}
    if with_cells and "examples" in known:
        details["examples"] = [[_cell(value) for value in group] for group in known["examples"]]
    return {key: issue.get(key) for key in ISSUE} | {"details": details}


def _is_personal(one: Mapping[str, Any]) -> bool:
    return any(issue.get("reason") == "personal_data" for issue in one.get("issues") or ())


def _figure(value: Any) -> Any:
    """Three digits of a number, the month of a date; counts below a thousand stay exact."""
    if isinstance(value, str):
        return value[:MONTH]
    if value is None or isinstance(value, bool) or not math.isfinite(value):
        return None
    rounded = float(f"{value:.{DIGITS}g}")
    return int(rounded) if isinstance(value, int) else rounded


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return None if isinstance(value, float) else str(value)[:MOST_CHARACTERS]
