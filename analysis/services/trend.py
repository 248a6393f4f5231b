"""Trend: a value per day, week or month of one date column, as a plain list."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, get_args

import pandas as pd

from analysis.services import periods
from analysis.services.answer import Answer, figures
from analysis.services.fields import Fields, MissingField
from analysis.services.periods import Span
from analysis.services.timeseries import filled, used_rows
from tabular.engines.local import Table
from tabular.errors import notice
from tabular.query import Aggregate, Bucket, Every, Method
from tabular.schema import Column

FREQUENCIES: dict[str, Every] = {"D": "day", "W": "week", "M": "month"}


@dataclass(frozen=True, slots=True)
class Params:
    """``value`` is None only for a count of rows."""

    date_column: str
    value: str | None
    freq: str
    agg: Method

    @classmethod
    def parse(cls, data: Mapping[str, Any], columns: Sequence[Column], roles: Mapping[str, Any]) -> "Params":
        fields = Fields(data, columns, roles)
        dated, value = fields.dated("date"), fields.column("value")
        agg: Any = fields.choice("agg", get_args(Method), "sum")
        freq = fields.choice("freq", list(FREQUENCIES), "D")
        if agg != "count":
            if value is None:
                raise MissingField(field="value")
            fields.numeric(value)
        return cls(dated.name, value.name if value else None, freq, agg)

    def canonical(self) -> dict[str, Any]:
        asked = asdict(self)
        return {"date": asked.pop("date_column")} | asked

    @property
    def label(self) -> str:
        """What the value is called in the result; a value column named ``date`` would hide the date."""
        name = self.value or "count"
        return "value" if name == "date" else name


def run(table: Table, params: Params, labels: Mapping[str, str] | None = None) -> Answer:
    """``{trend: [{date: period end, <value column>: …}], complete: [bool]}``; empty periods as in a time series."""
    every = FREQUENCIES[params.freq]
    found = table.buckets(Bucket(params.date_column, every), Aggregate(params.value, params.agg))
    data = table.days(params.date_column)
    result: dict[str, Any] = {"trend": [], "complete": []}
    warnings = [notice("rows_without_date", rows=found.undated)] if found.undated else []
    if not found.frame.empty and data is not None:
        spans, values = filled(found.frame, every, params.agg)
        shown = [int(one) for one in values] if params.agg == "count" else figures(values)
        ends = [f"{one.end.isoformat()}T00:00:00" for one in spans]
        result["trend"] = [{"date": end, params.label: value} for end, value in zip(ends, shown, strict=True)]
        result["complete"] = [periods.complete(one, Span(*data)) for one in spans]
    return Answer(result | ({"warnings": warnings} if warnings else {}), used_rows(table, found, ddof=None))


def frame(result: Mapping[str, Any]) -> pd.DataFrame:
    """``date, <value column>, complete``: one row per period."""
    rows = [one | {"complete": whole} for one, whole in zip(result["trend"], result["complete"], strict=True)]
    made = pd.DataFrame(rows) if rows else pd.DataFrame(columns=["date", "value", "complete"])
    made["date"] = [date.fromisoformat(one[:10]) for one in made["date"]]
    return made
