"""The bare engine against reading the CSV again with pandas for every question; prints a table of ratios.

python benchmarks/questions.py [rows …]      (default: 10000 1000000)
"""

import gc
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import pandas as pd

from analysis.services import KINDS
from benchmarks import data
from tabular.engines.cells import json_rows
from tabular.engines.local import Table
from tabular.formats import FORMATS
from tabular.query import Page, RowsQuery, parse_filters, parse_sort

SHOP = "恵比寿"
NUMBERS = [column.name for column in data.COLUMNS if column.numeric]
EVERYTHING = tuple(column.name for column in data.COLUMNS)
FILTERS = parse_filters([f"shop,eq,{SHOP}", "Total_Sales,gt,3000"], data.COLUMNS)
SORT = parse_sort("-Total_Sales", data.COLUMNS)


def asked(kind: str, **body) -> Callable[[Table], object]:
    params = KINDS[kind].parse(body, data.COLUMNS, data.ROLES)
    return lambda table: KINDS[kind].run(table, params, {})


def rows_of(page: int, sort=SORT, filters=FILTERS) -> Callable[[Table], object]:
    query = RowsQuery(EVERYTHING, filters, sort, Page(page, 50))
    return lambda table: json_rows(table.rows(query)[0])


def exported(name: str, columns=EVERYTHING) -> Callable[[Table], object]:
    kept = [column for column in data.COLUMNS if column.name in columns]

    def export(table: Table) -> int:
        return sum(map(len, FORMATS[name].write(table.scan_batches(RowsQuery(columns)), kept)))

    return export


def naive_series(path):
    rows = pd.read_csv(path, usecols=["Date", "shop", "Total_Sales"], parse_dates=["Date"])
    rows = rows[rows["shop"] == SHOP].set_index("Date")["Total_Sales"].resample("ME").sum()
    return rows.describe()


def naive_pareto(path):
    return pd.read_csv(path, usecols=list(data.CATEGORIES)).sum().sort_values(ascending=False).cumsum()


def naive_histogram(path):
    return np.histogram(pd.read_csv(path, usecols=["Total_Sales"])["Total_Sales"], 20)


def naive_rows(page):
    def read(path):
        rows = pd.read_csv(path)
        rows = rows[(rows["shop"] == SHOP) & (rows["Total_Sales"] > 3000)]
        rows = rows.sort_values("Total_Sales", ascending=False, kind="stable")
        return len(rows), rows.iloc[(page - 1) * 50 : page * 50].to_dict("records")

    return read


def naive_deep(path):
    rows = pd.read_csv(path).sort_values("Total_Sales", ascending=False, kind="stable")
    return rows.iloc[len(rows) // 2 : len(rows) // 2 + 50].to_dict("records")


def naive_summary(path):
    return pd.read_csv(path, usecols=NUMBERS).agg(["count", "mean", "std", "min", "max"]).to_dict()


def naive_profile(path):
    rows = pd.read_csv(path)
    found = {name: (int(rows[name].isna().sum()), rows[name].nunique()) for name in rows}
    quartiles = rows[NUMBERS].describe().to_dict()
    return found, quartiles, {name: rows[name].value_counts().head(20).to_dict() for name in ("shop", "weather")}


def naive_correlation(path):
    return pd.read_csv(path, usecols=NUMBERS).corr().to_dict()


def naive_trend(path):
    rows = pd.read_csv(path, usecols=["Date", "Total_Sales"], parse_dates=["Date"])
    return rows.set_index("Date")["Total_Sales"].resample("ME").sum().to_dict()


def naive_cohort(path):
    rows = pd.read_csv(path, usecols=["Date", "customers"], parse_dates=["Date"])
    rows["month"] = rows["Date"].dt.to_period("M")
    rows["cohort"] = rows.groupby("customers")["month"].transform("min")
    return rows.groupby(["cohort", "month"])["customers"].nunique().unstack()


def naive_csv(path):
    return len(pd.read_csv(path).to_csv(index=False))


def questions(rows: int) -> list[tuple[str, Callable[[Table], object], Callable[[Path], object]]]:
    deep = max(1, rows // 2 // 50)
    return [
        ("timeseries, one store", asked("timeseries", target_column="Total_Sales", store=SHOP), naive_series),
        ("pareto, 15 columns", asked("pareto"), naive_pareto),
        ("histogram", asked("histogram", column="Total_Sales"), naive_histogram),
        ("rows, filtered and sorted, page 1", rows_of(1), naive_rows(1)),
        ("rows, sorted, a page in the middle", rows_of(deep, filters=()), naive_deep),
        ("summary", asked("summary"), naive_summary),
        ("profile", asked("profile"), naive_profile),
        ("correlation", asked("correlation"), naive_correlation),
        ("trend", asked("trend", value="Total_Sales", freq="M"), naive_trend),
        ("cohort", asked("cohort", user_column="customers"), naive_cohort),
        ("export to CSV", exported("csv"), naive_csv),
    ]


def measured(work: Callable[[], object], seconds: float = 2.0) -> float:
    """Median milliseconds of as many runs as fit (3 at least), after one to warm up."""
    work()
    taken: list[float] = []
    started = time.perf_counter()
    while len(taken) < 3 or (time.perf_counter() - started < seconds and len(taken) < 50):
        gc.collect()
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    return median(taken)


def compare(rows: int, folder: Path) -> None:
    csv, parquet = folder / f"{rows}.csv", folder / f"{rows}.parquet"
    data.write_csv(rows, csv)
    data.write_parquet(rows, parquet)
    table = Table(parquet, data.COLUMNS)
    print(f"\n{rows:,} rows, CSV {csv.stat().st_size / 1e6:.1f} MB, Parquet {parquet.stat().st_size / 1e6:.1f} MB")
    print(f"{'question':36} {'engine ms':>10} {'naive ms':>10} {'ratio':>8}")
    for name, engine, naive in questions(rows):
        ours, theirs = measured(lambda engine=engine: engine(table)), measured(lambda naive=naive: naive(csv))
        print(f"{name:36} {ours:10.1f} {theirs:10.1f} {theirs / ours:7.1f}x", flush=True)
    first = measured(lambda: rows_of(1, filters=())(table))
    deep = measured(lambda: rows_of(rows // 2 // 50, filters=())(table))
    print(f"a deep page costs {deep / first:.1f} times the first ({deep:.1f} ms, {first:.1f} ms)")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        for size in map(int, sys.argv[1:] or ["10000", "1000000"]):
            compare(size, Path(made))
