"""The admin's site: our name, and the debug overview as its first page."""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.db.models import Count
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from analysis.models import AnalysisJob
from config import overview
from core.bars import bars
from datasets.models import Dataset


class Site(AdminSite):
    site_header = settings.APP_NAME
    site_title = settings.APP_NAME
    index_title = _("Overview")
    index_template = "admin/overview.html"

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Everything here crosses owners, so the numbers are for those who may see datasets and jobs at all."""
        context: dict[str, Any] = {"may_see": _may_see(request)}
        if context["may_see"]:
            counts = overview.counts()
            context |= {
                "counts": counts,
                "failed": sum(counts["failed"].values()),
                "latest_jobs": overview.latest_jobs(),
                "failures": overview.failures(),
                "charts": [
                    (_("Uploads a day"), bars(overview.per_day(Dataset.objects.all()))),
                    (_("Analyses a day"), bars(overview.per_day(AnalysisJob.objects.all()))),
                ],
                "kinds": AnalysisJob.objects.order_by().values("kind").annotate(number=Count("pk")).order_by("-number"),
            }
        return super().index(request, context | (extra_context or {}))


def _may_see(request: HttpRequest) -> bool:
    return request.user.has_perms(["datasets.view_dataset", "analysis.view_analysisjob"])
