"""Totals per category, largest first."""

import re

import numpy as np
import pandas as pd


def compute(frame, params):
    rows = frame
    if params["store"] is not None:
        rows = rows[rows[params["store_column"]].astype("string").eq(params["store"]).fillna(False)]
    if params["period"] is not None:
        start, end = days_of(params["period"])
        day = rows[params["date_column"]].dt.normalize()
        rows = rows[(day >= start) & (day <= end)]
    if params["category_columns"] is not None:
        totals = pd.Series({name: finite(rows[name]).sum() for name in params["category_columns"]}, dtype=float)
    else:
        totals = finite(rows[params["value_column"]]).groupby(rows[params["category_column"]], sort=False).sum()
    if not len(rows):
        totals = totals.iloc[:0]
    ranked = totals.sort_values(ascending=False, kind="stable")
    total = float(ranked.sum())
    shares = ranked.cumsum() / total * 100 if total > 0 else ranked * np.nan
    reached = np.flatnonzero(shares.to_numpy() >= 80 - 1e-9)
    return {
        "data": [
            {
                "category": str(category),
                "value": float(value),
                "metadata": {
                    "percentage": float(value / total * 100) if total > 0 else None,
                    "cumulative": float(shares.iloc[place]) if total > 0 else None,
                },
            }
            for place, (category, value) in enumerate(ranked.items())
        ],
        "total": total,
        "vital_few_threshold": int(reached[0]) + 1 if len(reached) else None,
    }


def finite(values):
    return values.astype("float64").replace([np.inf, -np.inf], np.nan)


def days_of(period):
    """First and last day of 2024, 2024-Q1, 2024-01 or 2024-01-05."""
    kinds = {r"\d{4}": "Y", r"\d{4}-Q\d": "Q", r"\d{4}-\d\d": "M", r"\d{4}-\d\d-\d\d": "D"}
    freq = next(freq for pattern, freq in kinds.items() if re.fullmatch(pattern, period))
    span = pd.Period(period.replace("-Q", "Q"), freq=freq)
    return span.start_time, span.end_time.normalize()
