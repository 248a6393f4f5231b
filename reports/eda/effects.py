"""How strongly two columns go together, from 0 to 1: textbook effect sizes over the rows where both are present.

Cramér's V with the bias correction of Bergsma (2013), "A bias-correction for Cramér's V and Tschuprow's T", Journal of
the Korean Statistical Society 42(3). Correlation ratio eta = sqrt(SS_between / SS_total), Fisher (1925), "Statistical
Methods for Research Workers", chapter 8.
"""

from typing import NamedTuple

import numpy as np
import polars as pl

from tabular.engines.conditions import present
from tabular.engines.local import Table
from tabular.engines.source import collect, footer, number

MOST_VALUES = 50


class Codes(NamedTuple):
    """A column of few values as numbers from 0; -1 where missing. ``labels`` by code."""

    name: str
    codes: np.ndarray
    labels: list[str]


def codes(table: Table, name: str) -> Codes:
    """The values of a column in ascending order of their text, numbered."""
    column = table.column(name)
    cell = number(column) if column.numeric else present(column)
    cells = collect(footer(table.path).scan.select(cell)).to_series()
    labels = cells.drop_nulls().unique().sort()
    known = pl.DataFrame({"value": labels, "code": np.arange(len(labels), dtype=np.int16)})
    asked = pl.DataFrame({"value": cells}).join(known, on="value", how="left", maintain_order="left")
    texts = [str(value).lower() if isinstance(value, bool) else str(value) for value in labels.to_list()]
    return Codes(name, asked["code"].fill_null(-1).to_numpy(), texts)


def floats(table: Table, name: str) -> np.ndarray:
    """A numeric column; NaN where missing."""
    cells = collect(footer(table.path).scan.select(number(table.column(name)))).to_series()
    return cells.cast(pl.Float64).fill_null(float("nan")).to_numpy()


def crosstab(one: Codes, other: Codes) -> np.ndarray:
    """Rows by the values of both, without those where either is missing."""
    both = (one.codes >= 0) & (other.codes >= 0)
    width = len(other.labels)
    places = one.codes[both].astype(np.int32) * width + other.codes[both]
    return np.bincount(places, minlength=len(one.labels) * width).reshape(len(one.labels), width)


def cramers_v(counts: np.ndarray) -> float | None:
    """Bias-corrected V of a table of counts; None when either side has one value only."""
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    n = counts.sum()
    rows, wide = counts.shape
    if n < 2 or min(rows, wide) < 2:
        return None
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    phi2 = (((counts - expected) ** 2) / expected).sum() / n
    unbiased = max(0.0, phi2 - (rows - 1) * (wide - 1) / (n - 1))
    rows_, wide_ = rows - (rows - 1) ** 2 / (n - 1), wide - (wide - 1) ** 2 / (n - 1)
    least = min(rows_, wide_) - 1
    return float(min(1.0, (unbiased / least) ** 0.5)) if least > 0 else None


def eta(groups: Codes, values: np.ndarray) -> float | None:
    """The correlation ratio of numbers by group; None when the numbers or the groups do not vary."""
    both = (groups.codes >= 0) & np.isfinite(values)
    known, of = values[both], groups.codes[both]
    if len(known) < 3 or known.min() == known.max():
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = (known - known.mean()) / np.abs(known - known.mean()).max()
        counts = np.bincount(of, minlength=len(groups.labels))
        sums = np.bincount(of, weights=scaled, minlength=len(groups.labels))
        if (counts > 0).sum() < 2 or (counts > 0).sum() == len(known):
            return None
        centre = scaled.mean()
        between = (sums[counts > 0] ** 2 / counts[counts > 0]).sum() - len(known) * centre**2
        whole = ((scaled - centre) ** 2).sum()
        share = between / whole
    return float(min(1.0, max(0.0, share) ** 0.5)) if np.isfinite(share) else None
