"""The column that somebody wants to predict: what kind of problem that is, what relates to it, what gives it away."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from analysis.services.answer import figure
from reports.eda.associations import categorical
from reports.eda.effects import MOST_VALUES, Codes, codes, cramers_v, crosstab, eta, floats
from tabular.engines.local import Table
from tabular.schema import Column

BINARY, MULTICLASS, REGRESSION, NONE = "binary_classification", "multiclass_classification", "regression", "none"
FEW_CLASSES = 10  # an integer with no more values is taken for classes ...
PER_CLASS = 10  # ... when each of them has that many rows on average
LEAK = 0.98
MOST_RELATED = 30
MOST_LOOKED_AT = 500
UNBALANCED = 0.1  # the rarest class below this share of an even one ... see ``_balance``


class Problem(NamedTuple):
    kind: str
    reason: str


def target(table: Table, columns: Sequence[Mapping[str, Any]], name: str) -> dict[str, Any]:
    """``{column, problem_type, reason, balance, related: [{column, measure, value}], leakage: [...]}``."""
    facts = next(one for one in columns if one["name"] == name)
    problem = recognise(table.column(name), facts, len(table))
    made: dict[str, Any] = {"column": name, "problem_type": problem.kind, "reason": problem.reason}
    if problem.kind == NONE:
        return made | {"balance": None, "related": [], "leakage": [], "left_out": 0}
    others = [one for one in columns if one["name"] != name]
    measure = _to_classes(table, name) if problem.kind != REGRESSION else _to_numbers(table, name)
    related = [found for one in others[:MOST_LOOKED_AT] if (found := measure(one))]
    related.sort(key=lambda one: -abs(one["value"]))
    return made | {
        "balance": _balance(table, name) if problem.kind != REGRESSION else None,
        "related": related[:MOST_RELATED],
        "leakage": [one for one in related if abs(one["value"]) >= LEAK],
        "left_out": len(others[MOST_LOOKED_AT:]),
    }


def recognise(column: Column, facts: Mapping[str, Any], rows: int) -> Problem:
    """The kind of problem, and the code of why."""
    present, distinct = rows - facts["missing_count"], facts["unique_count"]
    if not present:
        return Problem(NONE, "target_empty")
    if distinct < 2:
        return Problem(NONE, "target_constant")
    if column.dtype in ("date", "datetime"):
        return Problem(NONE, "target_is_date")
    if column.role == "id" or (column.dtype != "decimal" and present >= 20 and distinct == present):
        return Problem(NONE, "target_is_id")
    if distinct == 2:
        return Problem(BINARY, "two_values")
    if column.dtype == "text":
        return Problem(MULTICLASS, "few_values") if distinct <= MOST_VALUES else Problem(NONE, "too_many_classes")
    if column.dtype == "integer" and distinct <= FEW_CLASSES and present >= PER_CLASS * distinct:
        return Problem(MULTICLASS, "few_values")
    return Problem(REGRESSION, "numbers")


def _balance(table: Table, name: str) -> dict[str, Any]:
    """Rows per class, the most frequent first; ``evenness``: entropy over that of equal classes (Pielou 1966)."""
    known = codes(table, name)
    counts = np.bincount(known.codes[known.codes >= 0], minlength=len(known.labels))
    shares = counts[counts > 0] / counts.sum()
    order = np.argsort(-counts, kind="stable")
    return {
        "classes": [
            {"value": known.labels[at], "rows": int(counts[at]), "share": float(counts[at] / counts.sum())}
            for at in order
        ],
        "evenness": figure(-(shares * np.log(shares)).sum() / np.log(len(shares))),
        "imbalance": figure(counts.max() / counts[counts > 0].min()),
    }


_Measure = Callable[[Mapping[str, Any]], dict[str, Any] | None]


def _to_classes(table: Table, name: str) -> _Measure:
    """Cramér's V for categories, the correlation ratio for numbers."""
    classes = codes(table, name)

    def measure(one: Mapping[str, Any]) -> dict[str, Any] | None:
        column = table.column(one["name"])
        if categorical(column, one):
            return _found(one, "cramers_v", cramers_v(crosstab(codes(table, column.name), classes)))
        if column.numeric and one["unique_count"] > 1:
            return _found(one, "eta", eta(classes, floats(table, column.name)))
        return None

    return measure


def _to_numbers(table: Table, name: str) -> _Measure:
    """Pearson's r for numbers, the correlation ratio for categories."""
    values = floats(table, name)

    def measure(one: Mapping[str, Any]) -> dict[str, Any] | None:
        column = table.column(one["name"])
        if categorical(column, one):
            return _found(one, "eta", eta(codes(table, column.name), values))
        if column.numeric and one["unique_count"] > 1:
            return _found(one, "pearson", figure(table.correlation([name, column.name], "pearson")[0, 1]))
        return None

    return measure


def _found(one: Mapping[str, Any], measure: str, value: float | None) -> dict[str, Any] | None:
    return None if value is None else {"column": one["name"], "measure": measure, "value": value}


__all__ = ["Codes", "recognise", "target"]
