"""The most frequent values of a column."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from tabular.engines.conditions import present
from tabular.engines.source import collect
from tabular.schema import Column


@dataclass(frozen=True, slots=True)
class Facet:
    """``values``: ``(value, rows)``, the most frequent first; ``unique`` counts all of them, null is no value."""

    values: list[tuple[Any, int]]
    unique: int
    missing: int


def facet(frame: pl.LazyFrame, column: Column, limit: int) -> Facet:
    """Ties stand in order of first appearance."""
    counted = collect(
        frame.select(value=present(column))
        .with_row_index("first")
        .group_by("value")
        .agg(pl.len().alias("rows"), pl.col("first").min())
    )
    known = counted.filter(pl.col("value").is_not_null())
    top = known.sort(["rows", "first"], descending=[True, False]).head(limit)
    values = list(zip(top["value"].to_list(), top["rows"].to_list(), strict=True))
    return Facet(values, len(known), int(counted["rows"].sum()) - int(known["rows"].sum()))
