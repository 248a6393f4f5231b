"""Lists: bare arrays, paged by query and headers as GitHub does; ``q`` searches names, ``ordering`` sorts."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import filters, pagination
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import InvalidInput

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
MAX_OFFSET = 2**63 - 1


class InvalidPage(InvalidInput):
    reason = "invalid_page"
    message = _("%(name)s must be a whole number from %(least)s to %(most)s.")


class InvalidOrdering(InvalidInput):
    reason = "invalid_ordering"
    message = _("The list can't be ordered by %(field)s. Possible: %(fields)s.")


def whole_number(request: Request, name: str, default: int, least: int, most: int) -> int:
    """A query parameter as a whole number in ``least..most``; anything else is a 400 that names the bounds."""
    raw = request.query_params.get(name)
    if raw is None or raw == "":
        return default
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 20 and least <= int(raw) <= most):
        raise InvalidPage(name=name, least=least, most=most, value=raw[:100])
    return int(raw)


class HeaderPagination(pagination.BasePagination):
    """``limit`` (100; 1–1000) and ``offset`` (alias ``skip``) → ``X-Total-Count`` and RFC 8288 ``Link``."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.limit = whole_number(request, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
        self.offset_name = (
            "skip" if "skip" in request.query_params and "offset" not in request.query_params else "offset"
        )
        self.offset = whole_number(request, self.offset_name, 0, 0, MAX_OFFSET)
        self.total = queryset.count()
        return list(queryset[self.offset : self.offset + self.limit]) if self.offset < self.total else []

    def get_paginated_response(self, data: Any) -> Response:
        headers = {"X-Total-Count": str(self.total)}
        if links := self._links():
            headers["Link"] = ", ".join(f'<{url}>; rel="{rel}"' for rel, url in links.items())
        return Response(data, headers=headers)

    def _links(self) -> dict[str, str]:
        last = max(0, (self.total - 1) // self.limit * self.limit)
        links: dict[str, str] = {}
        if self.offset > 0:
            links |= {"first": self._url(0), "prev": self._url(max(0, self.offset - self.limit))}
        if self.offset + self.limit < self.total:
            links |= {"next": self._url(self.offset + self.limit), "last": self._url(last)}
        return links

    def _url(self, offset: int) -> str:
        query = self.request.query_params.copy()
        query["limit"], query[self.offset_name] = str(self.limit), str(offset)
        return self.request.build_absolute_uri(self.request.path + "?" + urlencode(list(query.lists()), doseq=True))

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        number = {"type": "integer"}
        return [
            {"name": "limit", "in": "query", "description": "How many (100).",
             "schema": number | {"minimum": 1, "maximum": MAX_LIMIT}},
            {"name": "offset", "in": "query", "description": "From which on (0); `skip` is an alias.",
             "schema": number | {"minimum": 0}},
        ]  # fmt: skip

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return schema


class NameSearch(filters.BaseFilterBackend):
    """``q=`` keeps what has the text in one of the view's ``search_fields``, in any case."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        wanted, fields = request.query_params.get("q"), getattr(view, "search_fields", ())
        if not wanted or not fields:
            return queryset
        query = Q()
        for name in fields:
            query |= Q(**{f"{name}__icontains": wanted})
        return queryset.filter(query)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        if not getattr(view, "search_fields", ()):
            return []
        return [{"name": "q", "in": "query", "description": "Searches names.", "schema": {"type": "string"}}]


class Ordering(filters.BaseFilterBackend):
    """``ordering=name`` or ``-name`` (several by commas) of the view's ``ordering_fields``; newest first by default."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        fields = getattr(view, "ordering_fields", ())
        asked = [part for part in request.query_params.get("ordering", "").split(",") if part]
        if not asked or not fields:
            return queryset
        for part in asked:
            if part.removeprefix("-") not in fields:
                raise InvalidOrdering(field=part[:100], fields=sorted(fields))
        return queryset.order_by(*asked, "-pk")

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        fields = sorted(getattr(view, "ordering_fields", ()))
        if not fields:
            return []
        values = [sign + name for name in fields for sign in ("", "-")]
        return [{"name": "ordering", "in": "query", "description": "Sorts; `-` turns round.",
                 "schema": {"type": "string", "enum": values}}]  # fmt: skip
