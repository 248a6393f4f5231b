"""Correlation matrices over pairs of rows in which both numbers are present."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from tabular.engines.source import AT_ONCE, Footer, collect, heavy, number
from tabular.schema import Column

_BLOCK = 65_536
# Integers that lie this close together are ranked by counting, the others by sorting.
_COUNTED = 4_000_000
# Where the rows of a pair spread over so small a share of the column's own spread, sums lose their digits.
_THIN = 1e-6


def pearson(source: Footer, columns: Sequence[Column]) -> np.ndarray:
    """Pearson's r of every pair, NaN where a column is constant; one pass of pairwise co-moments over blocks.

    With x, y scaled and centred by their own mean and missing cells 0, each pair's count N = M'M, sums X'M, squares
    (X*X)'M and products X'Y are matrix products; r = (Sxy - Sx Sy / N) / sqrt(Vx Vy) is the textbook formula over the
    rows where both are present.
    """
    if not columns or not source.rows:
        return np.full((len(columns), len(columns)), np.nan)
    cells = source.scan.select(number(one) for one in columns)
    if source.rows <= AT_ONCE:
        cells = collect(cells, streaming=False).lazy()
    centre, scale = _centre_and_scale(cells, len(columns), streaming=source.rows > AT_ONCE)
    totals = tuple(np.zeros((len(columns), len(columns))) for _ in range(4))
    for start in range(0, source.rows, _BLOCK):
        _add(totals, *_centred(collect(cells.slice(start, _BLOCK), streaming=False), centre, scale))
    found = _matrix(*totals)
    for i, j in np.argwhere(np.isnan(found)):
        if i < j:
            found[i, j] = found[j, i] = _directly(collect(cells.select(pl.nth(int(i), int(j))).drop_nulls()))
    return found


def _directly(pair: pl.DataFrame) -> float:
    """r of two columns without gaps, by definition; NaN where one is constant."""
    x, y = (cells.to_numpy().astype(float) for cells in pair)
    if not len(x) or x.min() == x.max() or y.min() == y.max():
        return float("nan")
    x, y = (one - one.mean() for one in (x, y))
    x, y = (one / np.abs(one).max() for one in (x, y))
    size = math.sqrt((x * x).sum() * (y * y).sum())
    return float(np.clip((x * y).sum() / size, -1.0, 1.0)) if size else float("nan")


def _centre_and_scale(cells: pl.LazyFrame, size: int, *, streaming: bool) -> tuple[list[float], list[float]]:
    """Any values near the mean and the standard deviation will do: they only keep the sums small."""
    asked = cells.select(pl.all().mean().name.prefix("m"), pl.all().std().name.prefix("s"))
    row = collect(asked, streaming=streaming).row(0)
    known = [0.0 if one is None or not np.isfinite(one) else float(one) for one in row]
    return known[:size], [one or 1.0 for one in known[size:]]


def _centred(block: pl.DataFrame, centre: list[float], scale: list[float]) -> tuple[np.ndarray, np.ndarray | None]:
    """``(x, mask)``: a row per column, 0 where missing; no mask where nothing is."""
    x = np.empty((block.width, block.height))
    holes = any(one.null_count() for one in block)
    mask = np.ones_like(x) if holes else None
    for place, cells in enumerate(block):
        np.subtract(cells.to_numpy(), centre[place], out=x[place])  # nulls become NaN
        x[place] /= scale[place]
        if mask is not None and cells.null_count():
            missing = np.isnan(x[place])
            mask[place][missing] = x[place][missing] = 0.0
    return x, mask


def _add(totals: tuple[np.ndarray, ...], x: np.ndarray, mask: np.ndarray | None) -> None:
    """Counts, sums, squares and products of a block.

    The products are made in small pieces: a matrix product that BLAS finds worth threads waits for busy cores.
    """
    n, sums, squares, products = totals
    size, length = x.shape
    piece = max(64, 250_000 // size**2)
    if mask is None:
        n += length
        sums += x.sum(axis=1)[:, None]
        squares += np.einsum("ij,ij->i", x, x)[:, None]
    for start in range(0, length, piece):
        part = x[:, start : start + piece]
        products += part @ part.T
        if mask is not None:
            there = mask[:, start : start + piece]
            n += there @ there.T
            sums += part @ there.T
            squares += (part * part) @ there.T


def _matrix(n: np.ndarray, sums: np.ndarray, squares: np.ndarray, products: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = squares - sums * sums / n  # of the row's column, over the rows where the column's column is present
        spread[~(spread > _THIN * squares)] = np.nan
        together = products - sums * sums.T / n
        found = np.clip(together / np.sqrt(spread * spread.T), -1.0, 1.0)
    return (found + found.T) / 2


def spearman(source: Footer, columns: Sequence[Column]) -> np.ndarray:
    """Spearman's rho: Pearson's r of the average ranks, ranked anew over the rows where both numbers are present."""
    with heavy:
        codes = [_codes(source, one) for one in columns]
        whole = [place for place, one in enumerate(codes) if not (one < 0).any()]
        found = np.full((len(columns), len(columns)), np.nan)
        found[np.ix_(whole, whole)] = _ranked([codes[place] for place in whole])
        for i in range(len(columns)):
            for j in range(i):
                if i not in whole or j not in whole:
                    both = (codes[i] >= 0) & (codes[j] >= 0)
                    found[i, j] = found[j, i] = _ranked([codes[i][both], codes[j][both]])[0, 1]
        return found


def _codes(source: Footer, column: Column) -> np.ndarray:
    """Dense ranks from 0; -1 where the number is missing."""
    cells = collect(source.scan.select(number(column))).to_series()
    low: Any = cells.min()
    high: Any = cells.max()
    if low is not None and column.dtype == "integer" and high - low < _COUNTED:
        places = (cells - low).fill_null(high - low + 1).to_numpy()
        occurs = np.zeros(high - low + 2, dtype=np.int32)
        occurs[places] = 1
        codes = np.cumsum(occurs, dtype=np.int32) - 1
        if cells.null_count():
            codes[-1] = -1
        return codes[places]
    return cells.rank("dense").cast(pl.Int32).fill_null(0).to_numpy() - 1


def _ranked(codes: Sequence[np.ndarray]) -> np.ndarray:
    """r of the average ranks of columns without gaps."""
    ranks = [_average_ranks(one) for one in codes]
    totals = tuple(np.zeros((len(codes), len(codes))) for _ in range(4))
    for start in range(0, len(codes[0]) if codes else 0, _BLOCK):
        pairs = zip(ranks, codes, strict=True)
        _add(totals, np.stack([of[one[start : start + _BLOCK]] for of, one in pairs]), None)
    return _matrix(*totals)


def _average_ranks(codes: np.ndarray) -> np.ndarray:
    """Each code's rank among all cells, centred, as a share: of c equal cells after b smaller ones, b + (c + 1) / 2."""
    counts = np.bincount(codes) if len(codes) else np.zeros(0)
    return (np.cumsum(counts) - (counts - 1) / 2 - (len(codes) + 1) / 2) / max(len(codes), 1)
