"""The whole API on one page. ``api`` is mounted twice, at /api/v1/ and at /api/ (the current version)."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from accounts.pages import pages as account_pages
from config.index import Index
from config.overview import Overview
from core.api import route
from core.health import Health, Ready
from core.pages import pages
from reports.urls import pages as report_pages

api: list[URLPattern | URLResolver] = [
    route("health", Health.as_view()),
    route("health/ready", Ready.as_view()),
    route("admin/debug/overview", Overview.as_view()),
]
ROOMS = ("accounts", "jobs", "datasets", "analysis", "cleaning", "exports", "ingestion", "reports")
api += [path("", include(f"{room}.urls")) for room in ROOMS]

urlpatterns = [
    *pages,
    *account_pages,
    *report_pages,
    route("api/v1", Index.as_view()),
    route("api", Index.as_view()),
    path("api/v1/", include(api)),
    path("api/", include(api)),
    path("cleanflow/api/v1/", include("dialects.cleanflow")),
    route("health", Health.as_view()),
    route("health/ready", Ready.as_view()),
    path("admin/", admin.site.urls),
]

handler400 = "core.api.bad_request"
handler403 = "core.api.denied"
handler404 = "core.api.not_found"
handler500 = "core.api.crashed"
