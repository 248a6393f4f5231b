"""A quick look at a whole text file: can it be presumed to hold nothing but plain records, without a quote anywhere?"""

from dataclasses import dataclass
from pathlib import Path

from tabular.options import Limits

_BLOCK = 4 << 20


@dataclass(frozen=True, slots=True)
class Glance:
    """``size``: bytes from the first record on, with a line end added where the last one lacks it; ``line_end``: 1 for
    LF, 2 for CRLF."""

    rows: int
    size: int
    line_end: int


def glance(source: Path, first_line: int, quote: str | None, header: bytes | None, limits: Limits) -> Glance | None:
    """None when the file needs a closer look: quotes, NUL, a mix of line ends, very long lines, a header come again."""
    newlines = returns = size = 0
    last, since = b"", 0
    mark = quote.encode() if quote else b"\0"
    again = b"\n" + header if header else None
    with source.open("rb") as file:
        for _ in range(first_line - 1):
            file.readline()
        while block := file.read(_BLOCK):
            if mark in block or b"\0" in block or (again and again in block):
                return None
            count = block.count(b"\n")
            if not count and (since := since + len(block)) > limits.max_cell_bytes:
                return None
            since = 0 if count else since
            newlines += count
            returns += block.count(b"\r") if returns or b"\r" in block else 0
            size += len(block)
            last = block
    if returns and (returns < newlines or not last.endswith(b"\r\n")):
        return None
    unfinished = bool(last) and not last.endswith(b"\n")
    return Glance(newlines + unfinished, size + unfinished, 2 if returns else 1)
