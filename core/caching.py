"""Answers derived from a dataset: a strong ETag, 304 for a reader who has it, private to whoever may read.

Call these after the access check, never before it.
"""

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework.request import Request


def etag_of(*facts: object) -> str:
    """A strong ETag of what an answer depends on, in HTTP's quotes."""
    digest = hashlib.sha256("\x1f".join(map(str, facts)).encode("utf-8", "surrogatepass")).hexdigest()
    return f'"{digest[:40]}"'


def conditional(request: Request | HttpRequest, etag: str, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """304 when a GET or HEAD names ``etag`` in ``If-None-Match``, else ``answer()`` with the caching headers."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    fresh = request.method in {"GET", "HEAD"} and any(tag == "*" or tag.removeprefix("W/") == etag for tag in known)
    return with_headers(HttpResponse(status=304) if fresh else answer(), etag)


def with_headers(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Authorization", "Cookie", "Accept-Language"))
    return response
