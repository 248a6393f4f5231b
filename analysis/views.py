"""Questions over HTTP, and the jobs that keep their answers."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import viewsets
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import caller
from accounts.models import User
from analysis import background
from analysis.asking import answer, parsed, question, service_for
from analysis.choosing import choose
from analysis.models import AnalysisJob
from analysis.schema import describe_question
from analysis.serializers import JobListSerializer, JobSerializer
from analysis.services import charts
from analysis.source import source_facts
from core.access import fetch
from core.api import AnyAccept, BrowsableRenderer
from core.caching import conditional, etag_of
from core.errors import Conflict, NotFound
from core.files import attachment
from core.lists import whole_number
from datasets.models import Dataset
from datasets.reading import ready
from jobs.http import accepted, wants_async
from tabular.formats import UnknownFormat


class JobNotFound(NotFound):
    reason = "job_not_found"
    message = _("There is no analysis job %(id)s.")


class JobNotFinished(Conflict):
    reason = "job_not_finished"
    message = _("The analysis job %(id)s has no result: it is %(status)s.")
    retry_after = 5


# format -> (content type, what draws it)
CHARTS = {
    "svg": ("image/svg+xml; charset=utf-8", charts.svg),
    "html": ("text/html; charset=utf-8", charts.html),
}


def readable_job(user: User, pk: int | str) -> AnalysisJob:
    return fetch(AnalysisJob.objects.all(), AnalysisJob.objects.visible_to(user), pk, JobNotFound)


def finished(job: AnalysisJob) -> AnalysisJob:
    if job.body is None:
        raise JobNotFinished(id=job.pk, status=job.status)
    return job


def result(job: AnalysisJob) -> dict[str, Any]:
    """The answer of a finished job, parsed."""
    return parsed(job.body)


def etag(job: AnalysisJob) -> str:
    return etag_of("analysis", job.pk, job.key, job.ended_at)


def answered(request: Request, dataset: Dataset, kind: str, data: Mapping[str, Any]) -> HttpResponseBase:
    """Asks, and answers with the stored bytes; 202 where that is preferred."""
    asked = question(dataset=dataset, kind=kind, data=data)
    if wants_async(request):
        return accepted(background.queue(asked=asked, user=caller(request)), request, dataset_id=dataset.pk)
    job, known = answer(asked=asked, user=caller(request))
    response = conditional(request, etag(job), lambda: _body(request, job))
    response["X-Cache"] = "HIT" if known else "MISS"
    return response


def _body(request: Request, job: AnalysisJob) -> HttpResponseBase:
    if isinstance(request.accepted_renderer, BrowsableRenderer):
        return Response(result(job))
    return HttpResponse(bytes(job.body or b""), content_type="application/json")


class Ask(APIView):
    """``POST /analysis/{kind}``: one path per kind, one view for all."""

    kind = ""

    def post(self, request: Request) -> HttpResponseBase:
        data = _object(request)
        dataset = choose(request=request, data=data)
        return answered(request, dataset, self.kind, _parameters(data))


class DatasetAnswer(APIView):
    """``GET /datasets/{id}/{kind}``: the same question with its parameters in the query."""

    kind = ""

    def get(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002 - the path's own word
        data = {name: values[-1] for name, values in request.query_params.lists()}
        return answered(request, ready(caller(request), id), self.kind, data)


def ask(kind: str) -> Callable[..., HttpResponseBase]:
    """The view of one kind, described as what it is."""
    return describe_question(kind)(type(f"Ask{kind.title()}", (Ask,), {"kind": kind})).as_view()


def ask_of_dataset(kind: str) -> Callable[..., HttpResponseBase]:
    view = type(f"Dataset{kind.title()}", (DatasetAnswer,), {"kind": kind})
    return describe_question(kind, query=True)(view).as_view()


@describe_question("cohort")
class Cohorts(APIView):
    """``POST /datasets/{id}/cohort-analysis``; the body is optional."""

    def post(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002 - the path's own word
        data = {name: value for name, value in _object(request).items() if name not in {"analysis_type", "results"}}
        return answered(request, ready(caller(request), id), "cohort", data)


def _object(request: Request) -> Mapping[str, Any]:
    """The body as an object; forms hold one value per name."""
    data = request.data
    if hasattr(data, "dict"):
        return data.dict()
    if not isinstance(data, Mapping):
        raise ParseError(_("the body must be an object"))
    return data


def _parameters(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in {"session_id", "dataset_id"}}


@extend_schema_view(
    list=extend_schema(summary="Questions asked, newest first"),
    retrieve=extend_schema(summary="A question and its answer", responses=JobSerializer),
)
class Jobs(viewsets.GenericViewSet[AnalysisJob]):
    """Every question I may see, newest first, and each with its answer."""

    serializer_class = JobListSerializer
    ordering_fields = ("created_at", "kind", "id")
    search_fields = ("kind", "dataset__name")

    def get_queryset(self) -> QuerySet[AnalysisJob]:
        jobs = AnalysisJob.objects.listed_for(caller(self.request)).defer("body")
        wanted: dict[str, Any] = {"dataset": whole_number(self.request, "dataset_id", 0, 0, 2**62)}
        wanted |= {name: self.request.query_params.get(name) for name in ("kind", "status")}
        return jobs.filter(**{name: value for name, value in wanted.items() if value})

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(JobListSerializer(page, many=True).data)

    def retrieve(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002 - the path's own word
        job = readable_job(caller(request), id)
        return conditional(request, etag(job), lambda: Response(JobSerializer(job).data))


class JobChart(APIView):
    """``GET /analysis/jobs/{id}/chart``: the answer as a picture, or as a page that holds it."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        summary="The answer as a chart",
        parameters=[OpenApiParameter("format", str, enum=list(CHARTS), default="svg")],
        responses={(200, kind): OpenApiTypes.STR for kind, _ in CHARTS.values()},
    )
    def get(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002 - the path's own word
        wanted = request.query_params.get("format") or "svg"
        if wanted not in CHARTS:
            raise UnknownFormat(format=wanted[:100], formats=list(CHARTS))
        job = finished(readable_job(caller(request), id))
        language = get_language() or "en"
        return conditional(request, etag_of(etag(job), wanted, language), lambda: _chart(job, wanted, language))


def _chart(job: AnalysisJob, wanted: str, language: str) -> HttpResponseBase:
    content_type, draw = CHARTS[wanted]
    response = HttpResponse(draw(job.kind, result(job), job.dataset.name, language), content_type=content_type)
    response["Content-Security-Policy"] = charts.CSP
    return response


class JobCode(APIView):
    """``GET /analysis/jobs/{id}/code``: the answer as a pandas script."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        summary="A pandas script that recomputes the answer from the original file",
        responses={(200, "text/x-python"): OpenApiTypes.STR},
    )
    def get(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002 - the path's own word
        job = finished(readable_job(caller(request), id))
        service = service_for(job.kind)

        def answer() -> HttpResponseBase:
            dataset = job.dataset
            params = service.parse(job.params, dataset.columns, dataset.effective_roles)
            script = service.code(params, source_facts(dataset))
            return attachment(script.encode(), f"{dataset.name} {job.kind}.py", "text/x-python; charset=utf-8")

        return conditional(request, etag_of(etag(job), "code", settings.VERSION), answer)
