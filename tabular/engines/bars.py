"""Histogram counts of one column of numbers, equal to ``numpy.histogram`` to the last row."""

import math
from dataclasses import dataclass

import numpy as np
import polars as pl

# Widths below this are searched for, not divided by.
_TINY = 1e-290
# Blocks that stay in the processor's cache while they are counted.
_BLOCK = 65_536


@dataclass(frozen=True, slots=True)
class Bars:
    """``edges`` n+1, ``counts`` n; ``mean`` and ``std`` (ddof 1) are None where they are not defined."""

    edges: list[float]
    counts: list[int]
    count: int
    missing: int
    mean: float | None
    std: float | None
    low: float | None
    high: float | None


def bars(values: pl.Series, bins: int) -> Bars:
    """Bins of a column; one value, or the same value throughout, is one bar."""
    present = values.drop_nulls() if values.null_count() else values
    count, missing = len(present), values.null_count()
    if not count:
        return Bars([], [], 0, missing, None, None, None, None)
    low, high = float(present.min()), float(present.max())  # type: ignore[arg-type]
    edges = _edges(low, high, bins)
    counts = _counts(present, edges)
    mean, std = moments(present)
    return Bars(edges.tolist(), counts.tolist(), count, missing, mean, std, low, high)


def moments(present: pl.Series) -> tuple[float | None, float | None]:
    """Mean and standard deviation (ddof 1); None where undefined, or beyond what a double holds."""
    mean, std = present.mean(), present.std()
    return _finite(mean), _finite(std)  # type: ignore[arg-type]


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _edges(low: float, high: float, bins: int) -> np.ndarray:
    if low == high:  # as numpy does it: half a unit to either side, as far as doubles can tell
        half = 0.5 if low - 0.5 < low < low + 0.5 else math.ulp(low)
        return np.array([max(low - half, -1.7976931348623157e308), min(low + half, 1.7976931348623157e308)])
    if math.isinf(high - low):
        return np.linspace(low / 4, high / 4, bins + 1) * 4
    return np.linspace(low, high, bins + 1)


def _counts(present: pl.Series, edges: np.ndarray) -> np.ndarray:
    """Half-open bins, the last one closed. The place is computed, then moved where the edges say otherwise."""
    bins, low, width = len(edges) - 1, edges[0], edges[-1] - edges[0]
    counts = np.zeros(bins, dtype=np.int64)
    if bins == 1:
        counts[0] = len(present)
        return counts
    if not _TINY < width < math.inf or np.any(np.diff(edges) <= 0):
        places = np.searchsorted(edges, present.cast(pl.Float64).to_numpy(), side="right") - 1
        return np.bincount(np.minimum(places, bins - 1), minlength=bins)
    for chunk in present.get_chunks():
        values = chunk.to_numpy()
        for start in range(0, len(values), _BLOCK):
            block = values[start : start + _BLOCK].astype(np.float64, copy=False)
            place = ((block - low) * (bins / width)).astype(np.int32)
            np.minimum(place, bins - 1, out=place)
            place -= block < edges[place]
            place += (block >= edges[place + 1]) & (place != bins - 1)
            counts += np.bincount(place, minlength=bins)
    return counts
