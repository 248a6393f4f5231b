"""Time series: one number per day, week or month, of one store or all, with statistics, a trend and events."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, get_args

import numpy as np
import pandas as pd

from analysis.services import periods
from analysis.services.answer import Answer, figure, figures, receipt
from analysis.services.fields import Fields
from analysis.services.fitting import standing_out, trend
from analysis.services.periods import Span
from analysis.services.scope import day_filters, store_filter, why_empty
from tabular.engines.local import Buckets, Table
from tabular.errors import notice
from tabular.query import Aggregate, Bucket, Every, Method
from tabular.schema import Column

EVERY: dict[str, Every] = {"daily": "day", "weekly": "week", "monthly": "month"}


@dataclass(frozen=True, slots=True)
class Params:
    target_column: str
    aggregation: str
    method: Method
    date_column: str
    store: str | None = None
    store_column: str | None = None
    start: str | None = None
    end: str | None = None

    @classmethod
    def parse(cls, data: Mapping[str, Any], columns: Sequence[Column], roles: Mapping[str, Any]) -> "Params":
        fields = Fields(data, columns, roles)
        target = fields.required("target_column")
        aggregation = fields.choice("aggregation", list(EVERY), "monthly")
        method: Any = fields.choice("method", get_args(Method), "sum")
        if method != "count":
            fields.numeric(target)
        dated = fields.dated()
        store, store_column = fields.store()
        start, end = fields.date_range()
        return cls(target.name, aggregation, method, dated.name, store, store_column, start, end)

    def canonical(self) -> dict[str, Any]:
        """The question with every default filled in; parsing it gives the same question again."""
        asked = asdict(self)
        start, end = asked.pop("start"), asked.pop("end")
        return asked | {"date_range": [start, end] if start or end else None}


def run(table: Table, params: Params, labels: Mapping[str, str] | None = None) -> Answer:
    """Values by period end, from the first period that has a row to the last; empty ones between are 0 (mean: null)."""
    every, dated = EVERY[params.aggregation], table.column(params.date_column)
    start, end = (day and date.fromisoformat(day) for day in (params.start, params.end))
    filters = store_filter(table, params.store, params.store_column) + day_filters(dated, start or None, end or None)
    found = table.buckets(Bucket(dated.name, every), Aggregate(params.target_column, params.method), filters)
    data = table.days(dated.name)
    warnings = [notice("rows_without_date", rows=found.undated)] if found.undated else []
    if found.frame.empty or data is None:
        return Answer(
            _result(params, [], [], [])
            | {"warnings": [why_empty(table, params.store, params.store_column), *warnings]},
            used_rows(table, found),
        )
    spans, values = filled(found.frame, every, params.method)
    reached = [periods.complete(one, Span(*data), start or None, end or None) for one in spans]
    result = _result(params, spans, values, reached)
    return Answer(result | ({"warnings": warnings} if warnings else {}), used_rows(table, found))


def filled(frame: pd.DataFrame, every: Every, method: Method) -> tuple[list[Span], np.ndarray]:
    """Every period from the first to the last with its value: 0 where none is, NaN for a mean of none."""
    numbers = periods.between(frame["start"].iloc[0], frame["start"].iloc[-1], every)
    at = frame["start"].map(lambda day: periods.number(day, every) - numbers.start).to_numpy(dtype=int)
    values = np.full(len(numbers), np.nan if method == "mean" else 0.0)
    values[at] = frame["value"]
    return [periods.span(one, every) for one in numbers], values


def _result(params: Params, spans: list[Span], values: Any, reached: list[bool]) -> dict[str, Any]:
    numbers = np.asarray(values, dtype=float)
    shown: list[Any] = figures(numbers)
    if params.method == "count":
        shown = [int(value) for value in numbers]
    ends = [one.end.isoformat() for one in spans]
    x, y = _fittable(numbers, reached)
    return {
        "timestamp": ends,
        "series": [
            {"name": params.target_column, "values": shown, "statistics": _statistics(numbers, x, y)},
        ],
        "events": [
            {"timestamp": ends[int(x[at])], "value": shown[int(x[at])], "kind": "spike" if z > 0 else "dip", "score": z}
            for at, z in standing_out(x, y)
        ],
        "complete": reached,
    }


def _fittable(values: np.ndarray, reached: list[bool]) -> tuple[np.ndarray, np.ndarray]:
    """Positions and values of the complete periods that have one."""
    x = np.flatnonzero(np.asarray(reached, dtype=bool) & np.isfinite(values))
    return x.astype(float), values[x]


def _statistics(values: np.ndarray, x: np.ndarray, y: np.ndarray) -> dict[str, Any]:
    """Over the periods shown (std: ddof 1); the trend over the complete ones."""
    shown = pd.Series(values[np.isfinite(values)])
    with np.errstate(over="ignore", invalid="ignore"):
        return {
            "mean": figure(shown.mean()),
            "std": figure(shown.std()),
            "min": figure(shown.min()),
            "max": figure(shown.max()),
            "trend": trend(x, y) if len(values) else None,
        }


def used_rows(table: Table, found: Buckets, *, ddof: int | None = 1) -> dict[str, Any]:
    """The receipt of an answer made of buckets."""
    matched, used = int(found.frame["rows"].sum()) + found.undated, int(found.frame["used"].sum())
    return receipt(
        len(table),
        used,
        ddof=ddof,
        filtered_out=len(table) - matched,
        date_missing=found.undated,
        value_missing=matched - found.undated - used,
    )


def frame(result: Mapping[str, Any]) -> pd.DataFrame:
    """``timestamp, <name>, complete``: one row per period."""
    columns: dict[str, Any] = {"timestamp": [date.fromisoformat(one) for one in result["timestamp"]]}
    columns |= {one["name"]: one["values"] for one in result["series"]}
    return pd.DataFrame(columns | {"complete": result["complete"]})
