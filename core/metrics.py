"""``/metrics`` for Prometheus: requests by route, method and status, and how long they took.

Every server process counts for itself; with ``PROMETHEUS_MULTIPROC_DIR`` (config.gunicorn sets it) they count into
files of that folder, and whichever process is asked answers with the sum.
"""

import os
import re
import time
from collections.abc import Callable
from hmac import compare_digest
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from core.api import plain_error

METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)

requests_total = Counter("http_requests_total", "Requests answered.", ["method", "route", "status"])
request_seconds = Histogram(
    "http_request_duration_seconds", "From request to response, in seconds.", ["method", "route"], buckets=SECONDS
)


class CountRequests:
    """Middleware: one count and one duration per request. A crash counts as 500, a streamed body not as duration."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        method = request.method if request.method in METHODS else "OTHER"
        route = route_of(request)
        requests_total.labels(method, route, response.status_code).inc()
        request_seconds.labels(method, route).observe(time.perf_counter() - started)
        return response


def route_of(request: HttpRequest) -> str:
    """The pattern that answered, as the docs write it: ``/api/v1/datasets/{id}``. Never the caller's own text, of
    which there is no end."""
    match = request.resolver_match
    if match is None:
        return "unrouted"
    path = re.sub(r"\(\?P<(\w+)>(?:\[[^\]]*\]|[^)\[])*\)", r"{\1}", match.route)
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)
    return "/" + re.sub(r"/\?\$$|[\^$]", "", path)


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format, for this machine itself or whoever knows ``METRICS_TOKEN``."""
    if not (_from_here(request) or _knows_token(request)):
        return plain_error(request, 403, "access_denied")
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _from_here(request: HttpRequest) -> bool:
    """A loopback address, and no proxy in between: behind one, everybody comes from this machine."""
    if request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded"):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _knows_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
