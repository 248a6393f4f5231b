"""HTTP's side of the house: errors into the one body, JSON out, routes without redirects."""

import errno
import json
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, re_path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views import defaults
from rest_framework import exceptions, negotiation, renderers
from rest_framework.response import Response

from core import errors
from core.tracing import request_id
from tabular.errors import TableError

log = logging.getLogger(__name__)

CODES = {
    400: "bad_request", 401: "unauthorized", 403: "forbidden", 404: "not_found", 405: "method_not_allowed",
    406: "not_acceptable", 409: "conflict", 413: "payload_too_large", 415: "unsupported_media_type",
    429: "too_many_requests", 500: "server_error", 503: "unavailable",
}  # fmt: skip
STATUS: dict[type[errors.AppError], int] = {
    errors.InvalidInput: 400,
    errors.NotAuthenticated: 401,
    errors.Denied: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.TooLarge: 413,
    errors.Unavailable: 503,
}


# --- the one error body ----------------------------------------------------------------------------------------------


def error_body(status: int, reason: str, message: str, details: Any = None) -> dict[str, Any]:
    error = {
        "code": CODES.get(status, "bad_request" if status < 500 else "server_error"),
        "reason": reason,
        "message": message,
        "details": details or {},
        "request_id": request_id.get(),
    }
    return {"error": error, "detail": message}


def fill(template: str | Promise, details: Mapping[str, Any]) -> str:
    """A message template with its facts; lists read as ``a, b``, long ones are cut, empty ones are a dash."""
    words = {name: _readable(value) for name, value in details.items()}
    try:
        return str(template) % words
    except (KeyError, TypeError, ValueError):
        return str(template)


def _readable(value: Any) -> Any:
    if isinstance(value, list | tuple):
        listed = [str(one) for one in value[:30]]
        glue = " " if all(one.endswith((".", "。")) for one in listed) else ", "  # whole sentences need no comma
        return glue.join([*listed, "…"] if len(value) > 30 else listed) or "–"
    return value[:300] + "…" if isinstance(value, str) and len(value) > 300 else value


def status_of(exc: errors.AppError) -> int:
    """The HTTP status of a family; what belongs to none is ours to blame."""
    return next((status for family, status in STATUS.items() if isinstance(exc, family)), 500)


def exception_handler(exc: Exception, context: Mapping[str, Any]) -> Response:
    """DRF's hook: every exception of a view becomes the one body. A crash is logged with its traceback."""
    status, reason, message, details, headers = _describe(exc)
    if status >= 500:
        log.error("%s: %s", reason, exc, exc_info=exc)
    body = error_body(status, reason, message, details)
    response = Response(body, status=status, headers=headers, content_type=None)
    response.exception = True
    return response


def _describe(exc: Exception) -> tuple[int, str, str, Any, dict[str, str]]:
    if isinstance(exc, errors.AppError):
        headers = {"Retry-After": str(exc.retry_after)} if exc.retry_after else {}
        status = status_of(exc)
        if status == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="api"'
        return status, exc.reason, fill(exc.message, exc.details), exc.details, headers
    if isinstance(exc, TableError):
        status = 413 if exc.family == "too_large" else 400
        return status, exc.reason, fill(_(exc.message), exc.details), exc.details, {}
    if isinstance(exc, exceptions.APIException):
        return _describe_drf(exc)
    if isinstance(exc, Http404):
        return _generic(404, "not_found")
    if isinstance(exc, PermissionDenied):
        return _generic(403, "access_denied")
    if isinstance(exc, RequestDataTooBig):
        return 413, errors.TooLarge.reason, str(exc), {}, {}
    if isinstance(exc, SuspiciousOperation):
        return _generic(400, "bad_request")
    if isinstance(exc, OSError) and exc.errno in {errno.ENOSPC, errno.EDQUOT}:
        return _generic(503, "storage_full", headers={"Retry-After": "60"})
    return _generic(500, "server_error")


def _generic(
    status: int, reason: str, details: Mapping[str, Any] | None = None, headers: dict[str, str] | None = None
) -> tuple[int, str, str, Any, dict[str, str]]:
    details = details or {}
    return status, reason, fill(errors.GENERIC[reason], details), details, headers or {}


def _describe_drf(exc: exceptions.APIException) -> tuple[int, str, str, Any, dict[str, str]]:
    challenge = {"WWW-Authenticate": getattr(exc, "auth_header", None) or 'Bearer realm="api"'}
    match exc:
        case exceptions.ValidationError():
            fields = exc.detail if isinstance(exc.detail, dict) else {"non_field_errors": exc.detail}
            return 400, "validation_error", _field_message(fields), fields, {}
        case exceptions.ParseError():
            return _generic(400, "parse_error", {"problem": str(exc.detail)})
        case exceptions.NotAuthenticated():
            return _generic(401, "not_authenticated", headers=challenge)
        case exceptions.AuthenticationFailed():
            return _generic(401, "invalid_token", headers=challenge)
        case exceptions.PermissionDenied():
            reason = "csrf_failed" if str(exc.detail).startswith("CSRF") else "access_denied"
            return _generic(403, reason)
        case exceptions.NotFound():
            return _generic(404, "not_found")
        case exceptions.MethodNotAllowed():
            return 405, "method_not_allowed", str(exc.detail), {}, {}
        case exceptions.NotAcceptable():
            available = [getattr(r, "media_type", "") for r in exc.available_renderers or []]
            return _generic(406, "not_acceptable", {"available": available})
        case exceptions.UnsupportedMediaType():
            return 415, "unsupported_media_type", str(exc.detail), {}, {}
        case exceptions.Throttled():
            seconds = max(1, int(getattr(exc, "wait", None) or 1))
            return _generic(429, "throttled", {"seconds": seconds}, {"Retry-After": str(seconds)})
    return exc.status_code, "server_error" if exc.status_code >= 500 else "bad_request", str(exc.detail), {}, {}


def _field_message(fields: Any) -> str:
    """``The request is not valid: bins: A valid integer is required.``"""
    parts: list[str] = []

    def collect(value: Any, path: str) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                collect(inner, f"{path}.{name}" if path else str(name))
        elif isinstance(value, list | tuple):
            for inner in value:
                collect(inner, path)
        else:
            parts.append(str(value) if path == "non_field_errors" else f"{path}: {value}")

    collect(fields, "")
    return f"{_('The request is not valid.')} {' '.join(parts[:10])}".strip()


def plain_error(request: HttpRequest, status: int, reason: str, **details: Any) -> HttpResponse:
    """The one body for errors outside DRF: unrouted addresses, middleware, crashes."""
    body = error_body(status, reason, fill(errors.reasons()[reason], details), details)
    return HttpResponse(dumps(body), status=status, content_type="application/json")


def _for_admin(request: HttpRequest) -> bool:
    return request.path.startswith("/admin/") and not request.path.startswith("/admin/debug")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if _for_admin(request):
        return defaults.page_not_found(request, exception or Http404())
    return plain_error(request, 404, "route_not_found", path=request.path[:300])


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return plain_error(request, 400, "bad_request")


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if _for_admin(request):
        return defaults.permission_denied(request, exception or PermissionDenied())
    return plain_error(request, 403, "access_denied")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return plain_error(request, 403, "csrf_failed")


def crashed(request: HttpRequest) -> HttpResponse:
    if _for_admin(request):
        return defaults.server_error(request)
    return plain_error(request, 500, "server_error")


# --- JSON out --------------------------------------------------------------------------------------------------------


def dumps(value: Any, indent: bool = False) -> bytes:
    """UTF-8 JSON; NaN and Infinity become null, lazy translations their text."""
    options = orjson.OPT_NON_STR_KEYS | (orjson.OPT_INDENT_2 if indent else 0)
    try:
        return orjson.dumps(value, default=str, option=options)
    except TypeError:  # a whole number beyond 64 bits, as an error repeats it: only the standard library writes it
        layout: dict[str, Any] = {"indent": 2} if indent else {"separators": (",", ":")}
        return json.dumps(value, default=str, ensure_ascii=False, **layout).encode()


class JSONRenderer(renderers.BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "text"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        if data is None:
            return b""
        return dumps(
            data, indent=bool((renderer_context or {}).get("indent")) or "indent=" in (accepted_media_type or "")
        )


class BrowsableRenderer(renderers.BrowsableAPIRenderer):
    """DRF's pages with our JSON; a body that was stored as bytes is shown parsed."""

    def get_default_renderer(self, view: Any) -> Any:
        return JSONRenderer()

    def get_filter_form(self, data: Any, view: Any, request: Any) -> None:
        """The filter dialog offers only what a form can say; ours is documented in the schema."""


class AnyAccept(negotiation.BaseContentNegotiation):
    """For routes that answer a file, a chart, a page or events: ``Accept`` is never looked at, errors are JSON."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return negotiation.DefaultContentNegotiation().select_parser(request, parsers)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        return JSONRenderer(), JSONRenderer.media_type


# --- routes ----------------------------------------------------------------------------------------------------------


def route(path: str, view: Callable[..., HttpResponseBase], name: str | None = None) -> URLPattern:
    """``datasets/{id}/rows`` as a pattern that answers with and without its slash. ``{id}`` is an ASCII number,
    ``{token}`` anything without a slash."""
    pattern = re.sub(r"\{(\w*id)\}", r"(?P<\1>[0-9]{1,18})", path)
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)
    return re_path(rf"^{pattern}/?$", view, name=name)
