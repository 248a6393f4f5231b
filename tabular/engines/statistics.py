"""Count, mean, standard deviation, smallest and largest of many numeric columns in one pass."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from tabular.engines.source import AT_ONCE, Footer, collect, number
from tabular.schema import Column

FIGURES = ("count", "mean", "std", "min", "max")


def describe(source: Footer, columns: Sequence[Column]) -> dict[str, dict[str, Any]]:
    """``{column: {count, mean, std (ddof 1), min, max}}``; None for what no value defines."""
    asked: list[pl.Expr] = []
    for place, column in enumerate(columns):
        cell = number(column)
        made = (cell.count(), cell.mean(), cell.std(ddof=1), cell.min(), cell.max())
        asked += [one.alias(f"{place} {figure}") for figure, one in zip(FIGURES, made, strict=True)]
    streaming = source.rows > AT_ONCE
    row = collect(source.scan.select(asked), streaming=streaming).row(0, named=True) if asked else {}
    return {
        column.name: {figure: row[f"{place} {figure}"] for figure in FIGURES} for place, column in enumerate(columns)
    }
