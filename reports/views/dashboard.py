"""What is mine at a glance, and two things side by side."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.views.generic import TemplateView
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import caller
from accounts.models import User
from jobs.models import Job
from reports import comparing, dashboard
from reports.serializers import CompareFields, DashboardStatsSerializer


class Stats(APIView):
    @extend_schema(summary="What I have, and the newest of it", responses={200: DashboardStatsSerializer})
    def get(self, request: Request) -> Response:
        return Response(DashboardStatsSerializer(dashboard.stats(caller(request))).data)


class Compare(APIView):
    @extend_schema(
        summary="Two datasets or two reports side by side",
        description="Columns that came, went or changed their type; for the others the figures of both, and how far "
        "their values drifted (population stability index). Large datasets are compared by a sample.",
        request=CompareFields,
        responses={200: OpenApiTypes.OBJECT},
        examples=[OpenApiExample("Two months", value={"dataset_ids": [10, 11]}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        fields = CompareFields(data=request.data)
        fields.is_valid(raise_exception=True)
        wished = fields.validated_data
        return Response(
            comparing.compared(
                caller(request), report_ids=wished.get("report_ids"), dataset_ids=wished.get("dataset_ids")
            )
        )


class Dashboard(LoginRequiredMixin, TemplateView):
    """``/dashboard``: the same for people."""

    template_name = "reports/dashboard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        assert isinstance(user, User)
        jobs = Job.objects.listed_for(user)[: dashboard.NEWEST]
        return super().get_context_data(**dashboard.stats(user), jobs=jobs, **kwargs)
