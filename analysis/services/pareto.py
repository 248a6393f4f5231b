"""Pareto: what each product category sells, largest first, and how few of them make 80 %."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.services import categories, periods
from analysis.services.answer import Answer, figure, receipt
from analysis.services.fields import Fields, MissingField
from analysis.services.labels import display_name
from analysis.services.scope import day_filters, store_filter, why_empty
from tabular.engines.local import Table, Totals
from tabular.errors import TableError, gettext_noop, notice
from tabular.schema import Column
from tabular.values import to_json

VITAL_FEW = 80.0
MAX_CATEGORIES = 100_000
_SEVERAL = 3  # so many columns of trade side by side are categories


class NoCategoryColumns(TableError):
    reason = "no_category_columns"
    message = gettext_noop(
        "No category columns were found. Name category_column and value_column, or category_columns. "
        "The columns are: %(columns)s."
    )


class TooManyCategories(TableError):
    reason = "too_many_categories"
    message = gettext_noop("%(column)s has more than %(limit)s different values; it is no category.")


@dataclass(frozen=True, slots=True)
class Params:
    """Either ``category_column`` and ``value_column`` (a long table) or ``category_columns`` (a wide one) are set."""

    analysis_type: str
    category_column: str | None
    value_column: str | None
    category_columns: tuple[str, ...] | None
    store: str | None = None
    store_column: str | None = None
    period: str | None = None
    date_column: str | None = None

    @classmethod
    def parse(cls, data: Mapping[str, Any], columns: Sequence[Column], roles: Mapping[str, Any]) -> "Params":
        fields = Fields(data, columns, roles)
        kind = fields.choice("analysis_type", ["product_category"], "product_category")
        store, store_column = fields.store()
        period = fields.text("period")
        if period is not None:
            periods.named(period)
        dated = None if period is None else fields.dated().name
        return cls(kind, *_categories(fields), store, store_column, period, dated)

    def canonical(self) -> dict[str, Any]:
        wide = None if self.category_columns is None else list(self.category_columns)
        return asdict(self) | {"category_columns": wide}


def _categories(fields: Fields) -> tuple[str | None, str | None, tuple[str, ...] | None]:
    """What is named; else a category column by a measure; else the wide columns."""
    named = fields.some_columns("category_columns")
    if named:
        return None, None, tuple(fields.numeric(column).name for column in named)
    category, value = fields.column("category_column"), fields.column("value_column")
    if value:
        fields.numeric(value)
    measure = value or categories.main_measure(fields.measures())
    if category or value:
        category = category or categories.named_category(fields) or fields.role("category")
        if category is None or measure is None:
            raise MissingField(field="category_column" if category is None else "value_column")
        return category.name, measure.name, None
    return _found(fields, measure)


def _found(fields: Fields, measure: Column | None) -> tuple[str | None, str | None, tuple[str, ...] | None]:
    """A column that is called a category; else several columns of trade; else any category column; else any columns."""
    said, trade = categories.named_category(fields), categories.trade(fields)
    category = said or (fields.role("category") if len(trade) < _SEVERAL else None)
    if category and measure:
        return category.name, measure.name, None
    if not trade:
        raise NoCategoryColumns(columns=fields.names)
    return None, None, tuple(column.name for column in trade)


def run(table: Table, params: Params, labels: Mapping[str, str] | None = None) -> Answer:
    """Categories by value, ties in order of appearance; percentages 0-100 of the total, null when it is not positive.

    ``vital_few_threshold`` is how many of the first categories reach 80 % together. ``labels`` names categories for
    people, before the shipped Japanese names.
    """
    filters = store_filter(table, params.store, params.store_column)
    if params.period is not None and params.date_column is not None:
        filters += day_filters(table.column(params.date_column), *periods.named(params.period))
    found = _totals(table, params, filters)
    ranked = found.frame.sort_values("value", ascending=False, kind="stable")
    running = ranked["value"].cumsum().to_numpy(dtype=float)
    total = float(running[-1]) if len(running) else 0.0
    warnings = []
    if not found.rows:
        warnings.append(why_empty(table, params.store, params.store_column))
    elif not total > 0 or not np.isfinite(total):
        warnings.append(notice("total_not_positive", total=figure(total)))
    if found.uncategorised:
        warnings.append(notice("rows_without_category", rows=found.uncategorised))
    if not found.rows:
        ranked, running = ranked.iloc[:0], running[:0]
    result = _result(ranked, running, total if total > 0 and np.isfinite(total) else None, labels or {})
    result["total"] = figure(total)
    return Answer(result | ({"warnings": warnings} if warnings else {}), _receipt(table, params, found))


def _totals(table: Table, params: Params, filters: list[Any]) -> Totals:
    if params.category_columns is not None:
        return table.totals(params.category_columns, filters)
    assert params.category_column is not None
    assert params.value_column is not None
    found = table.totals_by(params.category_column, params.value_column, filters, limit=MAX_CATEGORIES)
    if len(found.frame) > MAX_CATEGORIES:
        raise TooManyCategories(column=params.category_column, limit=MAX_CATEGORIES)
    return found


def _result(
    ranked: pd.DataFrame, running: np.ndarray, total: float | None, labels: Mapping[str, str]
) -> dict[str, Any]:
    shares = running * (100 / total) if total else None
    if shares is not None and len(shares):
        shares[-1] = 100.0
    data = []
    for place, (category, value) in enumerate(zip(ranked["category"], ranked["value"], strict=True)):
        name = category if isinstance(category, str) else str(to_json(category))
        metadata = {
            "display_name": display_name(name, labels),
            "percentage": figure(value / total * 100) if total else None,
            "cumulative": None if shares is None else figure(shares[place]),
        }
        data.append({"category": name, "value": figure(value), "metadata": metadata})
    reached = None if shares is None else np.flatnonzero(shares >= VITAL_FEW - 1e-9)
    few = None if reached is None else int(reached[0]) + 1
    return {"data": data, "total": None, "vital_few_threshold": few}


def _receipt(table: Table, params: Params, found: Totals) -> dict[str, Any]:
    """A wide row counts as used, whatever cells are empty; a long row needs its category and its value."""
    filtered = len(table) - found.rows
    if params.category_columns is not None:
        return receipt(len(table), found.rows, filtered_out=filtered)
    used = int(found.frame["used"].sum())
    return receipt(
        len(table),
        used,
        filtered_out=filtered,
        category_missing=found.uncategorised,
        value_missing=found.rows - found.uncategorised - used,
    )


def frame(result: Mapping[str, Any]) -> pd.DataFrame:
    """``category, value, percentage, cumulative, display_name``: one row per category."""
    rows = [{"category": one["category"], "value": one["value"]} | one["metadata"] for one in result["data"]]
    return pd.DataFrame(rows, columns=["category", "value", "percentage", "cumulative", "display_name"])
