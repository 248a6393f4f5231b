"""Around every request: its id (header, error body, logs), and a look at the query string."""

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from core.api import plain_error
from core.tracing import request_id

ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

Handler = Callable[[HttpRequest], HttpResponse]


class RequestId:
    """Takes the caller's ``X-Request-Id`` when it is sane, else makes one; answers with it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        value = given if ACCEPTABLE_ID.fullmatch(given) else uuid.uuid4().hex
        request_id.set(value)  # stays until the thread's next request: Django logs its answer after us
        response = self.get_response(request)
        response["X-Request-Id"] = value
        return response


class CallersAddress:
    """Behind ``TRUSTED_PROXIES`` proxies the caller is the address that the outermost of them saw.

    Each proxy appends to ``X-Forwarded-For`` whom it heard; what stands further left is the caller's own invention.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.TRUSTED_PROXIES:
            heard = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
            if len(heard) >= settings.TRUSTED_PROXIES:
                request.META["REMOTE_ADDR"] = heard[-settings.TRUSTED_PROXIES]
        return self.get_response(request)


class CleanQuery:
    """Refuses a query string with a NUL, which no text may contain."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            return plain_error(request, 400, "invalid_characters")
        return self.get_response(request)
