"""Which cells are missing, and which columns miss theirs together."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any

import polars as pl

from tabular.engines.conditions import present
from tabular.engines.local import Table
from tabular.engines.source import collect, footer

MOST_COLUMNS = 60  # the columns that miss most, of which patterns are made: as many as fit into one whole number
MOST_PATTERNS = 12


def missing(table: Table, columns: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """``{cells, rate, complete_rows, columns: [{name, cells, rate}], patterns: [{columns, rows, share}]}``.

    A pattern is the set of columns that a row misses; the most frequent first, rows without a hole left out.
    """
    holes = sorted((one for one in columns if one["missing_count"]), key=lambda one: -one["missing_count"])
    cells = sum(one["missing_count"] for one in holes)
    complete, patterns = _patterns(table, [one["name"] for one in holes])
    return {
        "cells": cells,
        "rate": cells / (len(table) * len(columns)) if len(table) and columns else 0.0,
        "complete_rows": complete,
        "columns": [{"name": one["name"], "cells": one["missing_count"], "rate": one["missing_rate"]} for one in holes],
        "patterns": patterns,
    }


def _patterns(table: Table, names: Sequence[str]) -> tuple[int, list[dict[str, Any]]]:
    if not names:
        return len(table), []
    empty = [_empty(table, name) for name in names]
    bits = reduce(or_, (one.cast(pl.Int64) * (1 << place) for place, one in enumerate(empty[:MOST_COLUMNS])))
    scan = footer(table.path).scan
    found = collect(
        scan.select(bits=bits, whole=~pl.any_horizontal(empty))
        .group_by("bits")
        .agg(pl.len().alias("rows"), pl.col("whole").sum())
        .sort(["rows", "bits"], descending=[True, False])
    )
    patterns = [
        {
            "columns": [name for place, name in enumerate(names[:MOST_COLUMNS]) if bits >> place & 1],
            "rows": rows,
            "share": rows / len(table),
        }
        for bits, rows in found.filter(pl.col("bits") != 0).head(MOST_PATTERNS).select("bits", "rows").iter_rows()
    ]
    return int(found["whole"].sum()), patterns


def _empty(table: Table, name: str) -> pl.Expr:
    """NaN and the infinities are no numbers: such a cell is missing, as the profile counts it."""
    column = table.column(name)
    cell = present(column)
    return (cell.is_null() | cell.is_infinite().fill_null(True)) if column.dtype == "decimal" else cell.is_null()
