"""One number per period, as a list."""

import numpy as np
import pandas as pd


def compute(frame, params):
    every = {"D": "D", "W": "W-SUN", "M": "M"}[params["freq"]]
    dates = frame[params["date"]].dt.normalize()
    periods = dates.dropna().dt.to_period(every)
    values = pd.Series(1, index=frame.index) if params["value"] is None else frame[params["value"]]
    if params["agg"] != "count":
        values = values.astype("float64").replace([np.inf, -np.inf], np.nan)
    grouped = getattr(values.loc[periods.index].groupby(periods), params["agg"])()
    if len(grouped):
        grouped = grouped.reindex(pd.period_range(grouped.index.min(), grouped.index.max(), freq=every))
    if params["agg"] != "mean":
        grouped = grouped.fillna(0)
    name = params["value"] or "count"
    name = "value" if name == "date" else name
    return {
        "trend": [
            {"date": f"{period.end_time.date()}T00:00:00", name: None if pd.isna(value) else float(value)}
            for period, value in grouped.items()
        ],
        "complete": [
            bool(dates.min() <= one.start_time and one.end_time.normalize() <= dates.max()) for one in grouped.index
        ],
    }
