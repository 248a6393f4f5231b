"""A URL's question about the rows of a table, and its answer as JSON or as a file."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from tabular.engines.cells import json_rows
from tabular.engines.local import Table
from tabular.formats import Format
from tabular.query import Filter, Page, RowsQuery, parse_columns, parse_filters, parse_sort
from tabular.schema import Column
from tabular.values import to_json

FACETS_BY_DEFAULT = 20
MAX_FACETS = 100
TRUE = frozenset({"true", "1", "yes", "on"})


class TooManyFacets(InvalidInput):
    reason = "too_many_facets"
    message = _("%(count)s columns are too many for one question; the limit is %(limit)s.")


def switch(params: QueryDict, name: str) -> bool:
    return params.get(name, "").lower() in TRUE


def filters(params: QueryDict, columns: Sequence[Column]) -> tuple[Filter, ...]:
    return parse_filters(params.getlist("f"), columns)


def rows_query(params: QueryDict, columns: Sequence[Column], *, paged: bool) -> RowsQuery:
    """``columns, f, sort, page, page_size``, checked against the table."""
    return RowsQuery(
        columns=parse_columns(params.get("columns"), columns),
        filters=filters(params, columns),
        sort=parse_sort(params.get("sort"), columns),
        page=Page.from_text(params.get("page"), params.get("page_size")) if paged else None,
    )


def first_rows(table: Table, count: int) -> list[dict[str, Any]]:
    rows, _total = table.rows(RowsQuery(tuple(column.name for column in table.columns), page=Page(1, count)))
    return json_rows(rows)


def page(table: Table, query: RowsQuery) -> dict[str, Any]:
    """The documented page object; past the end it has no items."""
    rows, total = table.rows(query)
    asked = query.page or Page()
    pages = -(-total // asked.size)
    before = min(asked.number - 1, pages)
    return {
        "page": asked.number,
        "page_size": asked.size,
        "total": total,
        "pages": pages,
        "has_next": asked.number < pages,
        "has_prev": before > 0,
        "next_page": asked.number + 1 if asked.number < pages else None,
        "prev_page": before or None,
        "items": json_rows(rows),
    }


def facet_columns(text: str | None, columns: Sequence[Column]) -> tuple[str, ...]:
    """The columns asked for; else the first ones whose values are words."""
    if text:
        names = parse_columns(text, columns)
        if len(names) > MAX_FACETS:
            raise TooManyFacets(count=len(names), limit=MAX_FACETS)
        return names
    return tuple(column.name for column in columns if column.dtype in {"text", "boolean"})[:FACETS_BY_DEFAULT]


def facets(table: Table, names: Sequence[str], limit: int, asked: Sequence[Filter]) -> dict[str, Any]:
    found = table.facets(names, limit, asked)
    return {
        name: {
            "values": [{"value": to_json(value), "count": count} for value, count in facet.values],
            "unique": facet.unique,
            "missing": facet.missing,
        }
        for name, facet in found.items()
    }


def file(table: Table, query: RowsQuery, form: Format, *, bom: bool, raw: bool) -> Iterator[bytes]:
    """Every matching row in ``form``, streamed. What the format can't hold is refused before the first byte."""
    columns = [table.column(name) for name in query.columns]
    form.check(table.count(query.filters), columns)
    content = form.write(table.scan_batches(query), columns, bom=bom, raw=raw)
    return chain([next(content, b"")], content)
