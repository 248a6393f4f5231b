"""Histogram: how the numbers of one column are distributed over equal-width bins."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from analysis.services.answer import Answer, receipt
from analysis.services.fields import Fields
from tabular.engines.local import Table
from tabular.errors import notice
from tabular.schema import Column

MAX_BINS = 1_000


@dataclass(frozen=True, slots=True)
class Params:
    column: str
    bins: int
    fit: str | None = None

    @classmethod
    def parse(cls, data: Mapping[str, Any], columns: Sequence[Column], roles: Mapping[str, Any]) -> "Params":
        fields = Fields(data, columns, roles)
        column = fields.numeric(fields.required("column"))
        bins = fields.whole("bins", 1, MAX_BINS, 20)
        fit = fields.choice("fit", ["normal"], "") or None
        assert bins is not None
        return cls(column.name, bins, fit)

    def canonical(self) -> dict[str, Any]:
        return asdict(self)


def run(table: Table, params: Params, labels: Mapping[str, str] | None = None) -> Answer:
    """n+1 edges and n counts, numpy's to the row; a constant column is one bar, no numbers are none.

    ``summary.std`` has ddof 1; ``fit`` is the maximum likelihood normal, whose standard deviation has ddof 0.
    """
    bars = table.histogram(params.column, params.bins)
    result: dict[str, Any] = {
        "bins": bars.edges,
        "counts": bars.counts,
        "fit": None,
        "summary": {
            "count": bars.count,
            "mean": bars.mean,
            "std": bars.std,
            "min": bars.low,
            "max": bars.high,
            "missing": bars.missing,
        },
    }
    if params.fit and bars.mean is not None:
        spread = 0.0 if bars.std is None else bars.std * ((bars.count - 1) / bars.count) ** 0.5
        result["fit"] = {"distribution": "normal", "params": {"mean": bars.mean, "std": spread}}
    if not bars.count:
        result["warnings"] = [notice("no_values", column=params.column)]
    return Answer(result, receipt(len(table), bars.count, ddof=1, value_missing=bars.missing))


def frame(result: Mapping[str, Any]) -> pd.DataFrame:
    """``bin_start, bin_end, count``: one row per bin; the last bin holds its end too."""
    edges = result["bins"]
    return pd.DataFrame({"bin_start": edges[:-1], "bin_end": edges[1:], "count": result["counts"]})
