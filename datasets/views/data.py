"""The data as it is: preview and ingest report."""

from django.conf import settings
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.caching import conditional, etag_of
from core.lists import whole_number
from datasets import examples, preview
from datasets.models import Dataset
from datasets.reading import ready
from datasets.serializers import PreviewSerializer


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
        dataset = ready(request.user, id)
        name = "rows" if "rows" in request.query_params else "limit"
        count = whole_number(request, name, 5, 1, 100)

        def answer() -> Response:
            rows = preview.first_rows(dataset, count)
            facts = {"columns": dataset.column_names, "total_rows": dataset.rows, "preview_rows": len(rows)}
            return Response({"id": dataset.pk, "rows": rows} | facts)

        return conditional(request, etag(request, "preview", dataset, count), answer)


class IngestReport(APIView):
    """``GET /datasets/{id}/ingest-report``."""

    @extend_schema(summary="How the file was read, and why so", responses={200: dict}, examples=examples.REPORT)
    def get(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002
        dataset = ready(request.user, id)
        return conditional(request, etag(request, "report", dataset), lambda: Response(dataset.report))
