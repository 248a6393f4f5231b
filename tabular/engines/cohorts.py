"""Who came when, and who came back: people by the period of their first day and the periods of their activity."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from tabular.engines.source import collect, day, heavy
from tabular.named import named
from tabular.schema import Column


@dataclass(frozen=True, slots=True)
class Cohorts:
    """Numbers of periods as ``period_number`` makes them.

    ``sizes``: people per cohort; ``active``: ``(cohort, period) -> people``; ``first`` is the first day of all,
    ``last`` the last day with activity. ``rows`` were looked at; ``nobody`` (no person) and ``undated`` left out;
    ``early`` activities came before their cohort's period.
    """

    sizes: dict[int, int]
    active: dict[tuple[int, int], int]
    first: date | None
    last: date | None
    rows: int
    nobody: int
    undated: int
    early: int


def period_number(days: pl.Expr, every: Literal["week", "month"]) -> pl.Expr:
    """Consecutive numbers for consecutive periods; weeks begin on Monday (1970-01-01 was a Thursday)."""
    if every == "month":
        return days.dt.year().cast(pl.Int32) * 12 + days.dt.month().cast(pl.Int32) - 1
    return (days.cast(pl.Int32) + 3).floordiv(7)


def cohorts(
    frame: pl.LazyFrame, user: Column, joined: Column | None, active: Column, every: Literal["week", "month"]
) -> Cohorts:
    """A person's cohort is the period of the earliest ``joined``, or of the first activity where there is none."""
    with heavy:
        rows = collect(
            frame.select(user=named(user.name), joined=day(joined) if joined else day(active), active=day(active))
        )
        known = rows.filter(pl.col("user").is_not_null())
        people = known.lazy().group_by("user").agg(pl.col("joined").min())
        people = people.filter(pl.col("joined").is_not_null()).select(
            "user", cohort=period_number(pl.col("joined"), every)
        )
        seen = (
            known.lazy()
            .filter(pl.col("active").is_not_null())
            .select("user", period=period_number(pl.col("active"), every))
        )
        placed = seen.join(people, on="user", how="inner")
        later = placed.filter(pl.col("period") >= pl.col("cohort")).unique()
        sizes, cells, early, used = pl.collect_all(
            [
                people.group_by("cohort").len().sort("cohort"),
                later.group_by("cohort", "period").len(),
                placed.filter(pl.col("period") < pl.col("cohort")).select(pl.len()),
                placed.select(pl.len()),
            ]
        )
    span = known.select(first=pl.min_horizontal("joined", "active").min(), last=pl.col("active").max()).row(0)
    return Cohorts(
        sizes=dict(sizes.iter_rows()),
        active={(cohort, period): people for cohort, period, people in cells.iter_rows()},
        first=span[0],
        last=span[1],
        rows=len(rows),
        nobody=len(rows) - len(known),
        undated=len(known) - used.item(),
        early=early.item(),
    )
