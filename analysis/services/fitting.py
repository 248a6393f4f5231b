"""The straight line through a series, what it says about the trend, and the points that stand out from it."""

from typing import Literal, NamedTuple

import numpy as np

Trend = Literal["increasing", "decreasing", "flat"]

FLAT = 0.05  # the fitted line moves by less than this share of the mean
STANDS_OUT = 3.5  # Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers: |modified z| > 3.5
_MAD_OF_NORMAL = 0.6744897501960817  # the 0.75 quantile of the standard normal: scales MAD to a standard deviation
_MEAN_DEVIATION_OF_NORMAL = 0.7978845608028654  # sqrt(2/pi), the same for the mean absolute deviation
_ROUNDING = 1e-9  # a spread below this share of the largest value is rounding, not spread


class Line(NamedTuple):
    slope: float
    fitted: np.ndarray


def line(x: np.ndarray, y: np.ndarray) -> Line:
    """Ordinary least squares of ``y`` on ``x``; a single point has slope 0."""
    centred = x - x.mean()
    square = float(centred @ centred)
    slope = float(centred @ (y - y.mean())) / square if square else 0.0
    return Line(slope, y.mean() + slope * centred)


def trend(x: np.ndarray, y: np.ndarray) -> Trend:
    """The word for the fitted line: flat with fewer than 3 points, or when it moves by less than 5 % of the mean."""
    if len(y) < 3:
        return "flat"
    moved = line(x, y).slope * float(x[-1] - x[0])
    if abs(moved) < max(FLAT * abs(float(y.mean())), _ROUNDING * float(np.abs(y).max())) or moved == 0:
        return "flat"
    return "increasing" if moved > 0 else "decreasing"


def standing_out(x: np.ndarray, y: np.ndarray) -> list[tuple[int, float]]:
    """``(position, score)`` of points whose residual from the line has a robust z of at least 3.5 in size.

    z = 0.6745 (r - median) / MAD. Where more than half of the residuals are equal the MAD is 0 and the mean absolute
    deviation takes its place, as Iglewicz and Hoaglin advise.
    """
    if len(y) < 3:
        return []
    residuals = y - line(x, y).fitted
    off = residuals - np.median(residuals)
    noise = _ROUNDING * float(np.abs(y).max())
    spread = float(np.median(np.abs(off))) / _MAD_OF_NORMAL
    if spread <= noise:
        spread = float(np.abs(off).mean()) / _MEAN_DEVIATION_OF_NORMAL
    if spread <= noise:
        return []
    scores = off / spread
    return [(int(at), float(scores[at])) for at in np.flatnonzero(np.abs(scores) >= STANDS_OUT)]
