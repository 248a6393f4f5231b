"""Counts in equal-width bins."""

import numpy as np


def compute(frame, params):
    cells = frame[params["column"]].astype("float64").replace([np.inf, -np.inf], np.nan)
    values = cells.dropna()
    none = {"mean": None, "std": None, "min": None, "max": None}
    if values.empty:
        return {
            "bins": [],
            "counts": [],
            "fit": None,
            "summary": {"count": 0, **none, "missing": int(cells.isna().sum())},
        }
    counts, edges = np.histogram(values, bins=1 if values.min() == values.max() else params["bins"])
    std = float(values.std()) if len(values) > 1 else None
    normal = {"mean": float(values.mean()), "std": float(values.std(ddof=0))}
    return {
        "bins": edges.tolist(),
        "counts": counts.tolist(),
        "fit": {"distribution": "normal", "params": normal} if params["fit"] else None,
        "summary": {
            "count": len(values),
            "mean": float(values.mean()),
            "std": std,
            "min": float(values.min()),
            "max": float(values.max()),
            "missing": int(cells.isna().sum()),
        },
    }
