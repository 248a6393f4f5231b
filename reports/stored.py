"""Results as they are kept: JSON, packed; a row and its bytes live and die together."""

import zlib
from typing import Any

import orjson

from core.api import dumps
from reports.models import Report


def packed(results: dict[str, Any]) -> bytes:
    return zlib.compress(dumps(results), 6)


def raw(report: Report) -> bytes:
    """The results as JSON bytes; ``report`` is completed."""
    return zlib.decompress(bytes(report.results or b""))


def results(report: Report) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(raw(report))
    return found
