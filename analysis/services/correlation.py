"""Correlation: how strongly every two numeric columns move together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.services.answer import Answer, figure, receipt
from analysis.services.fields import Fields
from tabular.engines.local import Table
from tabular.errors import TableError, gettext_noop
from tabular.schema import Column

MAX_COLUMNS = 200


class TooManyColumns(TableError):
    reason = "too_many_columns_asked"
    message = gettext_noop("%(count)s columns are too many to correlate; name at most %(limit)s in cols.")


@dataclass(frozen=True, slots=True)
class Params:
    cols: tuple[str, ...]
    method: str

    @classmethod
    def parse(cls, data: Mapping[str, Any], columns: Sequence[Column], roles: Mapping[str, Any]) -> "Params":
        fields = Fields(data, columns, roles)
        named = fields.some_columns("cols")
        chosen = [column for column in columns if column.numeric] if named is None else map(fields.numeric, named)
        names = tuple(column.name for column in chosen)
        if len(names) > MAX_COLUMNS:
            raise TooManyColumns(count=len(names), limit=MAX_COLUMNS)
        return cls(names, fields.choice("method", ["pearson", "spearman"], "pearson"))

    def canonical(self) -> dict[str, Any]:
        return {"cols": list(self.cols), "method": self.method}


def run(table: Table, params: Params, labels: Mapping[str, str] | None = None) -> Answer:
    """``{correlation: {a: {b: r}}}`` over the rows where both are present; null for a constant, 1 on the diagonal."""
    matrix = table.correlation(params.cols, params.method)
    correlation = {
        one: {other: 1.0 if one == other else figure(matrix[i, j]) for j, other in enumerate(params.cols)}
        for i, one in enumerate(params.cols)
    }
    return Answer({"correlation": correlation}, receipt(len(table), len(table)))


def frame(result: Mapping[str, Any]) -> pd.DataFrame:
    """``column`` and one column per column: the matrix."""
    correlation = result["correlation"]
    return pd.DataFrame([{"column": one} | row for one, row in correlation.items()], columns=["column", *correlation])
