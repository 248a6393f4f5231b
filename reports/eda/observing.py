"""How the values of each column are distributed, noted while the profile reads them, so that nothing is read twice."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

from analysis.services.answer import figure, figures
from analysis.services.suspicions import FENCE, skewness
from tabular.engines.local import Table
from tabular.engines.profiles import Numbers, Texts

BINS = 20
FEW_VALUES = 12  # so many different integers are shown one by one
FAR = 3.0  # interquartile ranges beyond the quartiles: Tukey's "far out"
STANDING_OUT = 3.5  # modified z-score, Iglewicz and Hoaglin (1993)


class Observed(Table):
    """A table that keeps a few figures of every column that is read through it, in ``seen`` by column name."""

    def __init__(self, table: Table) -> None:
        super().__init__(table.path, table.columns)
        self.seen: dict[str, dict[str, Any]] = {}

    def numbers(self, names: Sequence[str]) -> Iterator[Numbers]:
        for name, found in zip(names, super().numbers(names), strict=True):
            self.seen[name] = of_numbers(found, whole=self.column(name).dtype == "integer")
            yield found

    def texts(self, name: str) -> Texts:
        found = super().texts(name)
        if self.column(name).dtype == "text":
            self.seen[name] = of_texts(found)
        return found

    def complete(self) -> None:
        """Reads the columns of numbers and text that nobody has read yet."""
        open_ = [column for column in self.columns if column.name not in self.seen]
        for _found in self.numbers([column.name for column in open_ if column.numeric]):
            pass
        for column in open_:
            if column.dtype == "text":
                self.texts(column.name)


def of_numbers(found: Numbers, *, whole: bool) -> dict[str, Any]:
    """``{statistics, outliers, distribution}`` of a column of numbers."""
    if not found.count:
        return {"statistics": {}, "outliers": None, "distribution": None}
    distinct, counts = found.distinct.astype(float), found.counts
    q1, median, q3 = (found.quantile(share) for share in (0.25, 0.5, 0.75))
    mad = _weighted_median(np.abs(distinct - median), counts)
    statistics = {
        "p5": figure(found.quantile(0.05)),
        "p95": figure(found.quantile(0.95)),
        "mad": figure(mad),
        "skewness": skewness(found),
        "kurtosis": kurtosis(distinct, counts),
        "zeros": int(counts[distinct == 0].sum()),
        "negative": int(counts[distinct < 0].sum()),
    }
    return {
        "statistics": statistics,
        "outliers": _outliers(found, distinct, (q1, median, q3), mad),
        "distribution": _bars(found, whole=whole),
    }


def _outliers(
    found: Numbers, distinct: np.ndarray, quartiles: tuple[float, float, float], mad: float
) -> dict[str, Any]:
    """Cells beyond Tukey's fences (1.5 and 3 interquartile ranges), and by the modified z-score.

    z = 0.6745 (x - median) / MAD, out when |z| > 3.5; null where half of the values are the same (MAD 0).
    """
    q1, median, q3 = quartiles
    reach = q3 - q1
    inner, outer = ((q1 - times * reach, q3 + times * reach) for times in (FENCE, FAR))
    robust = None
    if mad > 0:
        robust = int(found.counts[0.6745 * np.abs(distinct - median) / mad > STANDING_OUT].sum())
    return {
        "low": figure(inner[0]),
        "high": figure(inner[1]),
        "iqr": found.outside(*inner) if reach > 0 else 0,
        "far": found.outside(*outer) if reach > 0 else 0,
        "robust_z": robust,
    }


def _weighted_median(values: np.ndarray, counts: np.ndarray) -> float:
    """The median of ``values``, each taken ``counts`` times; the values are two sorted runs, which this sort merges."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(counts[order])
    total = int(reached[-1])
    low, high = (
        values[order[np.searchsorted(reached, place, side="right")]] for place in ((total - 1) // 2, total // 2)
    )
    return float(low + (high - low) / 2)


def kurtosis(distinct: np.ndarray, counts: np.ndarray) -> float | None:
    """Excess kurtosis as pandas computes it (unbiased, G2 of Joanes and Gill 1998); None below four values."""
    n = int(counts.sum())
    if n < 4:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        off = distinct - np.average(distinct, weights=counts)
        m2, m4 = (np.average(off**power, weights=counts) for power in (2, 4))
        if not m2 > 0:
            return None
        return figure((n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (m4 / m2**2) - 3 * (n - 1)))


def _bars(found: Numbers, *, whole: bool) -> dict[str, Any]:
    """A bar per value where there are few different integers, else a histogram with numpy's edges and counts."""
    if whole and len(found.distinct) <= FEW_VALUES:
        values = [int(one) for one in found.distinct]
        return {"kind": "values", "values": values, "counts": [int(one) for one in found.counts], "other": 0}
    edges = _edges(float(found.distinct[0]), float(found.distinct[-1]))
    inside = np.searchsorted(found.distinct, edges[1:-1], side="left")
    reached = np.concatenate(([0], np.cumsum(found.counts)))
    counts = np.diff(np.concatenate(([0], reached[inside], [reached[-1]])))
    return {"kind": "histogram", "edges": figures(edges), "counts": [int(one) for one in counts]}


def _edges(low: float, high: float) -> np.ndarray:
    if low == high:
        half = 0.5 if low - 0.5 < low < low + 0.5 else math.ulp(low)
        return np.array([low - half, low + half])
    if math.isinf(high - low):
        return np.linspace(low / 4, high / 4, BINS + 1) * 4
    return np.linspace(low, high, BINS + 1)


def of_texts(found: Texts) -> dict[str, Any]:
    """How long the texts are, in characters."""
    if not len(found.counted):
        return {"statistics": {}}
    cells = pl.col("rows").sum()
    row = (
        found.counted.lazy()
        .with_columns(length=pl.col("value").str.len_chars().cast(pl.Int64))
        .select(
            low=pl.col("length").min(),
            high=pl.col("length").max(),
            mean=(pl.col("length") * pl.col("rows")).sum() / cells,
            blank=pl.col("rows").filter(pl.col("value").str.strip_chars() == "").sum(),
        )
        .collect()
        .row(0, named=True)
    )
    lengths = {"min_length": row["low"], "mean_length": figure(row["mean"]), "max_length": row["high"]}
    return {"statistics": lengths | {"blank": int(row["blank"])}}
