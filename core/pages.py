"""The start page and the docs: what is mounted at the root, outside the API."""

from typing import Any

from django.conf import settings
from django.urls import path
from django.views.generic import RedirectView, TemplateView

from core.api import route
from core.docs import OpenApi, Redoc, Schema, Swagger
from core.metrics import metrics


class Landing(TemplateView):
    template_name = "landing.html"
    extra_context: dict[str, Any] = {"base": settings.PUBLIC_URL}


pages = [
    path("", Landing.as_view(), name="landing"),
    path("favicon.ico", RedirectView.as_view(url=f"/{settings.STATIC_URL.strip('/')}/core/icon.svg")),
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    route("metrics", metrics),
    route("docs", Swagger.as_view(), name="docs"),
    route("redoc", Redoc.as_view(), name="redoc"),
    route("api/docs", Swagger.as_view()),
    route("api/redoc", Redoc.as_view()),
    route("api/schema", Schema.as_view(), name="schema"),
    route("api/v1/schema", Schema.as_view()),
    route("api/v1/openapi.json", OpenApi.as_view(), name="openapi"),
    route("api/openapi.json", OpenApi.as_view()),
]
