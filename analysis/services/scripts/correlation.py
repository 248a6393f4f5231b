"""Pearson or Spearman correlation of every two columns, over the rows where both are present."""

import numpy as np
import pandas as pd


def compute(frame, params):
    numbers = frame[params["cols"]].astype("float64").replace([np.inf, -np.inf], np.nan)
    found = {}
    for one in params["cols"]:
        found[one] = {other: 1.0 if one == other else pair(numbers, one, other, params) for other in params["cols"]}
    return {"correlation": found}


def pair(numbers, one, other, params):
    rows = numbers[[one, other]].dropna()
    if params["method"] == "spearman":
        rows = rows.rank()
    if len(rows) < 2 or (rows.nunique() < 2).any():
        return None
    value = rows[one].corr(rows[other])
    return None if pd.isna(value) else float(value)
