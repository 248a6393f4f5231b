"""Answers and rows as files: at once, or by a worker where that is preferred."""

from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.authentication import caller
from analysis.views import etag
from core.api import AnyAccept, dumps
from core.caching import conditional, etag_of
from core.files import attachment
from datasets import examples, sending, storage
from exports import background
from exports.asked import Asked, answer_file, rows_file
from jobs.http import accepted, wants_async
from jobs.views import job_of
from tabular.formats import FORMATS

# The contract names these for answers; NDJSON is for rows.
OFFERED = ("csv", "xlsx", "parquet", "json")


def send(request: Request, asked: Asked, tag: str, *, whole: bool) -> HttpResponseBase:
    """The file, or 202 where a worker may write it. ``whole``: small enough to know its length."""
    if wants_async(request):
        return accepted(background.queue(asked=asked, user=caller(request)), request, dataset_id=asked.dataset.pk)

    def answer() -> HttpResponseBase:
        content: Any = b"".join(asked.content()) if whole else asked.content()
        return attachment(content, asked.filename, asked.form.content_type)

    return conditional(request, tag, answer)


class ExportJob(APIView):
    """``GET /export/{job_id}``: one row per period, category, bin, column or cell."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        summary="An answer as a file",
        parameters=[
            OpenApiParameter("format", str, enum=OFFERED, default="csv"),
            OpenApiParameter("bom", bool, description="CSV: begin with a byte order mark, for Excel."),
            OpenApiParameter("raw", bool, description="Leave cells that a spreadsheet would run as they are."),
        ],
        responses={(200, form.content_type): OpenApiTypes.BINARY for form in map(FORMATS.__getitem__, OFFERED)},
    )
    def get(self, request: Request, job_id: str) -> HttpResponseBase:
        asked = answer_file(caller(request), job_id, request.query_params)
        return send(request, asked, etag_of(etag(asked.job), asked.shape), whole=True)


class ExportRows(APIView):
    """``GET /datasets/{id}/export``: every matching row, streamed."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        summary="Every matching row as a file",
        parameters=[*examples.ROWS_PARAMETERS, *examples.EXPORT_PARAMETERS],
        responses={(200, form.content_type): OpenApiTypes.BINARY for form in FORMATS.values()},
    )
    def get(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002 - the path's own word
        asked = rows_file(caller(request), id, request.query_params)
        facts = dumps(asked.query.to_dict())
        tag = etag_of("export", asked.dataset.pk, asked.dataset.parquet, settings.VERSION, facts, asked.shape)
        return send(request, asked, tag, whole=False)


class ExportedFile(APIView):
    """``GET /export/files/{id}``: what a worker wrote, for who asked for it."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        summary="A file that a worker wrote",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002 - the path's own word
        job = job_of(request, id)
        key = background.finished(job)
        return sending.original(request._request, storage.local_copy(key), (job.result or {})["filename"], etag_of(key))
