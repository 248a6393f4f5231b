"""Bodies in: one strict JSON parser for every route, and form parsers under the same rule for text."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError

from core import text
from core.errors import InvalidInput, TooLarge

MAX_DEPTH = 64


class TooDeep(InvalidInput):
    reason = "json_too_deep"
    message = _("The JSON is nested deeper than %(limit)s levels.")


class JSONParser(parsers.BaseParser):
    """UTF-8 JSON of bounded size and depth, without NaN, Infinity, NUL or lone surrogates."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        body = stream.read(settings.MAX_JSON_BYTES + 1)
        if len(body) > settings.MAX_JSON_BYTES:
            raise TooLarge(limit=settings.MAX_JSON_BYTES)
        try:
            value = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse, parse_float=_finite)
        except RecursionError:
            raise TooDeep(limit=MAX_DEPTH) from None
        except (ValueError, OverflowError) as error:
            raise ParseError(f"JSON: {error}") from None
        text.check(_walk(value))
        return value


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number is too large")
    return value


def _walk(value: Any) -> Iterator[Any]:
    """Every key and leaf, without recursion; too deep a nesting is refused."""
    stack = [(value, 0)]
    while stack:
        item, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise TooDeep(limit=MAX_DEPTH)
        if isinstance(item, dict):
            yield from item
            stack.extend((child, depth + 1) for child in item.values())
        elif isinstance(item, list):
            stack.extend((child, depth + 1) for child in item)
        else:
            yield item


def _check_fields(fields: Mapping[str, Any]) -> None:
    text.check(fields)
    for name in fields:
        text.check(fields.getlist(name))  # type: ignore[attr-defined]


class FormParser(parsers.FormParser):
    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        fields = super().parse(stream, media_type, parser_context)
        _check_fields(fields)
        return fields


class MultiPartParser(parsers.MultiPartParser):
    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            parsed = super().parse(stream, media_type, parser_context)
        except MultiPartParserError as error:
            raise ParseError(f"multipart: {error}") from None
        _check_fields(parsed.data)
        text.check(file.name for files in parsed.files.lists() for file in files[1])
        return parsed
