"""One number per period."""

import numpy as np
import pandas as pd

FREQUENCY = {"daily": "D", "weekly": "W-SUN", "monthly": "M"}


def compute(frame, params):
    every, target = FREQUENCY[params["aggregation"]], params["target_column"]
    dates = frame[params["date_column"]].dt.normalize()
    first, last = dates.min(), dates.max()
    start, end = (pd.Timestamp(day) if day else None for day in params["date_range"] or (None, None))
    picked = dates.notna()
    if params["store"] is not None:
        picked &= frame[params["store_column"]].astype("string").eq(params["store"]).fillna(False)
    if start is not None:
        picked &= dates >= start
    if end is not None:
        picked &= dates <= end
    periods = dates[picked].dt.to_period(every)
    values = finite(frame.loc[picked, target]) if params["method"] != "count" else frame.loc[picked, target]
    grouped = getattr(values.groupby(periods), params["method"])()
    if len(grouped):
        grouped = grouped.reindex(pd.period_range(grouped.index.min(), grouped.index.max(), freq=every))
    if params["method"] != "mean":
        grouped = grouped.fillna(0)
    low = first if start is None else max(first, start)
    high = last if end is None else min(last, end)
    complete = [bool(low <= one.start_time and one.end_time.normalize() <= high) for one in grouped.index]
    ends = [one.end_time.date().isoformat() for one in grouped.index]
    numbers = grouped.astype(float)
    x = np.flatnonzero(np.array(complete, dtype=bool) & numbers.notna().to_numpy()).astype(float)
    y = numbers.to_numpy()[x.astype(int)]
    statistics = {key: plain(getattr(numbers, key)()) for key in ("mean", "std", "min", "max")}
    statistics["trend"] = trend(x, y) if len(numbers) else None
    shown = [plain(value) for value in numbers]
    return {
        "timestamp": ends,
        "series": [{"name": target, "values": shown, "statistics": statistics}],
        "events": [
            {"timestamp": ends[at], "value": shown[at], "kind": "spike" if score > 0 else "dip", "score": score}
            for at, score in events(x, y)
        ],
        "complete": complete,
    }


def finite(values):
    return values.astype("float64").replace([np.inf, -np.inf], np.nan)


def plain(value):
    return None if pd.isna(value) or np.isinf(value) else float(value)


def trend(x, y):
    """Flat when the least-squares line moves by less than 5 % of the mean, or has fewer than 3 points."""
    if len(y) < 3:
        return "flat"
    moved = np.polyfit(x, y, 1)[0] * (x[-1] - x[0])
    if abs(moved) < max(0.05 * abs(y.mean()), 1e-9 * np.abs(y).max()) or moved == 0:
        return "flat"
    return "increasing" if moved > 0 else "decreasing"


def events(x, y):
    """Robust z-scores (median, MAD) of the residuals from the line, 3.5 and more in size."""
    if len(y) < 3:
        return []
    residuals = y - np.polyval(np.polyfit(x, y, 1), x)
    off, noise = residuals - np.median(residuals), 1e-9 * np.abs(y).max()
    spread = np.median(np.abs(off)) / 0.6744897501960817
    if spread <= noise:
        spread = np.abs(off).mean() / 0.7978845608028654
    if spread <= noise:
        return []
    return [(int(at), float(score)) for at, score in zip(x, off / spread, strict=True) if abs(score) >= 3.5]
