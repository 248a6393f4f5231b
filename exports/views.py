"""``GET /export/{job_id}``: the answer of an analysis as a file."""

from collections.abc import Iterator

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from analysis.models import AnalysisJob
from analysis.services import KINDS
from analysis.views import etag, finished, get_job, result
from core.api import AnyAccept
from core.caching import conditional, etag_of
from core.files import attachment
from tabular.formats import FORMATS, Format, format_named, from_pandas

# The contract names these for answers; NDJSON is for rows.
OFFERED = ("csv", "xlsx", "parquet", "json")


def switch(request: Request, name: str) -> bool:
    return request.query_params.get(name, "").lower() in {"true", "1", "yes", "on"}


class ExportJob(APIView):
    """The result laid out as a pandas user would: one row per period, category, bin, column or cell."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        summary="An answer as a file",
        parameters=[
            OpenApiParameter("format", str, enum=OFFERED, default="csv"),
            OpenApiParameter("bom", bool, description="CSV: begin with a byte order mark, for Excel."),
            OpenApiParameter("raw", bool, description="Leave cells that a spreadsheet would run as they are."),
        ],
        responses={(200, form.content_type): OpenApiTypes.BINARY for form in map(FORMATS.__getitem__, OFFERED)}
        | {409: OpenApiResponse(description="The job has no result yet.")},
    )
    def get(self, request: Request, job_id: str) -> HttpResponseBase:
        form = format_named(request.query_params.get("format") or "csv")
        job = finished(get_job(request, job_id))
        bom, raw = switch(request, "bom"), switch(request, "raw")
        name = f"{job.dataset.name} {job.kind}.{form.extension}"
        return conditional(
            request,
            etag_of(etag(job), form.extension, bom, raw),
            lambda: attachment(b"".join(content(job, form, bom=bom, raw=raw)), name, form.content_type),
        )


def content(job: AnalysisJob, form: Format, *, bom: bool, raw: bool) -> Iterator[bytes]:
    """The job's result in the given format, piece by piece."""
    frame = KINDS[job.kind].frame(result(job))
    batches, columns = from_pandas(frame)
    form.check(len(frame), columns)
    return form.write(batches, columns, bom=bom, raw=raw)
