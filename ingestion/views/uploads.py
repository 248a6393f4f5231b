"""A session's files, starting it, and following its job in the documented client's names."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from accounts.authentication import caller
from core.parsers import MultiPartParser
from core.throttling import UploadThrottle
from ingestion import receiving, starting
from ingestion.models import FileUpload, SyncSession
from ingestion.serializers import FileSerializer, StartedSerializer, StartSerializer, UploadStatusSerializer
from ingestion.views.resources import choice, session_of
from jobs.http import accepted
from jobs.views import JobNotFound, job_of

SENT = {
    "multipart/form-data": {
        "type": "object",
        "properties": {"files": {"type": "array", "items": {"type": "string", "format": "binary"}}},
        "required": ["files"],
    }
}


@extend_schema_view(
    get=extend_schema(
        summary="A session's files, by path",
        parameters=[OpenApiParameter("status", str, enum=list(FileUpload.Status.values))],
    ),
    post=extend_schema(
        summary="Send files to a pending session",
        description="Any number of `files`, or one zip, which is unpacked. They are read when the session is started.",
        request=SENT,
        responses={201: FileSerializer(many=True)},
    ),
)
class SessionFiles(generics.ListAPIView[FileUpload]):
    serializer_class = FileSerializer
    search_fields = ("file_path",)
    ordering_fields = ("file_path", "file_size", "status")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return super().dispatch(request, *args, **kwargs)
        with receiving.receiving(request) as handler:
            self.place = handler.place
            return super().dispatch(request, *args, **kwargs)

    def get_parsers(self) -> list[BaseParser]:
        posted = getattr(self.request, "method", "") == "POST"
        return [MultiPartParser()] if posted else super().get_parsers()

    def get_throttles(self) -> list[BaseThrottle]:
        return [*super().get_throttles(), *([UploadThrottle()] if self.request.method == "POST" else [])]

    def get_queryset(self) -> QuerySet[FileUpload]:
        if getattr(self, "swagger_fake_view", False):
            return FileUpload.objects.none()
        files = FileUpload.objects.filter(session=session_of(self.request, self.kwargs["id"]))
        status = choice(self.request, "status", list(FileUpload.Status.values))
        return (files.filter(status=status) if status else files).prefetch_related("datasets").defer("raw_path")

    def post(self, request: Request, id: str) -> Response:  # noqa: A002 - the path's own word
        session = session_of(request, id)
        if session.status != SyncSession.Status.PENDING:
            raise starting.SessionNotPending(id=session.pk, status=session.status)
        rows = receiving.take(session, request.FILES.getlist(receiving.FIELD), self.place)
        return Response(FileSerializer(sorted(rows, key=lambda row: row.file_path), many=True).data, status=201)


class StartUpload(APIView):
    @extend_schema(
        summary="Start an ingest session",
        description="Once; whoever comes second is told that it is pending no more.",
        request=StartSerializer,
        responses={202: StartedSerializer},
        examples=[OpenApiExample("Request", value={"session_id": 3}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        fields = StartSerializer(data=request.data)
        fields.is_valid(raise_exception=True)
        session = session_of(request, fields.validated_data["session_id"])
        job = starting.start(session=session, user=caller(request))
        return accepted(job, request, session_id=session.pk, message=_("The upload is queued."))


class UploadStatus(APIView):
    @extend_schema(summary="The job of an ingest session", responses={200: UploadStatusSerializer})
    def get(self, request: Request, job_id: str) -> Response:
        job = job_of(request, job_id)
        if job.kind != "ingest":
            raise JobNotFound(id=job.pk)
        return Response(UploadStatusSerializer(job).data)
