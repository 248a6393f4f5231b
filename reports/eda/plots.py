"""Which pictures a report shows: the most telling first, no more than asked for."""

from collections.abc import Iterator, Mapping
from typing import Any

NAMING = 9  # the rank of a column that only names rows, or says nothing


def plots(found: Mapping[str, Any], most: int) -> list[dict[str, Any]]:
    """``[{kind, column?, at?}]``: classes of the target, time series, correlations, what is missing, distributions."""
    return list(_all(found))[:most]


def _all(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    target = found["target"]
    if target and target["related"]:
        yield {"kind": "related"}
    for at in range(len(found["timeseries"])):
        yield {"kind": "timeseries", "at": at}
    if len(found["correlations"]["pearson"]["columns"]) > 1:
        yield {"kind": "correlation"}
    if found["missing"]["columns"]:
        yield {"kind": "missing"}
    order = sorted(found["columns"], key=lambda one: _rank(one, target))
    for one in order:
        shown = one["distribution"]
        if shown and shown["counts"] and _rank(one, target) < NAMING:
            yield {"kind": "distribution", "column": one["name"]}


def _rank(one: Mapping[str, Any], target: Mapping[str, Any] | None) -> int:
    """The target, then measures, categories, dates; what names a row says nothing by its distribution."""
    if target and one["name"] == target["column"]:
        return 0
    reasons = {issue["reason"] for issue in one["issues"]}
    if one["role"] == "id" or reasons & {"id_like", "suspicious_duplicates", "constant"}:
        return NAMING
    return {"measure": 1, "store": 2, "category": 2}.get(one["role"] or "", 3 if one["dtype"] != "text" else 4)
