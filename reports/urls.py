"""The routes of reports."""

from typing import Any

from core.api import route
from reports.views.dashboard import Compare, Dashboard, Stats
from reports.views.reports import Analyze, Download, PublicReports, Reports, Results
from reports.views.sharing import Share, Shared

ONE: dict[str, Any] = {"get": "retrieve", "put": "update", "patch": "partial_update", "delete": "destroy"}

urlpatterns = [
    route("reports", Reports.as_view({"get": "list"})),
    route("reports/analyze", Analyze.as_view()),
    route("reports/compare", Compare.as_view()),
    route("reports/dashboard/stats", Stats.as_view()),
    route("reports/public", PublicReports.as_view({"get": "list"})),
    route("reports/shared/{token}", Shared.as_view()),
    route("reports/{id}", Reports.as_view(ONE)),
    route("reports/{id}/share", Share.as_view()),
    route("reports/{id}/results", Results.as_view()),
    route("reports/{id}/download", Download.as_view()),
]

pages = [route("dashboard", Dashboard.as_view(), name="dashboard")]
