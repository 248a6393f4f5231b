"""The source as UTF-8 text with LF or CRLF line ends: itself where it is that already, else a copy."""

from pathlib import Path

from tabular.options import Limits
from tabular.sniff.encoding import Encoding, decoded

_BEGINNING = 1 << 18


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
