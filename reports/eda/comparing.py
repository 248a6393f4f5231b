"""Two examinations side by side: which columns came, went or changed their type, and how far each one has drifted.

Population stability index over ten equal bins of the range of the first one, PSI = sum (q - p) ln(q / p) (Siddiqi 2006,
"Credit Risk Scorecards"): below 0.1 nothing, below 0.25 some drift, from there on a strong one. Of an examination only
bars are kept, so it is computed over those, each spread evenly over its width.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

SOME, STRONG = 0.1, 0.25
LEAST = 1e-4  # an empty bar counts as this share, so that the logarithm exists
FIGURES = ("mean", "median", "std", "min", "max", "q1", "q3")


def compare(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """``{overview, schema: {added, removed, retyped}, columns: [{name, dtype, missing_rate, …, drift}], alerts}``.

    Every figure that both have is a pair ``[of the first, of the second]``.
    """
    before, after = ({one["name"]: one for one in side["columns"]} for side in (first, second))
    both = [name for name in before if name in after]
    columns = [_column(before[name], after[name], (first, second)) for name in both]
    columns.sort(key=lambda one: -(one["drift"]["psi"] or 0) if one["drift"] else 0)
    return {
        "overview": {
            name: [first["overview"][name], second["overview"][name]]
            for name in ("rows", "columns", "missing_rate", "duplicate_rows")
        }
        | {"quality": [first["quality"]["score"], second["quality"]["score"]]},
        "schema": {
            "added": [name for name in after if name not in before],
            "removed": [name for name in before if name not in after],
            "retyped": [
                {"name": name, "dtypes": [before[name]["dtype"], after[name]["dtype"]]}
                for name in both
                if before[name]["dtype"] != after[name]["dtype"]
            ],
        },
        "columns": columns,
        "drifted": [one["name"] for one in columns if one["drift"] and one["drift"]["level"] != "none"],
    }


def _column(one: Mapping[str, Any], other: Mapping[str, Any], sides: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "name": one["name"],
        "dtypes": [one["dtype"], other["dtype"]],
        "missing_rate": [one["missing_rate"], other["missing_rate"]],
        "unique_count": [one["unique_count"], other["unique_count"]],
        "statistics": {
            name: [one["statistics"][name], other["statistics"][name]]
            for name in FIGURES
            if name in one["statistics"] and name in other["statistics"]
        },
    }
    return facts | {"drift": drift(one["distribution"], other["distribution"])}


def drift(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """``{psi, level: none, some or strong}``; None where the two can't be compared."""
    shares = _shares(one, other) if one and other else None
    if shares is None:
        return None
    psi = sum((max(q, LEAST) - max(p, LEAST)) * math.log(max(q, LEAST) / max(p, LEAST)) for p, q in shares)
    return {"psi": psi, "level": "strong" if psi >= STRONG else "some" if psi >= SOME else "none"}


def _shares(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[tuple[float, float]] | None:
    kinds = {one["kind"], other["kind"]}
    if kinds == {"values"}:
        return _of_values(one, other)
    if kinds <= {"values", "histogram"} and all(_spread(side) is not None for side in (one, other)):
        return _of_numbers(one, other)
    return None


def _of_values(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[tuple[float, float]] | None:
    """Values that either side lists; what a side has not listed lies in its ``other``, as far as it can be known."""
    sides = [dict(zip(side["values"], side["counts"], strict=True)) for side in (one, other)]
    totals = [sum(side["counts"]) + side["other"] for side in (one, other)]
    if not all(totals):
        return None
    listed = [name for name in sides[0] if name in sides[1] or not other["other"]]
    listed += [name for name in sides[1] if name not in sides[0] and not one["other"]]
    pairs = [(sides[0].get(name, 0) / totals[0], sides[1].get(name, 0) / totals[1]) for name in listed]
    rest = (1 - sum(p for p, _q in pairs), 1 - sum(q for _p, q in pairs))
    return [*pairs, rest] if max(rest) > 1e-9 else pairs


def _spread(side: Mapping[str, Any]) -> list[tuple[float, float, int]] | None:
    """``(from, to, rows)`` of each bar; a single number is a bar without width."""
    if side["kind"] == "histogram":
        return [(*edges, rows) for edges, rows in zip(pairwise(side["edges"]), side["counts"], strict=True)]
    if all(isinstance(value, int | float) for value in side["values"]):
        return [(value, value, rows) for value, rows in zip(side["values"], side["counts"], strict=True)]
    return None


def _of_numbers(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[tuple[float, float]] | None:
    first, second = _spread(one) or [], _spread(other) or []
    totals = [sum(rows for *_edges, rows in side) for side in (first, second)]
    if not all(totals):
        return None
    low, high = first[0][0], first[-1][1]
    cuts = [low + (high - low) * at / 10 for at in range(1, 10)]
    return list(zip(*(_binned(side, cuts, whole) for side, whole in zip((first, second), totals, strict=True)),
                    strict=True))  # fmt: skip


def _binned(bars: Sequence[tuple[float, float, int]], cuts: Sequence[float], whole: int) -> list[float]:
    """The shares below, between and above the cuts."""
    below = [sum(rows * _part_below(start, end, cut) for start, end, rows in bars) / whole for cut in cuts]
    return [high - low for low, high in pairwise([0.0, *below, 1.0])]


def _part_below(start: float, end: float, cut: float) -> float:
    if end <= start:
        return 1.0 if start < cut else 0.0
    return min(1.0, max(0.0, (cut - start) / (end - start)))
