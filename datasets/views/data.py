"""The data as it is: preview, rows, facets, and the report of how it was read."""

from django.conf import settings
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import caller
from core.api import dumps
from core.caching import conditional, etag_of
from core.lists import whole_number
from datasets import asking, examples
from datasets.models import Dataset
from datasets.reading import ready, table
from datasets.serializers import FacetsSerializer, PreviewSerializer, RowsSerializer


def etag(request: Request, what: str, dataset: Dataset, *facts: object) -> str:
    """The data never changes, so its key and the question say all; the page and the JSON are two things."""
    shape = getattr(request.accepted_renderer, "format", "file")
    return etag_of(what, dataset.pk, dataset.parquet, settings.VERSION, shape, *facts)


class Preview(APIView):
    """``GET /datasets/{id}/preview``."""

    @extend_schema(
        summary="The first rows",
        parameters=examples.PREVIEW_PARAMETERS,
        responses={200: PreviewSerializer},
        examples=examples.PREVIEW,
    )
    def get(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002 - the path's own word
        dataset = ready(caller(request), id)
        name = "rows" if "rows" in request.query_params else "limit"
        count = whole_number(request, name, 5, 1, 100)

        def answer() -> Response:
            rows = asking.first_rows(table(dataset), count)
            facts = {"columns": dataset.column_names, "total_rows": dataset.rows, "preview_rows": len(rows)}
            return Response({"id": dataset.pk, "rows": rows} | facts)

        return conditional(request, etag(request, "preview", dataset, count), answer)


class IngestReport(APIView):
    """``GET /datasets/{id}/ingest-report``."""

    @extend_schema(summary="How the file was read, and why so", responses={200: dict}, examples=examples.REPORT)
    def get(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002
        dataset = ready(caller(request), id)
        return conditional(request, etag(request, "report", dataset), lambda: Response(dataset.report))


class Rows(APIView):
    """``GET /datasets/{id}/rows``."""

    @extend_schema(
        summary="Rows: filtered, sorted, a page of them",
        parameters=[*examples.ROWS_PARAMETERS, *examples.PAGE_PARAMETERS],
        responses={200: RowsSerializer},
        examples=examples.ROWS,
    )
    def get(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002
        dataset = ready(caller(request), id)
        query = asking.rows_query(request.query_params, dataset.columns, paged=True)
        facts = dumps(query.to_dict())
        return conditional(
            request, etag(request, "rows", dataset, facts), lambda: Response(asking.page(table(dataset), query))
        )


class Facets(APIView):
    """``GET /datasets/{id}/facets``."""

    @extend_schema(
        summary="The most frequent values of columns, with their counts",
        parameters=examples.FACETS_PARAMETERS,
        responses={200: FacetsSerializer},
        examples=examples.FACETS,
    )
    def get(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002
        dataset = ready(caller(request), id)
        names = asking.facet_columns(request.query_params.get("cols"), dataset.columns)
        limit = whole_number(request, "limit", 20, 1, 1000)
        filters = asking.filters(request.query_params, dataset.columns)
        facts = dumps([names, limit, [one.to_dict() for one in filters]])

        def answer() -> Response:
            return Response({"id": dataset.pk, "facets": asking.facets(table(dataset), names, limit, filters)})

        return conditional(request, etag(request, "facets", dataset, facts), answer)
