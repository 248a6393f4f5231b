"""Everything about one column that needs all of its values: exact quartiles, distinct values, variants, gaps."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from tabular.engines.bars import moments
from tabular.engines.conditions import present
from tabular.engines.source import Footer, collect, day, number, together
from tabular.named import named
from tabular.schema import Column

# Integers that lie this close together are counted in an array, the others are sorted.
_COUNTED = 4_000_000


@dataclass(frozen=True, slots=True)
class Numbers:
    """Distinct finite numbers, ascending, with how often each occurs; ``mean`` and ``std`` (ddof 1) where defined."""

    distinct: np.ndarray
    counts: np.ndarray
    count: int
    missing: int
    mean: float | None
    std: float | None

    def quantile(self, share: float) -> float:
        """Linear interpolation between order statistics, numpy's and pandas' default."""
        place = share * (int(self.counts.sum()) - 1)
        below = int(place)
        reached = np.cumsum(self.counts)
        low = float(self.distinct[np.searchsorted(reached, below, side="right")])
        high = float(self.distinct[np.searchsorted(reached, min(below + 1, int(reached[-1]) - 1), side="right")])
        part = place - below
        between = low + (high - low) * part
        return between if math.isfinite(between) else low * (1 - part) + high * part

    def outside(self, low: float, high: float) -> int:
        return int(self.counts[(self.distinct < low) | (self.distinct > high)].sum())


def numbers(source: Footer, columns: Sequence[Column]) -> Iterator[Numbers]:
    """The distinct numbers of each column; NaN and the infinities are missing. Small columns are read together."""
    for group in together(columns, source.rows):
        for cells in collect(source.scan.select(number(one) for one in group), streaming=False):
            known = cells.drop_nulls() if cells.null_count() else cells
            mean, std = moments(known)
            yield Numbers(*_counted(known), len(known), cells.null_count(), mean, std)


def _counted(known: pl.Series) -> tuple[np.ndarray, np.ndarray]:
    low: Any = known.min()
    high: Any = known.max()
    if low is not None and known.dtype.is_integer() and high - low < min(_COUNTED, 16 * len(known) + 64):
        counts = np.bincount(known.to_numpy() - low)
        at = np.flatnonzero(counts)
        return at + low, counts[at]
    ordered = known.sort().to_numpy()
    if not len(ordered):
        return ordered, np.zeros(0, dtype=np.int64)
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    return ordered[starts], np.diff(np.append(starts, len(ordered)))


@dataclass(frozen=True, slots=True)
class Texts:
    """``counted``: a frame of the distinct texts ``value, rows, first`` (first row), unordered; null is no value."""

    counted: pl.DataFrame
    missing: int

    def top(self, limit: int) -> dict[Any, int]:
        """The most frequent, ties in order of appearance."""
        chosen = self.counted.sort(["rows", "first"], descending=[True, False]).head(limit)
        return dict(zip(chosen["value"].to_list(), chosen["rows"].to_list(), strict=True))


def texts(source: Footer, column: Column) -> Texts:
    counted = collect(
        source.scan.select(value=present(column))
        .with_row_index("first")
        .group_by("value")
        .agg(pl.len().alias("rows"), pl.col("first").min())
    )
    missing = counted.filter(pl.col("value").is_null())["rows"].sum()
    return Texts(counted.filter(pl.col("value").is_not_null()), int(missing))


@dataclass(frozen=True, slots=True)
class Days:
    """``days``: the distinct calendar days, ascending; ``unique`` counts distinct values, to the microsecond."""

    days: list[date]
    low: Any
    high: Any
    unique: int
    missing: int
    steps: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=int))


def days(source: Footer, column: Column) -> Days:
    cell = named(column.name)
    row = collect(
        source.scan.select(
            low=cell.min(), high=cell.max(), unique=cell.drop_nulls().n_unique(), missing=cell.null_count()
        )
    ).row(0, named=True)
    distinct = collect(source.scan.select(day(column).drop_nulls().unique().sort())).to_series()
    steps = np.diff(distinct.cast(pl.Int32).to_numpy())
    return Days(distinct.to_list(), row["low"], row["high"], row["unique"], row["missing"], steps)


def duplicate_rows(source: Footer) -> int:
    """How many rows are equal to an earlier one in every cell (by a 64-bit hash of the row)."""
    hashed = collect(source.scan.select(pl.struct(pl.all()).hash()), streaming=False).to_series()
    return len(hashed) - hashed.n_unique()
