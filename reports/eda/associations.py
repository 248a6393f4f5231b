"""Which columns go together: correlation of numbers, Cramér's V of categories, the strongest pairs named."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from analysis.services.answer import figure
from reports.eda.effects import MOST_VALUES, codes, cramers_v, crosstab
from tabular.engines.local import Table
from tabular.schema import Column

MOST_NUMERIC = 60  # columns of a matrix; what has more is named in ``left_out``
MOST_CATEGORIES = 15
STRONGEST = 12
WORTH_NAMING = 0.3


def associations(table: Table, columns: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """``{pearson, spearman, cramers_v: {columns, matrix}, strongest: [{measure, columns, value}], left_out}``.

    ``left_out``: how many columns of each sort were beyond the limit. A cell is null where it is not defined.
    """
    numeric = [one["name"] for one in columns if _measured(one) and table.column(one["name"]).numeric]
    few = [one["name"] for one in columns if categorical(table.column(one["name"]), one)]
    matrices = {method: _numeric(table, numeric[:MOST_NUMERIC], method) for method in ("pearson", "spearman")} | {
        "cramers_v": _categories(table, few[:MOST_CATEGORIES])
    }
    pairs = [pair for name, one in matrices.items() for pair in _pairs(name, one)]
    pairs.sort(key=lambda pair: -abs(pair["value"]))
    left_out = {"numeric": len(numeric[MOST_NUMERIC:]), "categorical": len(few[MOST_CATEGORIES:])}
    return matrices | {"strongest": _once(pairs)[:STRONGEST], "left_out": left_out}


def categorical(column: Column, one: Mapping[str, Any]) -> bool:
    """Text or truth of 2 to 50 values."""
    return column.dtype in ("text", "boolean") and 2 <= one["unique_count"] <= MOST_VALUES


def _measured(one: Mapping[str, Any]) -> bool:
    """It varies, and does not only name rows."""
    return int(one["unique_count"]) > 1 and one["role"] != "id"


def _numeric(table: Table, names: Sequence[str], method: str) -> dict[str, Any]:
    matrix = table.correlation(names, method) if len(names) > 1 else np.ones((len(names), len(names)))
    np.fill_diagonal(matrix, 1.0)
    return {"columns": list(names), "matrix": [[figure(value) for value in row] for row in matrix]}


def _categories(table: Table, names: Sequence[str]) -> dict[str, Any]:
    known = [codes(table, name) for name in names] if len(names) > 1 else []
    matrix: list[list[float | None]] = [[1.0 if i == j else None for j in range(len(names))] for i in range(len(names))]
    for i, j in combinations(range(len(known)), 2):
        matrix[i][j] = matrix[j][i] = cramers_v(crosstab(known[i], known[j]))
    return {"columns": list(names), "matrix": matrix}


def _pairs(measure: str, one: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    names, matrix = one["columns"], one["matrix"]
    for i, j in combinations(range(len(names)), 2):
        value = matrix[i][j]
        if value is not None and abs(value) >= WORTH_NAMING:
            yield {"measure": measure, "columns": [names[i], names[j]], "value": value}


def _once(pairs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each pair of columns by its stronger measure only."""
    seen: set[frozenset[str]] = set()
    kept = []
    for pair in pairs:
        if frozenset(pair["columns"]) not in seen:
            seen.add(frozenset(pair["columns"]))
            kept.append(pair)
    return kept
