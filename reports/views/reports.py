"""Asking for reports, and reading them."""

from typing import Any, NoReturn

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import viewsets
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import caller
from core.api import AnyAccept, dumps, fill
from core.caching import conditional, etag_of
from core.files import attachment
from datasets.reading import ready
from jobs.http import accepted, wants_async
from jobs.models import Job
from reports import examples, making, pages, stored
from reports.models import Report
from reports.reading import completed, editable, readable
from reports.rendering import DRAWN_BY, FORMATS
from reports.serializers import (
    AnalyzeFields,
    MadeSerializer,
    ReportChangeFields,
    ReportSerializer,
    ResultsSerializer,
)
from reports.waiting import wait
from tabular.formats import UnknownFormat


def language() -> str:
    return (get_language() or "en").split("-")[0]


class Analyze(APIView):
    @extend_schema(
        summary="Make a report",
        description="201 when it is done within 10 seconds; else 202, and the job tells how far it is. "
        "With `Prefer: respond-async` always 202.",
        request=AnalyzeFields,
        responses={201: MadeSerializer, 202: MadeSerializer},
        examples=examples.ANALYZE,
    )
    def post(self, request: Request) -> HttpResponseBase:
        fields = AnalyzeFields(data=request.data)
        fields.is_valid(raise_exception=True)
        report, job = _asked(request, fields.validated_data)
        if not wants_async(request):
            job = wait(job)
            report = Report.objects.light().get(pk=report.pk)
        if not job.ended:
            said = _("The report is being made.")
            return accepted(job, request, report_id=report.pk, status=Report.Status.PROCESSING, message=said)
        body = {"report_id": report.pk, "status": report.status, "message": _said(report), "job_id": job.pk}
        return Response(body, status=201, headers={"Location": f"{settings.PUBLIC_URL}/api/v1/reports/{report.pk}"})


def _asked(request: Request, wished: dict[str, Any]) -> tuple[Report, Job]:
    dataset = ready(caller(request), wished["dataset_id"])
    return making.ask(
        user=caller(request),
        dataset=dataset,
        language=language(),
        title=wished["report_title"] or dataset.name,
        description=wished["report_description"] or "",
        target_column=wished["target_column"],
        analysis_mode=wished["analysis_mode"],
        sample_size=wished["sample_size"],
        max_plots=wished["max_plots"],
    )


def _said(report: Report) -> str:
    if report.status == Report.Status.FAILED and report.error:
        return fill(_(report.error["message"]), report.error["details"])
    return _("The report is ready.")


class Lenient(APIView):
    """A bad token is as good as none for what is public; for the rest its refusal is kept in ``request.refusal``."""

    def perform_authentication(self, request: Request) -> None:
        try:
            super().perform_authentication(request)
        except AuthenticationFailed as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]

    def permission_denied(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        raise getattr(request, "refusal", None) or NotAuthenticated


class Public(Lenient):
    """A public report needs no token; a private one needs its owner's."""

    permission_classes = [AllowAny]


@extend_schema_view(list=extend_schema(summary="My reports", examples=examples.REPORT))
class Reports(Lenient, viewsets.GenericViewSet[Report]):
    """``/reports`` and ``/reports/{id}``."""

    serializer_class = ReportSerializer
    lookup_url_kwarg = "id"
    search_fields = ("title", "description")
    ordering_fields = ("id", "title", "created_at", "completed_at", "data_quality_score")

    def get_permissions(self) -> list[Any]:
        return [AllowAny()] if self.action == "retrieve" else list(super().get_permissions())

    def get_queryset(self) -> QuerySet[Report]:
        if getattr(self, "swagger_fake_view", False):
            return Report.objects.none()
        return Report.objects.light().listed_for(caller(self.request))

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(ReportSerializer(page, many=True).data)

    @extend_schema(summary="One report", responses={200: ReportSerializer}, examples=examples.REPORT)
    def retrieve(self, request: Request, id: str) -> Response:  # noqa: A002 - the path's own word
        return Response(_for(request, readable(request, id)))

    @extend_schema(summary="Change title, description or publicity", request=ReportChangeFields,
                   responses={200: ReportSerializer}, examples=examples.CHANGE)  # fmt: skip
    def update(self, request: Request, id: str) -> Response:  # noqa: A002
        return self._changed(request, id)

    @extend_schema(summary="Change title, description or publicity", request=ReportChangeFields,
                   responses={200: ReportSerializer}, examples=examples.CHANGE)  # fmt: skip
    def partial_update(self, request: Request, id: str) -> Response:  # noqa: A002
        return self._changed(request, id)

    @extend_schema(summary="Delete a report, its pages and its links", responses={204: None})
    def destroy(self, request: Request, id: str) -> Response:  # noqa: A002
        making.drop(editable(caller(request), id))
        return Response(status=204)

    def _changed(self, request: Request, pk: str) -> Response:
        report = editable(caller(request), pk)
        fields = ReportChangeFields(data=request.data)
        fields.is_valid(raise_exception=True)
        making.change(report, fields.validated_data)
        return Response(ReportSerializer(report).data)


def _for(request: Request, report: Report) -> dict[str, Any]:
    """The resource; strangers don't learn which dataset it is about."""
    mine = request.user.is_authenticated and report.owner_id == request.user.pk
    return ReportSerializer(report).data | ({} if mine else {"dataset_id": None})


class PublicReports(viewsets.GenericViewSet[Report]):
    """What people have made public, newest first."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    serializer_class = ReportSerializer
    search_fields = ("title", "description")
    ordering_fields = ("id", "title", "created_at", "completed_at")

    def get_queryset(self) -> QuerySet[Report]:
        return Report.objects.light().public().filter(status=Report.Status.COMPLETED)

    @extend_schema(summary="Public reports", auth=[], examples=examples.REPORT)
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response([_for(request, report) for report in page])


class Results(Public):
    @extend_schema(summary="The results as JSON", description=examples.RESULTS_ARE, responses={200: ResultsSerializer})
    def get(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002
        report = completed(readable(request, id))
        etag = etag_of("report results", report.pk, report.completed_at)

        def answer() -> HttpResponseBase:
            body = b'{"report_id":' + dumps(report.pk) + b',"results":' + stored.raw(report) + b"}"
            return HttpResponse(body, content_type="application/json")

        return conditional(request, etag, answer)


class Download(Public):
    content_negotiation_class = AnyAccept

    @extend_schema(
        summary="The report as a page",
        description="One file that needs nothing else: `html` holds no script, `interactive` has charts that zoom.",
        parameters=[OpenApiParameter("format", str, enum=list(FORMATS), default="html")],
        responses={(200, "text/html"): OpenApiTypes.STR},
    )
    def get(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002
        wanted = page_format(request, "html")
        report = completed(readable(request, id))
        facts = (report.pk, report.completed_at, report.title, report.description, wanted, language(), DRAWN_BY)

        def answer() -> HttpResponseBase:
            html = pages.html(report, wanted, language())
            return attachment(html.encode(), f"{report.title}.html", "text/html; charset=utf-8")

        return conditional(request, etag_of("report page", *facts), answer)


def page_format(request: Request, default: str) -> str:
    wanted = request.query_params.get("format") or default
    if wanted not in FORMATS:
        raise UnknownFormat(format=wanted[:100], formats=list(FORMATS))
    return wanted
