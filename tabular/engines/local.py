"""The local engine: a stored Parquet file asked through Polars.

``Table(path, columns)`` is the one door. It reads only the columns a question names, hands back small pandas frames
and plain numbers, keeps no state of its own and may be used from many threads.
"""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import polars as pl

from tabular.engines.bars import Bars, bars
from tabular.engines.conditions import condition
from tabular.engines.source import collect, day, exact_sum, footer, number
from tabular.query import Aggregate, Bucket, Every, Filter, find_column
from tabular.schema import Column

_TRUNCATE: dict[Every, str] = {"day": "1d", "week": "1w", "month": "1mo"}


class Buckets(NamedTuple):
    """``frame``: one row per period that has rows, ascending: ``start`` (date), ``value``, ``used``, ``rows``.

    ``used`` counts the values that went into ``value``; a sum of none is 0, a mean of none is NaN. ``undated`` rows
    matched the filters but have no date.
    """

    frame: pd.DataFrame
    undated: int


class Totals(NamedTuple):
    """``frame``: ``category, value, used`` in order of appearance; ``rows`` matched; ``uncategorised`` left out."""

    frame: pd.DataFrame
    rows: int
    uncategorised: int


class Table:
    """One stored table. ``columns`` in file order, with the types in which they are stored."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self.path = Path(path)
        self.columns = tuple(columns)

    def __len__(self) -> int:
        return footer(self.path).rows

    def column(self, name: str) -> Column:
        return find_column(name, self.columns)

    def _scan(self, filters: Sequence[Filter] = ()) -> pl.LazyFrame:
        frame = footer(self.path).scan
        if not filters:
            return frame
        where = condition(filters, self.columns, frame.collect_schema())
        return frame if where is None else frame.filter(where)

    def bounds(self, name: str) -> tuple[Any, Any] | None:
        """The smallest and the largest value of a date, datetime or numeric column; None where there is no value."""
        column, known = self.column(name), footer(self.path)
        low, high = known.ranges.get(name, (None, None))
        if low is None:
            cell = number(column) if column.numeric else pl.col(name)
            low, high = collect(known.scan.select(low=cell.min(), high=cell.max())).row(0)
        return None if low is None else (low, high)

    def days(self, name: str) -> tuple[date, date] | None:
        """``bounds`` of a date or datetime column as calendar days."""
        found = self.bounds(name)
        return None if found is None else (_as_day(found[0]), _as_day(found[1]))

    def count(self, filters: Sequence[Filter] = ()) -> int:
        """How many rows match."""
        if not filters:
            return len(self)
        return int(collect(self._scan(filters).select(pl.len())).item())

    def buckets(self, bucket: Bucket, aggregate: Aggregate, filters: Sequence[Filter] = ()) -> Buckets:
        """One aggregate per calendar period; days are summed first, they are few."""
        column = self.column(aggregate.column) if aggregate.column else None
        total, used = self._measure(column, aggregate)
        days = collect(
            self._scan(filters)
            .group_by(day(self.column(bucket.column)).alias("day"))
            .agg(total.alias("total"), used.alias("used"), pl.len().alias("rows"))
        )
        dated = days.filter(pl.col("day").is_not_null())
        periods = (
            dated.group_by(pl.col("day").dt.truncate(_TRUNCATE[bucket.every]).alias("start"))
            .agg(pl.col("total", "used", "rows").sum())
            .sort("start")
        )
        frame = pd.DataFrame(
            {
                "start": pd.Series(periods["start"].to_list(), dtype=object),
                "value": _values(periods["total"], periods["used"], aggregate),
                "used": periods["used"].to_numpy(),
                "rows": periods["rows"].to_numpy(),
            }
        )
        return Buckets(frame, int(days["rows"].sum()) - int(dated["rows"].sum()))

    def _measure(self, column: Column | None, aggregate: Aggregate) -> tuple[pl.Expr, pl.Expr]:
        if column is None:
            return pl.len(), pl.len()
        if not column.numeric:
            return pl.col(column.name).count(), pl.col(column.name).count()
        cell = number(column)
        if aggregate.method == "count":
            return cell.count(), cell.count()
        return exact_sum(column, footer(self.path)), cell.count()

    def totals(self, names: Sequence[str], filters: Sequence[Filter] = ()) -> Totals:
        """The sum of each of several numeric columns, in the order asked."""
        columns, known = [self.column(name) for name in names], footer(self.path)
        asked = [exact_sum(column, known).alias(f"s{i}") for i, column in enumerate(columns)]
        asked += [number(column).count().alias(f"n{i}") for i, column in enumerate(columns)]
        row = collect(self._scan(filters).select(*asked, pl.len().alias("rows"))).row(0, named=True)
        frame = pd.DataFrame(
            {
                "category": pd.Series(names, dtype=object),
                "value": [float(row[f"s{i}"]) for i in range(len(columns))],
                "used": [row[f"n{i}"] for i in range(len(columns))],
            }
        )
        return Totals(frame, row["rows"], 0)

    def totals_by(self, name: str, value: str, filters: Sequence[Filter] = (), *, limit: int | None = None) -> Totals:
        """The sum of ``value`` for each distinct cell of ``name``; more than ``limit`` of them: the first, and one."""
        total, used = self._measure(self.column(value), Aggregate(value, "sum"))
        groups = collect(
            self._scan(filters)
            .with_row_index("_row")
            .group_by(pl.col(name).alias("_category"))
            .agg(total.alias("_value"), used.alias("_used"), pl.len().alias("_rows"), pl.col("_row").min())
            .sort("_row")
        )
        known = groups.filter(pl.col("_category").is_not_null())
        kept = known if limit is None else known.head(limit + 1)
        frame = pd.DataFrame(
            {
                "category": pd.Series(kept["_category"].to_list(), dtype=object),
                "value": kept["_value"].cast(pl.Float64).to_numpy(),
                "used": kept["_used"].to_numpy(),
            }
        )
        rows = int(groups["_rows"].sum())
        return Totals(frame, rows, rows - int(known["_rows"].sum()))

    def histogram(self, name: str, bins: int, filters: Sequence[Filter] = ()) -> Bars:
        """Equal-width bins over the range of a numeric column, with numpy's edges and numpy's counts."""
        column = self.column(name)
        return bars(collect(self._scan(filters).select(number(column))).to_series(), bins)


def _values(total: pl.Series, used: pl.Series, aggregate: Aggregate) -> np.ndarray:
    if aggregate.method == "count":
        return total.to_numpy()
    sums = total.cast(pl.Float64).to_numpy()
    if aggregate.method == "sum":
        return sums
    counts = used.to_numpy().astype(float)
    return np.divide(sums, counts, out=np.full(len(sums), np.nan), where=counts > 0)


def _as_day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value
