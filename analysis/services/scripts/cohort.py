"""How many of the people who came first in a period came back later."""

import pandas as pd


def compute(frame, params):
    every = {"month": "M", "week": "W-SUN"}[params["period"]]
    user, active = params["user_column"], params["activity_date_column"]
    joined = params["cohort_date_column"] or active
    rows = frame[frame[user].notna()]
    first_day = rows[[joined, active]].min().min()
    last_day = rows[active].max()
    starts = rows.groupby(user)[joined].min().dropna().dt.to_period(every)
    seen = rows.dropna(subset=[active]).drop_duplicates([user, active])
    seen = pd.DataFrame({"user": seen[user], "period": seen[active].dt.to_period(every)}).drop_duplicates()
    seen["cohort"] = seen["user"].map(starts)
    people = seen.dropna().groupby(["cohort", "period"]).size()
    results: dict = {"cohort_sizes": {}, "retention_rates": {}, "complete": {}}
    if pd.isna(last_day) or starts.empty:
        return {"analysis_type": "cohort_retention", "results": results}
    last = last_day.to_period(every)
    spread = max((last - starts.min()).n + 1, 1)
    spread = min(spread, params["max_periods"] or spread)
    for cohort, size in starts.value_counts().sort_index().items():
        name = cohort.start_time.strftime("%Y-%m" if every == "M" else "%G-W%V")
        results["cohort_sizes"][name] = int(size)
        row, whole = {}, {}
        for offset in range(spread):
            cell, key = cohort + offset, f"{params['period']}_{offset}"
            row[key] = float(people.get((cohort, cell), 0) / size) if cell <= last else None
            reached = cell.end_time.normalize() <= last_day.normalize()
            whole[key] = bool(reached and first_day.normalize() <= cohort.start_time)
        results["retention_rates"][name], results["complete"][name] = row, whole
    return {"analysis_type": "cohort_retention", "results": results}
