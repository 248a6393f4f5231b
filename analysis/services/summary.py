"""Summary: count, mean, standard deviation, smallest and largest of every numeric column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.services.answer import Answer, figure, receipt
from tabular.engines.local import Table
from tabular.engines.statistics import FIGURES
from tabular.schema import Column


@dataclass(frozen=True, slots=True)
class Params:
    """A summary asks nothing."""

    @classmethod
    def parse(cls, data: Mapping[str, Any], columns: Sequence[Column], roles: Mapping[str, Any]) -> "Params":
        return cls()

    def canonical(self) -> dict[str, Any]:
        return {}


def run(table: Table, params: Params, labels: Mapping[str, str] | None = None) -> Answer:
    """``{summary: {column: {count, mean, std (ddof 1), min, max}}}``; without numeric columns ``{}``."""
    found = table.describe([column.name for column in table.columns if column.numeric])
    summary = {name: {key: _json(value) for key, value in figures.items()} for name, figures in found.items()}
    return Answer({"summary": summary}, receipt(len(table), len(table), ddof=1))


def _json(value: Any) -> int | float | None:
    return value if isinstance(value, int) else figure(value)


def frame(result: Mapping[str, Any]) -> pd.DataFrame:
    """``column, count, mean, std, min, max``: one row per column."""
    rows = [{"column": name} | figures for name, figures in result["summary"].items()]
    return pd.DataFrame(rows, columns=["column", *FIGURES])
