"""The source as UTF-8 text with LF or CRLF line ends: itself where it is that already, else a copy."""

import re
from collections.abc import Iterator
from pathlib import Path

from tabular.options import Limits, LineTooLong
from tabular.sniff.encoding import Encoding, decoded

_BEGINNING = 1 << 18
_BLOCK = 4 << 20


def normalised(source: Path, work: Path, encoding: Encoding, limits: Limits) -> Path:
    """A file in UTF-8 without BOM, whose lines do not end in a lone CR."""
    lone_cr = _ends_lines_with_cr(source, encoding)
    if encoding.name == "utf-8" and encoding.clean and not encoding.bom and not lone_cr:
        return source
    target = work / "text.csv"
    with target.open("w", encoding="utf-8", newline="", errors="replace") as file:
        for text in decoded(source, encoding):
            file.write(text.replace("\r", "\n") if lone_cr else text)
    return target


def _ends_lines_with_cr(source: Path, encoding: Encoding) -> bool:
    """Old Macintosh files: CR and never LF."""
    start = next(iter(decoded(source, encoding)), "")
    return "\r" in start[:-1] and "\n" not in start


def beginning(source: Path) -> str:
    """The first whole lines, enough to judge by."""
    with source.open("rb") as file:
        data = file.read(_BEGINNING)
        more = bool(file.read(1))
    if more and (cut := data.rfind(b"\n")) >= 0:
        data = data[: cut + 1]
    return data.decode("utf-8", "replace")


def unaligned(source: Path, work: Path, limits: Limits) -> Path:
    """A copy with one tab where blanks set columns apart."""
    target = work / "unaligned.csv"
    with target.open("wb") as out:
        for block in _whole_records(source, b"", limits):
            out.write(re.sub(rb" +", b"\t", re.sub(rb"(?m)^ +| +(?=\r?$)", b"", block)))
    return target


def unpadded(source: Path, work: Path, delimiter: str, quote: str | None, limits: Limits) -> Path:
    """A copy without the blanks that follow delimiters outside of quotes."""
    target = work / "unpadded.csv"
    mark, quote_byte = re.escape(delimiter.encode()), (quote or "").encode()
    quoted = b"(%b(?:[^%b]|%b%b)*%b)|" % ((quote_byte,) * 5) if quote_byte else b"(a^)|"
    pattern = re.compile(quoted + mark + b" +")
    plain = delimiter.encode()
    with target.open("wb") as out:
        for block in _whole_records(source, quote_byte, limits):
            out.write(pattern.sub(lambda found: found[1] or plain, block))
    return target


def _whole_records(source: Path, quote: bytes, limits: Limits) -> Iterator[bytes]:
    """Blocks that end with a line, and outside of quotes where that can be had."""
    rest = b""
    with source.open("rb") as file:
        while data := file.read(_BLOCK):
            block = rest + data
            cut = block.rfind(b"\n") + 1
            while quote and cut and block.count(quote, 0, cut) % 2 and len(block) - cut < limits.max_cell_bytes:
                cut = block.rfind(b"\n", 0, cut - 1) + 1
            if not cut and len(block) > limits.max_line_bytes:
                raise LineTooLong(line=1, limit=limits.max_line_bytes)
            rest = block[cut:]
            yield block[:cut]
    yield rest
