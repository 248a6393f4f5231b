"""Polars (the engine) and DuckDB on the same Parquet file, each bare, for the choice of one of them.

uv pip install duckdb  (into an environment of its own: the product does not need it)
python benchmarks/engines.py TABLE.parquet
"""

import sys
import time
from statistics import median

import duckdb
import polars as pl

PATH = sys.argv[1]
CATEGORIES = [
    name
    for name in pl.read_parquet_schema(PATH)
    if name.startswith(("Mens", "WOMEN")) or name in ("KIDS", "SHOES", "BAG")
]
NUMBERS = [name for name, dtype in pl.read_parquet_schema(PATH).items() if dtype.is_numeric()]
SCAN = pl.scan_parquet(PATH)
CONNECTION = duckdb.connect()
TABLE = f"read_parquet('{PATH}')"


def sql(query: str):
    return lambda: CONNECTION.cursor().execute(query).fetchall()


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


FIGURES = ("count", "avg", "stddev_samp", "min", "max")
PAIRS = [(one, other) for at, one in enumerate(NUMBERS) for other in NUMBERS[:at]]
QUESTIONS = {
    "monthly series, one store": (
        lambda: SCAN.filter(pl.col("shop") == "恵比寿").group_by("Date").agg(pl.col("Total_Sales").sum()).collect(),
        sql(f"select Date, sum(Total_Sales) from {TABLE} where shop = '恵比寿' group by 1"),
    ),
    "pareto": (
        lambda: SCAN.select(pl.col(CATEGORIES).sum()).collect(),
        sql(f"select {', '.join(f'sum({quoted(one)})' for one in CATEGORIES)} from {TABLE}"),
    ),
    "histogram": (
        lambda: SCAN.group_by((pl.col("Total_Sales") / 600).floor()).len().collect(),
        sql(f"select floor(Total_Sales / 600), count(*) from {TABLE} group by 1"),
    ),
    "filtered, sorted, first 50": (
        lambda: SCAN.filter(pl.col("shop") == "恵比寿").sort("Total_Sales", descending=True).head(50).collect(),
        sql(f"select * from {TABLE} where shop = '恵比寿' order by Total_Sales desc limit 50"),
    ),
    "sorted, 50 from the middle": (
        lambda: SCAN.sort("Total_Sales", descending=True).slice(500_000, 50).collect(),
        sql(f"select * from {TABLE} order by Total_Sales desc limit 50 offset 500000"),
    ),
    "summary": (
        lambda: SCAN.select(
            getattr(pl.col(NUMBERS), one)().name.suffix(one) for one in ("count", "mean", "std", "min", "max")
        ).collect(),
        sql(f"select {', '.join(f'{f}({quoted(n)})' for n in NUMBERS for f in FIGURES)} from {TABLE}"),
    ),
    "correlation": (
        lambda: SCAN.select(pl.corr(one, other).alias(f"{one} {other}") for one, other in PAIRS).collect(),
        sql(f"select {', '.join(f'corr({quoted(one)}, {quoted(other)})' for one, other in PAIRS)} from {TABLE}"),
    ),
    "export to CSV": (
        lambda: SCAN.sink_csv("/tmp/engines.csv"),
        sql(f"copy (select * from {TABLE}) to '/tmp/engines.csv'"),
    ),
}


def milliseconds(work) -> float:
    work()
    taken = []
    for _ in range(5):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    return median(taken)


if __name__ == "__main__":
    print(f"polars {pl.__version__}, duckdb {duckdb.__version__}, {PATH}")
    for name, (polars, duck) in QUESTIONS.items():
        print(f"{name:30} polars {milliseconds(polars):9.1f} ms   duckdb {milliseconds(duck):9.1f} ms", flush=True)
