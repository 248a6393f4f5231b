"""Questions to the whole file: scalar expressions, answered for many columns in one pass."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

_COLUMNS_AT_ONCE = 128
_STRETCH = 1_000_000

Questions = Mapping[str, pl.Expr]


def ask(frame: pl.LazyFrame, asked: Sequence[Questions]) -> list[dict[str, Any]]:
    """Answer every question (a scalar expression) in as few passes over the file as the planner can bear."""
    answers: list[dict[str, Any]] = [{} for _ in asked]
    busy = [i for i, questions in enumerate(asked) if questions]
    for start in range(0, len(busy), _COLUMNS_AT_ONCE):
        keys = [(i, name) for i in busy[start : start + _COLUMNS_AT_ONCE] for name in asked[i]]
        query = frame.select(asked[i][name].alias(f"{i}.{name}") for i, name in keys)
        row = query.collect(engine="streaming").row(0)
        for (i, name), value in zip(keys, row, strict=True):
            answers[i][name] = value
    return answers


def count(frame: pl.LazyFrame, cells: Sequence[pl.Expr]) -> list[int]:
    """How many values each expression has; stretch by stretch, as a parser written in Python needs its input whole."""
    counts = [0] * len(cells)
    rows = frame.select(pl.len()).collect(engine="streaming").item() if cells else 0
    for start in range(0, rows, _STRETCH):
        stretch = frame.slice(start, _STRETCH)
        found = ask(stretch, [{"count": expr.count()} for expr in cells])
        counts = [so_far + answer["count"] for so_far, answer in zip(counts, found, strict=True)]
    return counts
