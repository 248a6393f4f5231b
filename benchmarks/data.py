"""Makes the retail table that the benchmarks ask: the same bytes for the same row count, on any machine.

    python benchmarks/data.py 1000000 /tmp/retail.csv [/tmp/retail.parquet]

23 columns: a day, a Japanese shop, a receipt, fifteen category columns in yen (hundreds), the total, and what goes with
a day's trade. A million rows are about 95 MB of CSV.
"""

import sys
from pathlib import Path

import numpy as np
import polars as pl

from tabular.schema import Column

SHOPS = ("恵比寿", "渋谷", "新宿", "吉祥寺", "横浜", "名古屋", "梅田", "心斎橋", "博多", "札幌", "仙台", "広島")
CATEGORIES = (
    "Mens_JACKETS&OUTER2",
    "Mens_KNIT",
    "Mens_PANTS",
    "Mens_TOPS",
    "WOMEN'S_JACKETS2",
    "WOMEN'S_TOPS",
    "WOMEN'S_ONEPIECE",
    "WOMEN'S_SKIRT",
    "WOMEN'S_KNIT",
    "WOMEN'S_BOTTOMS",
    "KIDS",
    "SHOES",
    "BAG",
    "ACCESSORY",
    "COSMETICS",
)
WEATHER = ("晴", "曇", "雨", "雪")
FIRST_DAY, LAST_DAY = np.datetime64("2019-04-01"), np.datetime64("2024-12-31")
BLOCK = 1_000_000

COLUMNS: tuple[Column, ...] = (
    Column("Date", "date", "date"),
    Column("shop", "text", "store"),
    Column("receipt", "text", "id"),
    *(Column(name, "integer", "measure") for name in CATEGORIES),
    Column("Total_Sales", "integer", "measure"),
    Column("customers", "integer", "measure"),
    Column("per_customer", "decimal", "measure"),
    Column("temperature", "decimal", "measure"),
    Column("weather", "text"),
)
ROLES = {
    "date": "Date",
    "store": "shop",
    "category": None,
    "measures": [column.name for column in COLUMNS if column.role == "measure"],
}


def frames(rows: int, *, block: int = BLOCK):
    """The table in blocks of at most ``block`` rows, in the order of its days; block boundaries change no value."""
    for start in range(0, rows, block):
        yield _block(start, min(block, rows - start), rows)


def _block(start: int, count: int, rows: int) -> pl.DataFrame:
    random = np.random.default_rng([20190401, start, rows])
    place = np.arange(start, start + count)
    days = FIRST_DAY + (place * (int((LAST_DAY - FIRST_DAY).astype(int)) + 1) // rows)
    columns: dict[str, object] = {
        "Date": days.astype("datetime64[D]"),
        "shop": pl.Series(np.array(SHOPS, dtype=object)[random.integers(0, len(SHOPS), count)], dtype=pl.String),
        "receipt": pl.Series(place).cast(pl.String),
    }
    total = np.zeros(count, dtype=np.int64)
    for index, name in enumerate(CATEGORIES):
        sold = random.random(count) < 0.62
        columns[name] = np.where(sold, random.gamma(1.4, 70 + 25 * index, count).astype(np.int64) + 1, 0)
        total += columns[name]
    customers = random.integers(1, 99, count)
    columns |= {
        "Total_Sales": total,
        "customers": customers,
        "per_customer": np.round(total / customers, 1),
        "temperature": np.round(15 + 12 * np.sin(place / rows * 36) + random.normal(0, 3, count), 1),
        "weather": pl.Series(np.array(WEATHER, dtype=object)[random.integers(0, 4, count)], dtype=pl.String),
    }
    return pl.DataFrame(columns)


def write_csv(rows: int, path: Path) -> None:
    with path.open("wb") as out:
        for number, frame in enumerate(frames(rows)):
            frame.write_csv(out, include_header=number == 0)


def write_parquet(rows: int, path: Path) -> None:
    blocks = [frame.lazy() for frame in frames(rows)]
    pl.concat(blocks).sink_parquet(path, compression="zstd", row_group_size=131_072)


if __name__ == "__main__":
    write_csv(int(sys.argv[1]), Path(sys.argv[2]))
    if len(sys.argv) > 3:
        write_parquet(int(sys.argv[1]), Path(sys.argv[3]))
