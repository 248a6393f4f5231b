"""What is in every column: missing cells, distinct values and statistics (not the issues found in them)."""

import numpy as np
import pandas as pd


def compute(frame, params):
    return {"rows": len(frame), "columns": [describe(name, frame[name]) for name in frame.columns]}


def describe(name, cells):
    if str(cells.dtype) in ("Int64", "float64"):
        cells = cells.astype("float64").replace([np.inf, -np.inf], np.nan)
        statistics = numbers(cells.dropna())
    elif pd.api.types.is_datetime64_any_dtype(cells):
        statistics = days(cells.dropna())
    else:
        counts = cells.dropna().value_counts(sort=False)
        top = counts.reindex(cells.dropna().drop_duplicates()).sort_values(ascending=False, kind="stable").head(20)
        key = str.lower if str(cells.dtype) == "boolean" else str
        statistics = {"value_counts": {key(str(value)): int(rows) for value, rows in top.items()}}
    missing = int(cells.isna().sum())
    return {
        "name": name,
        "missing_count": missing,
        "missing_rate": missing / len(cells) if len(cells) else 0.0,
        "unique_count": int(cells.nunique()),
        "statistics": statistics,
    }


def numbers(values):
    figures = {key: getattr(values, key)() for key in ("mean", "median", "std", "min", "max")}
    figures |= {"q1": values.quantile(0.25), "q3": values.quantile(0.75)}
    return {key: None if pd.isna(value) else float(value) for key, value in figures.items()}


def days(moments):
    """The range, the usual step between days, and the steps of more than one and a half times that."""
    distinct = pd.Series(moments.dt.normalize().unique()).sort_values(ignore_index=True)
    steps = distinct.diff().dt.days.dropna().astype(int)
    usual = int(steps.median()) if len(steps) else None
    wide = steps[steps > 1.5 * (usual or 1)].sort_values(ascending=False, kind="stable")
    gaps = [
        {"after": str(distinct[at - 1].date()), "before": str(distinct[at].date()), "days": int(step) - 1}
        for at, step in wide.items()
    ]
    return {
        "distinct_days": len(distinct),
        "usual_step_days": usual,
        "gap_count": len(gaps),
        "gaps": gaps[:10],
    }
