"""Sharing a report, and reading one that was shared."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from accounts.authentication import caller
from core.api import AnyAccept, dumps
from core.health import PublicView
from core.parsers import FormParser
from core.throttling import WindowThrottle, address
from reports import examples, pages, sharing, stored
from reports.models import AccessLog, Report
from reports.reading import completed, editable
from reports.rendering import FORMATS
from reports.rendering.page import policy_of
from reports.serializers import NewShareLinkSerializer, ReportSerializer, ShareFields, ShareLinkSerializer
from reports.views.reports import language, page_format

SHOWN = ("title", "description", "report_type", "analysis_mode", "target_column", "sample_size", "status",
         "data_quality_score", "problem_type", "created_at", "completed_at")  # fmt: skip

ACCESSES = 1000  # the newest of a report that its owner is shown


class Share(APIView):
    @extend_schema(summary="The links of a report, and who used them", responses={200: ShareLinkSerializer(many=True)})
    def get(self, request: Request, id: str) -> Response:  # noqa: A002 - the path's own word
        report = editable(caller(request), id)
        accesses: dict[int, list[AccessLog]] = {}
        for access in AccessLog.objects.filter(link__report=report)[:ACCESSES]:
            accesses.setdefault(access.link_id, []).append(access)
        links = report.links.all()[: sharing.MOST_LINKS]
        return Response(ShareLinkSerializer(links, many=True, context={"accesses": accesses}).data)

    @extend_schema(
        summary="One more link to a report",
        description="Whoever holds the link reads the report without an account. The token is shown this once.",
        request=ShareFields,
        responses={200: NewShareLinkSerializer},
        examples=examples.SHARE,
    )
    def post(self, request: Request, id: str) -> Response:  # noqa: A002
        report = editable(caller(request), id)
        fields = ShareFields(data=request.data)
        fields.is_valid(raise_exception=True)
        made = sharing.share(report, **fields.validated_data)
        body = {
            "share_token": made.token,
            "share_url": made.url,
            "is_public": report.is_public,
            "expires_at": made.link.expires_at,
        }
        return Response(body, headers={"Cache-Control": "private, no-store"})

    @extend_schema(summary="Revoke all links of a report", request=None, responses={204: None})
    def delete(self, request: Request, id: str) -> Response:  # noqa: A002
        sharing.revoke(editable(caller(request), id))
        return Response(status=204)


class GuessThrottle(WindowThrottle):
    """Tokens and passwords can't be tried out: per address and minute, as for signing in."""

    scope = "account"

    def keys(self, request: Request, view: Any) -> list[str]:
        return [f"shared{address(request)}"]


class Shared(PublicView):
    """``/reports/shared/{token}``: no cookie is read or set; nothing of the request reaches a query but the token."""

    content_negotiation_class = AnyAccept
    parser_classes = [FormParser]
    refusals = [401, 404]

    def get_throttles(self) -> list[BaseThrottle]:
        return [GuessThrottle()]

    @extend_schema(
        summary="A shared report",
        description="JSON; a browser gets the page. One answer of 200 is one view.",
        auth=[],
        parameters=[
            OpenApiParameter("format", str, enum=["json", *FORMATS]),
            OpenApiParameter("X-Share-Password", str, OpenApiParameter.HEADER),
        ],
        responses={(200, "application/json"): OpenApiTypes.OBJECT, (200, "text/html"): OpenApiTypes.STR},
    )
    def get(self, request: Request, token: str) -> HttpResponseBase:
        return self._answer(request, token, request.headers.get("X-Share-Password"))

    @extend_schema(exclude=True)
    def post(self, request: Request, token: str) -> HttpResponseBase:
        """The page's password form."""
        said = request.data if isinstance(request.data, dict) else {}
        return self._answer(request, token, said.get("password"))

    def _answer(self, request: Request, token: str, password: str | None) -> HttpResponseBase:
        browser = "text/html" in request.headers.get("Accept", "")
        wanted = request.query_params.get("format") or ("html" if browser else "json")
        wanted = wanted if wanted == "json" else page_format(request, wanted)
        try:
            link = sharing.opened(token, password)
        except sharing.PasswordRequired:
            if browser:
                return _password_form(request, wrong=password is not None)
            raise
        report = completed(link.report)
        response = _json(report) if wanted == "json" else _page(report, wanted)
        sharing.count(link, format=wanted, address=address(request)[:45], user_agent=_agent(request))
        return response

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        made = super().finalize_response(request, response, *args, **kwargs)
        made["X-Robots-Tag"] = "noindex, nofollow"
        made["Referrer-Policy"] = "no-referrer"
        made["Cache-Control"] = "private, no-store"
        return made


def _agent(request: Request) -> str:
    return request.headers.get("User-Agent", "")[:200].replace("\x00", "")


def _json(report: Report) -> HttpResponse:
    """The report without ids, owner and file; and its results."""
    shown = {name: value for name, value in ReportSerializer(report).data.items() if name in SHOWN}
    body = b'{"report":' + dumps(shown) + b',"results":' + stored.raw(report) + b"}"
    return HttpResponse(body, content_type="application/json")


def _page(report: Report, wanted: str) -> HttpResponse:
    html = pages.html(report, wanted, language())
    response = HttpResponse(html, content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = policy_of(html) + "; frame-ancestors 'none'"
    return response


def _password_form(request: Request, *, wrong: bool) -> HttpResponse:
    return render(request._request, "reports/password.html", {"wrong": wrong}, status=401)
