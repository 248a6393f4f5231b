"""JSON text read value by value, strictly by RFC 8259. Numbers stay as they are written, repeated keys are kept."""

import json
import re
from collections.abc import Iterator
from typing import Any

from tabular.errors import TableError, gettext_noop

_SPACE = re.compile(r"[ \t\n\r]*")
_LEAST = 1 << 20


class InvalidJson(TableError):
    reason = "invalid_json"
    message = gettext_noop("This is no valid JSON: line %(line)s: %(found)s.")


class JsonTooDeep(TableError):
    reason = "json_too_deep"
    message = gettext_noop("The JSON is nested too deeply.")


# A number is the bytes it is written with; an object the tuple of its members, repeated keys included; an array a list.
Number = bytes
Object = tuple


def _no_constant(name: str) -> Any:
    raise ValueError(name)


_DECODER = json.JSONDecoder(
    object_pairs_hook=tuple, parse_float=str.encode, parse_int=str.encode, parse_constant=_no_constant, strict=True
)


class JsonText:
    """A cursor over text that arrives in pieces."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self._buffer, self._at, self._done = "", 0, False
        self._line, self._counted = 1, 0  # the line of the place in the buffer up to which lines were counted

    def _more(self, least: int = _LEAST) -> bool:
        """Read on; what was passed is let go."""
        self.line()
        parts, size = [self._buffer[self._at :]], 0
        self._at = self._counted = 0
        for piece in self._pieces:
            parts.append(piece)
            size += len(piece)
            if size >= least:
                break
        else:
            self._done = True
        self._buffer = "".join(parts)
        return size > 0

    def line(self) -> int:
        self._line += self._buffer.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def fail(self, found: str) -> InvalidJson:
        return InvalidJson(line=self.line(), found=found)

    def peek(self) -> str:
        """The next character that is no white space; empty at the end."""
        while True:
            match = _SPACE.match(self._buffer, self._at)
            assert match is not None
            self._at = match.end()
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if self._done or not self._more():
                return ""

    def take(self, wanted: str) -> str:
        found = self.peek()
        if not found or found not in wanted:
            raise self.fail(f"{wanted} was expected")
        self._at += 1
        return found

    def end(self) -> None:
        if self.peek():
            raise self.fail("something follows the end")

    def value(self) -> Any:
        """The next value whole."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                if not self._done and self._more(max(_LEAST, len(self._buffer) - self._at)):
                    continue
                raise self.fail(error.msg) from None
            except ValueError as error:
                raise self.fail(f"{error} is no JSON") from None
            except RecursionError:
                raise JsonTooDeep from None
            if end == len(self._buffer) and not self._done and self._more():
                continue  # a number may go on in the next piece
            self._at = end
            return value

    def items(self) -> Iterator[tuple[int, Any]]:
        """An array's items with their lines."""
        self.take("[")
        if self.peek() == "]":
            self.take("]")
            return
        while True:
            self.peek()
            line = self.line()
            yield line, self.value()
            if self.take(",]") == "]":
                return

    def members(self) -> Iterator[tuple[str, int]]:
        """An object's keys; the caller reads the value of each before it asks for the next."""
        self.take("{")
        if self.peek() == "}":
            self.take("}")
            return
        while True:
            if self.peek() != '"':
                raise self.fail("a name was expected")
            line = self.line()
            name = self.value()
            self.take(":")
            yield name, line
            if self.take(",}") == "}":
                return

    def opens_records(self) -> bool:
        """Whether an array of objects or arrays comes next."""
        if self.peek() != "[":
            return False
        while len(self._buffer) - self._at < 1000 and not self._done:
            self._more()
        return bool(re.compile(r"\[\s*[\[{]").match(self._buffer, self._at))


def one_value(text: str) -> Any:
    """The value of a text that holds exactly one. Raises ``InvalidJson``, ``JsonTooDeep``."""
    whole = JsonText(iter((text,)))
    value = whole.value()
    whole.end()
    return value


def cell(value: Any) -> str | None:
    """A value as a cell's text: nested ones as JSON, an empty text as nothing. Raises ``JsonTooDeep``."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    try:
        return signed_exponent(value.decode()) if isinstance(value, Number) else dump(value)
    except RecursionError:
        raise JsonTooDeep from None


def signed_exponent(number: str) -> str:
    """``1E5`` gets a sign in its exponent, which no product code has: here it is certain to be a number."""
    return re.sub(BARE_EXPONENT, r"\1+\2", number)


BARE_EXPONENT = r"^(-?[0-9]+[eE])([0-9])"


def dump(value: Any) -> str:
    """Compact JSON of a parsed value, digits and repeated keys as they were."""
    if isinstance(value, Number):
        return value.decode()
    if isinstance(value, Object):
        return "{" + ",".join(f"{_quote(key)}:{dump(item)}" for key, item in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(dump(item) for item in value) + "]"
    return _quote(value)


def _quote(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
