"""Background jobs over HTTP: the list of mine, one, its events, and calling it off."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.access import fetch
from core.api import AnyAccept
from core.errors import InvalidInput, NotFound
from jobs import requesting
from jobs.events import EventStream, let_go
from jobs.models import Job
from jobs.serializers import JobSerializer

EXAMPLE = OpenApiExample(
    "A running job",
    value={
        "id": 12, "job_id": 12, "kind": "ingest", "status": "running", "progress": 40, "message": "Copied jan.csv",
        "counts": {"files": 80, "total": 200}, "result": None, "error": None, "session_id": 3,
        "created_at": "2026-01-31T09:00:00.000000+00:00", "started_at": "2026-01-31T09:00:00.200000+00:00",
        "ended_at": None,
    },
    response_only=True,
)  # fmt: skip


class JobNotFound(NotFound):
    reason = "job_not_found"
    message = _("There is no job %(id)s.")


class InvalidJobFilter(InvalidInput):
    reason = "invalid_filter"
    message = _("%(value)s is no value of %(name)s. Possible: %(values)s.")


def job_of(request: Request, pk: int | str) -> Job:
    return fetch(Job.objects.all(), Job.objects.visible_to(request.user), pk, JobNotFound)  # type: ignore[arg-type]


@extend_schema(
    summary="My background jobs",
    description="Newest first. A job is kept for 30 days after its end.",
    parameters=[
        OpenApiParameter("status", str, enum=list(Job.Status.values)),
        OpenApiParameter("kind", str, description="Only this kind, e.g. `ingest`."),
    ],
    responses=JobSerializer(many=True),
    examples=[EXAMPLE],
)
class JobList(generics.ListAPIView[Job]):
    serializer_class = JobSerializer
    ordering_fields = ("id", "created_at", "progress", "status", "kind")

    def get_queryset(self) -> QuerySet[Job]:
        jobs = Job.objects.listed_for(self.request.user)  # type: ignore[arg-type]
        asked = self.request.query_params
        if status := asked.get("status"):
            if status not in Job.Status.values:
                raise InvalidJobFilter(name="status", value=status[:100], values=list(Job.Status.values))
            jobs = jobs.filter(status=status)
        return jobs.filter(kind=asked["kind"]) if asked.get("kind") else jobs


class JobDetail(APIView):
    @extend_schema(summary="One background job", responses=JobSerializer, examples=[EXAMPLE])
    def get(self, request: Request, id: str) -> Response:  # noqa: A002 - the path's word
        return Response(JobSerializer(job_of(request, id)).data)


class JobCancel(APIView):
    @extend_schema(
        summary="Cancel a job",
        description="A queued job ends at once. A running one is asked to stop and does so within a moment: "
        "`status` stays `running` until then. A job that has ended otherwise: 409 `job_ended`.",
        request=None,
        responses=JobSerializer,
        examples=[EXAMPLE],
    )
    def post(self, request: Request, id: str) -> Response:  # noqa: A002
        return Response(JobSerializer(requesting.cancel(job_of(request, id))).data)


class JobEvents(APIView):
    content_negotiation_class = AnyAccept

    @extend_schema(
        summary="A job's progress as server-sent events",
        description="`event: progress` (and `end`, the last) with the job as data, whenever it changes. A stream ends "
        "after 30 seconds, when the job ends and when the server stops; `EventSource` comes back by itself and goes "
        "on where it was (`Last-Event-ID`). Nothing new about an ended job: 204, which tells it to stop. "
        "503 with `Retry-After` when too many streams are open.",
        parameters=[OpenApiParameter("Last-Event-ID", int, OpenApiParameter.HEADER)],
        responses={(200, "text/event-stream"): OpenApiTypes.STR, 204: None},
    )
    def get(self, request: Request, id: str, **kwargs: Any) -> HttpResponseBase:  # noqa: A002
        job = job_of(request, id)
        given = request.headers.get("Last-Event-ID", "")
        seen = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
        if job.ended and seen >= job.version:
            return HttpResponse(status=204)
        response = StreamingHttpResponse(EventStream(job.pk, seen), content_type="text/event-stream")
        response["Cache-Control"] = "no-store"
        response["X-Accel-Buffering"] = "no"
        let_go()
        return response
