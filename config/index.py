"""``GET /api/v1``: every address that needs no id, read from the URLconf itself, so that the list can't go stale."""

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.health import PublicView

MOUNT = "api/v1/"
EXAMPLE = {
    "name": "Q-Storm Platform API",
    "version": "0.1.0",
    "documentation": {"try": "http://127.0.0.1:8000/docs", "read": "http://127.0.0.1:8000/redoc"},
    "resources": {"datasets": "http://127.0.0.1:8000/api/v1/datasets"},
    "actions": {"datasets/upload": "http://127.0.0.1:8000/api/v1/datasets/upload"},
}


class Index(PublicView):
    """Where everything is. `resources` answer to GET; `actions` take a POST."""

    @extend_schema(
        tags=["operations"],
        summary="An index of links",
        responses={200: dict},
        examples=[OpenApiExample("Index", value=EXAMPLE, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        base = settings.PUBLIC_URL
        found = dict(sorted(_fixed(get_resolver(), "")))
        links = {path: f"{base}/{MOUNT}{path}" for path in found}
        pages = {"try": "/docs", "read": "/redoc", "openapi": "/api/v1/openapi.json"}
        return Response(
            {
                "name": settings.APP_NAME,
                "version": settings.VERSION,
                "documentation": {name: base + path for name, path in pages.items()},
                "resources": {path: url for path, url in links.items() if "get" in found[path]},
                "actions": {path: url for path, url in links.items() if {"get", "post"} & found[path] == {"post"}},
            }
        )


def _fixed(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, set[str]]]:
    """Path below the mount → methods, of every API route without a parameter."""
    for entry in resolver.url_patterns:
        path = prefix + re.sub(r"^\^|/\?\$$", "", str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from _fixed(entry, path)
        elif isinstance(entry, URLPattern) and re.match(rf"{MOUNT}[^(]+$", path):
            yield path.removeprefix(MOUNT), _methods(entry.callback)


def _methods(view: Any) -> set[str]:
    if hasattr(view, "actions"):
        return set(view.actions)
    known = getattr(view, "cls", None)
    return {name.lower() for name in known().allowed_methods} if known else set()
