"""Count, mean, standard deviation, smallest and largest of many numeric columns."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from tabular.engines.source import Footer, collect, number, together
from tabular.schema import Column

FIGURES = ("count", "mean", "std", "min", "max")


def describe(source: Footer, columns: Sequence[Column]) -> dict[str, dict[str, Any]]:
    """``{column: {count, mean, std (ddof 1), min, max}}``; None for what no value defines."""
    cell = pl.all()
    asked = (cell.count(), cell.mean(), cell.std(ddof=1), cell.min(), cell.max())
    made = [one.name.suffix(f" {figure}") for figure, one in zip(FIGURES, asked, strict=True)]
    row: dict[str, Any] = {}
    for group in together(columns, source.rows):
        cells = collect(source.scan.select(number(one) for one in group), streaming=False)
        row |= cells.select(made).row(0, named=True)
    return {column.name: {figure: row[f"{column.name} {figure}"] for figure in FIGURES} for column in columns}
