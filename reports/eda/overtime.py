"""How the measures went over time: the time series of the analyses, at a grain that can be read."""

from collections.abc import Mapping
from typing import Any

from analysis.services import timeseries
from reports.eda.columns import MOST_DAYS, grain
from tabular.engines.local import Table

MOST_SERIES = 2
AGGREGATION = {"day": "daily", "week": "weekly", "month": "monthly"}


def overtime(table: Table, roles: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A time series per measure (of the rows alone where there is none), each with how it was made."""
    name = roles.get("date") or next((one.name for one in table.columns if one.dtype in ("date", "datetime")), None)
    if name is None or table.column(name).dtype not in ("date", "datetime"):
        return []
    days = table.days(name)
    if days is None or days[0] == days[1] or (days[1] - days[0]).days > MOST_DAYS:
        return []
    known = [one for one in roles.get("measures") or () if one in {column.name for column in table.columns}]
    measures = [one for one in known if table.column(one).numeric][:MOST_SERIES]
    asked = [{"target_column": one, "method": "sum"} for one in measures] or [
        {"target_column": name, "method": "count"}
    ]
    made = {"date_column": name, "aggregation": AGGREGATION[grain(*days)]}
    return [made | one | _series(table, made | one, roles) for one in asked]


def _series(table: Table, data: Mapping[str, Any], roles: Mapping[str, Any]) -> dict[str, Any]:
    params = timeseries.Params.parse(data, table.columns, roles)
    return timeseries.run(table, params).result
