"""The API's description, and the two pages that show it: Swagger UI to try it, ReDoc to read it.

Both pages run under the strict Content-Security-Policy of the whole product. Their scripts come from our own static
files; what they add to the policy is written beside each, and holds for these two pages only.
"""

from typing import Any

from csp.constants import NONCE
from csp.decorators import csp_update
from django.utils.decorators import method_decorator
from drf_spectacular import views
from drf_spectacular.renderers import OpenApiJsonRenderer2
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response


class AlwaysJson(BaseContentNegotiation):
    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class Schema(views.SpectacularAPIView):
    """YAML, or JSON where ``Accept`` asks for it."""

    throttle_classes: list[Any] = []


class OpenApi(views.SpectacularAPIView):
    """JSON, whatever ``Accept`` says."""

    renderer_classes = [OpenApiJsonRenderer2]
    content_negotiation_class = AlwaysJson
    throttle_classes: list[Any] = []


class Swagger(views.SpectacularSwaggerSplitView):
    """The page, and at ``?script`` the small script that starts it, so that nothing inline is needed."""

    url_name = "openapi"
    template_name = "docs/swagger.html"
    throttle_classes: list[Any] = []


# ReDoc's styles are written by styled-components into <style> elements of its own making, and its search runs in a
# worker made from a blob. A nonce of this one response lets in the elements that docs-redoc.js marks, and no others.
@method_decorator(csp_update({"style-src": [NONCE], "worker-src": ["blob:"]}), name="dispatch")
class Redoc(views.SpectacularRedocView):
    url_name = "openapi"
    template_name = "docs/redoc.html"
    throttle_classes: list[Any] = []

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().get(request, *args, **kwargs)
        response.data["nonce"] = str(request._request.csp_nonce)  # type: ignore[attr-defined]
        return response
