"""The browsable API's pages: our own template, small static scripts, forms made from the documented requests."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user
from django.urls import Resolver404, resolve
from rest_framework.request import Request, override_method

from core.api import BrowsableRenderer

if TYPE_CHECKING:
    from rest_framework.views import APIView

    from core.documented import Documented

LINK = re.compile(r'<([^>]*)>; rel="(\w+)"')
CODE = re.compile(r"`+([^`]+)`+")
CHART = "/api/v1/analysis/jobs/{}/chart"
BODY_METHODS = ("POST", "PUT", "PATCH")


class ApiPage(BrowsableRenderer):
    """One page per address: what is there, the whole exchange, and a form for each method that takes a body."""

    template = "rest_framework/api.html"

    def get_context(self, data: Any, accepted_media_type: Any, renderer_context: Any) -> dict[str, Any]:
        """The page's head knows who is signed in even where the view, being public, does not ask."""
        request, view = renderer_context["request"], renderer_context["view"]
        response = renderer_context["response"]
        return {
            "user": request.user if request.user.is_authenticated else get_user(request._request),
            "request": request,
            "response": response,
            "headers": sorted(response.items()),
            "name": _summary(view, request) or self.get_name(view),
            "description": CODE.sub(r"<code>\1</code>", self.get_description(view, response.status_code)),
            "breadcrumbs": breadcrumbs(request.path),
            "content": self.get_content(self.get_default_renderer(view), data, accepted_media_type, renderer_context),
            "readable": "GET" in view.allowed_methods,
            "deletable": "DELETE" in view.allowed_methods and self._may(view, request, "DELETE"),
            "asks": list(self._asks(data if response.status_code < 400 else None, view, request)),
            "parameters": _documented(view, request, "GET").parameters() if "GET" in view.allowed_methods else [],
            "pages": {rel: url for url, rel in LINK.findall(response.get("Link", ""))},
            "total": response.get("X-Total-Count"),
            "chart": _chart(data),
            "charts": exists(CHART.format(0)),
        }

    def _asks(self, data: Any, view: "APIView", request: Request) -> Iterator[dict[str, Any]]:
        """A form per method with a body: ``html`` where the fields are known, ``raw`` is JSON to start from."""
        for method in BODY_METHODS:
            if method not in view.allowed_methods or not self._may(view, request, method):
                continue
            documented = _documented(view, request, method)
            same = method == "PUT" and "PATCH" in view.allowed_methods  # PUT is partial too: one form will do
            form = None if same else self._form(documented.serializer(data))
            form = form if form or same else self._own_form(data, view, method, request)
            yield {
                "method": method,
                "html": form,
                "raw": documented.example(data),
                "summary": documented.summary(),
            }

    def _form(self, serializer: Any) -> str | None:
        return _unless_empty(self.render_form_for_serializer(serializer)) if serializer is not None else None

    def _own_form(self, data: Any, view: "APIView", method: str, request: Request) -> str | None:
        """DRF's own, for a view that documents no request but has a ``serializer_class``."""
        return _unless_empty(self.get_rendered_html_form(data, view, method, request))

    def _may(self, view: "APIView", request: Request, method: str) -> bool:
        with override_method(view, request, method) as asked:
            return bool(self.show_form_for_method(view, method, asked, None))


def _unless_empty(html: Any) -> str | None:
    return html if html and html.strip() else None


def _documented(view: "APIView", request: Request, method: str) -> "Documented":
    from core.documented import Documented  # DRF loads its renderers while it defines APIView, which this needs

    return Documented(view, request, method)


def _summary(view: "APIView", request: Request) -> str:
    """What the documentation calls the first thing that this address does."""
    first = next((method for method in ("GET", *BODY_METHODS) if method in view.allowed_methods), "GET")
    return _documented(view, request, first).summary()


def breadcrumbs(path: str) -> list[tuple[str, str]]:
    """Every part of the path that is an address of its own, from the mount downwards."""
    parts = path.strip("/").split("/")
    first = 2 if parts[:2] == ["api", "v1"] else 1
    paths = ["/" + "/".join(parts[:count]) for count in range(first, len(parts) + 1)]
    names = ["API", *parts[first:]]
    return [(name, path) for name, path in zip(names, paths, strict=True) if exists(path)]


def exists(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def _chart(data: Any) -> str | None:
    """The chart of a page that shows an answer, or a finished analysis job.

    An answer names its job and has no status of its own; what has one and no ``params`` is background work.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("job_id"), int):
        return None
    if "status" in data and not ("params" in data and data.get("result")):
        return None
    chart = CHART.format(data["job_id"])
    return f"{chart}?format=svg" if exists(chart) else None
