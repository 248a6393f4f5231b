"""The local engine: a stored Parquet file asked through Polars.

``Table(path, columns)`` is the one door. It reads only the columns a question names, hands back small pandas frames
and plain numbers, keeps no state of its own and may be used from many threads.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
import polars as pl

from tabular.engines import pages, profiles
from tabular.engines.bars import Bars, bars
from tabular.engines.cohorts import Cohorts, cohorts
from tabular.engines.correlations import pearson, spearman
from tabular.engines.facets import Facet, facet
from tabular.engines.profiles import Days, Numbers, Texts
from tabular.engines.source import AT_ONCE, collect, day, exact_sum, footer, number, together
from tabular.engines.statistics import describe
from tabular.named import named
from tabular.query import Aggregate, Bucket, Every, Filter, RowsQuery, find_column
from tabular.schema import Column

_CORRELATIONS = {"pearson": pearson, "spearman": spearman}
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
        return pages.matching(footer(self.path).scan, self.columns, filters)

    def bounds(self, name: str) -> tuple[Any, Any] | None:
        """The smallest and the largest value of a date, datetime or numeric column; None where there is no value."""
        column, known = self.column(name), footer(self.path)
        low, high = known.ranges.get(name, (None, None))
        if low is None:
            cell = number(column) if column.numeric else named(name)
            low, high = collect(known.scan.select(low=cell.min(), high=cell.max())).row(0)
        return None if low is None else (low, high)

    def days(self, name: str) -> tuple[date, date] | None:
        """``bounds`` of a date or datetime column as calendar days."""
        found = self.bounds(name)
        return None if found is None else (_as_day(found[0]), _as_day(found[1]))

    def count(self, filters: Sequence[Filter] = ()) -> int:
        """How many rows match."""
        return pages.count(footer(self.path), self.columns, filters)

    def rows(self, query: RowsQuery) -> tuple[pl.DataFrame, int]:
        """``(rows, total)``: the asked page, or every row, in the stored types."""
        if query.page is None:
            empty = self._scan().select(named(*query.columns)).head(0).collect()
            found = pl.concat([empty, *self.scan_batches(query)])
            return found, len(found)
        return pages.page(footer(self.path), self.columns, query, query.page)

    def scan_batches(self, query: RowsQuery) -> Iterator[pl.DataFrame]:
        """Every matching row in order, in pieces of at most ``pages.BATCH``, for exports."""
        return pages.batches(footer(self.path), self.columns, query)

    def facets(self, names: Sequence[str], limit: int, filters: Sequence[Filter] = ()) -> dict[str, Facet]:
        """The most frequent values of each column, the more frequent first, ties in order of appearance."""
        return {name: facet(self._scan(filters), self.column(name), limit) for name in names}

    def buckets(self, bucket: Bucket, aggregate: Aggregate, filters: Sequence[Filter] = ()) -> Buckets:
        """One aggregate per calendar period; days are summed first, they are few."""
        column = self.column(aggregate.column) if aggregate.column else None
        total, used = self._measure(column, aggregate)
        days = collect(
            self._scan(filters)
            .group_by(day(self.column(bucket.column)).alias("day"))
            .agg(total.alias("total"), used.alias("used"), pl.len().alias("rows")),
            streaming=len(self) > AT_ONCE,
        )
        # In order, so that the same question adds up the same sums in the same way.
        dated = days.filter(pl.col("day").is_not_null()).sort("day")
        periods = (
            dated.group_by(pl.col("day").dt.truncate(_TRUNCATE[bucket.every]).alias("start"), maintain_order=True)
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
            return named(column.name).count(), named(column.name).count()
        cell = number(column)
        if aggregate.method == "count":
            return cell.count(), cell.count()
        return exact_sum(column, footer(self.path)), cell.count()

    def totals(self, names: Sequence[str], filters: Sequence[Filter] = ()) -> Totals:
        """The sum of each of several numeric columns, in the order asked."""
        columns, known, rows = [self.column(name) for name in names], footer(self.path), None
        sums: list[float] = []
        used: list[int] = []
        for group in together(columns, known.rows):
            cells = collect(self._scan(filters).select(named(*(one.name for one in group))), streaming=False)
            rows = len(cells)
            sums += [float(one) for one in cells.select(exact_sum(one, known) for one in group).row(0)]
            used += cells.select(number(one).count() for one in group).row(0)
        frame = pd.DataFrame({"category": pd.Series(names, dtype=object), "value": sums, "used": used})
        return Totals(frame, self.count(filters) if rows is None else rows, 0)

    def totals_by(self, name: str, value: str, filters: Sequence[Filter] = (), *, limit: int | None = None) -> Totals:
        """The sum of ``value`` for each distinct cell of ``name``; more than ``limit`` of them: the first, and one."""
        total, used = self._measure(self.column(value), Aggregate(value, "sum"))
        groups = collect(
            self._scan(filters)
            .with_row_index("_row")
            .group_by(named(name).alias("_category"))
            .agg(total.alias("_value"), used.alias("_used"), pl.len().alias("_rows"), pl.col("_row").min())
            .sort("_row"),
            streaming=len(self) > AT_ONCE,
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

    def describe(self, names: Sequence[str]) -> dict[str, dict[str, Any]]:
        """``{column: {count, mean, std (ddof 1), min, max}}`` of numeric columns."""
        return describe(footer(self.path), [self.column(name) for name in names])

    def correlation(self, names: Sequence[str], method: str) -> np.ndarray:
        """The matrix of ``pearson`` or ``spearman`` over pairwise present rows, NaN where it is not defined."""
        return _CORRELATIONS[method](footer(self.path), [self.column(name) for name in names])

    def cohorts(self, user: str, joined: str | None, active: str, every: Literal["week", "month"]) -> Cohorts:
        """People by first period and period of activity."""
        started = self.column(joined) if joined else None
        return cohorts(self._scan(), self.column(user), started, self.column(active), every)

    def numbers(self, names: Sequence[str]) -> Iterator[Numbers]:
        """The distinct numbers of numeric columns with their counts, one column after the other."""
        return profiles.numbers(footer(self.path), [self.column(name) for name in names])

    def texts(self, name: str) -> Texts:
        """The distinct values of a text or boolean column with their counts."""
        return profiles.texts(footer(self.path), self.column(name))

    def calendar(self, name: str) -> Days:
        """The distinct days of a date or datetime column."""
        return profiles.days(footer(self.path), self.column(name))

    def duplicate_rows(self) -> int:
        """How many rows repeat an earlier one."""
        return profiles.duplicate_rows(footer(self.path))

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
