"""Which column is the date, the store, the category, the measures: as detected, under the owner's overrides."""

from collections.abc import Mapping, Sequence
from typing import Any

from tabular.roles import main_category
from tabular.schema import Column

SINGLE = ("date", "store", "category")


def overridden(schema: Sequence[Mapping[str, Any]], overrides: Mapping[str, Any]) -> tuple[Column, ...]:
    """The columns with their effective roles. ``overrides``: ``{"store": "店舗名", "measures": ["売上"]}``.

    An overridden role leaves the columns that were detected for it.
    """
    given = dict.fromkeys(overrides.get("measures") or (), "measure")
    given |= {overrides[role]: role for role in SINGLE if overrides.get(role)}
    moved = {role for role in SINGLE if overrides.get(role)}
    if overrides.get("measures") is not None:
        moved.add("measure")

    def role_of(column: Mapping[str, Any]) -> Any:
        detected = column.get("role")
        return given.get(column["name"], None if detected in moved else detected)

    return tuple(Column(name=column["name"], dtype=column["dtype"], role=role_of(column)) for column in schema)


def chosen(columns: Sequence[Column]) -> dict[str, Any]:
    """``{date, store, category: a column's name or None, measures: [names]}``; of several categories the best named."""
    found: dict[str, Any] = {
        role: next((column.name for column in columns if column.role == role), None) for role in ("date", "store")
    }
    found["category"] = main_category(columns)
    return found | {"measures": [column.name for column in columns if column.role == "measure"]}
