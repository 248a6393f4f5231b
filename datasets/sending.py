"""An original out again: whole or one range of it."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from core.files import attachment

CHUNK = 1 << 18
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def original(request: HttpRequest, path: Path, filename: str, etag: str) -> HttpResponseBase:
    """The bytes of ``path``; one ``Range`` is honoured, several or foreign ones are ignored, as HTTP allows."""
    size = path.stat().st_size
    span = _span(request, size, etag)
    if span is not None and not span:
        response: HttpResponseBase = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size}"
        return response
    shown = span or range(size)
    response = attachment(_part(path, shown), filename, "application/octet-stream")
    response["Content-Length"] = str(len(shown))
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    if span is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{size}"
    return response


def _span(request: HttpRequest, size: int, etag: str) -> range | None:
    """The bytes asked for: None = all of them, empty = none of them exist."""
    asked = RANGE.fullmatch(request.headers.get("Range", "").strip())
    if asked is None or asked.groups() == ("", "") or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = asked.groups()
    if first == "":
        return range(max(0, size - int(last)), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1 if last else size, size))


def _part(path: Path, span: range) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(span.start)
        left = len(span)
        while left > 0 and (block := file.read(min(CHUNK, left))):
            left -= len(block)
            yield block
