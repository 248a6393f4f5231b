"""Five figures of every numeric column."""

import numpy as np
import pandas as pd


def compute(frame, params):
    summary = {}
    for name in frame.columns[[str(dtype) in ("Int64", "float64") for dtype in frame.dtypes]]:
        values = frame[name].astype("float64").replace([np.inf, -np.inf], np.nan).dropna()
        figures = {key: getattr(values, key)() for key in ("mean", "std", "min", "max")}
        summary[name] = {"count": len(values)} | {
            key: None if pd.isna(value) else float(value) for key, value in figures.items()
        }
    return {"summary": summary}
