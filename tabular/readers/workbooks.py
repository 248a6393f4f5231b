"""A look into a workbook before the fast reader is let loose on it: what it unpacks to, how far its cells lie apart.

calamine lays a sheet out as a full rectangle: two cells at opposite corners would cost tens of gigabytes. It also reads
error cells (#DIV/0!) as empty ones, so that they are noted here.
"""

import html
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from tabular.errors import TableError, gettext_noop, notice
from tabular.options import Limits, UnpackedTooLarge, UnpackRatioTooHigh

MOST_CELLS = 30_000_000
_BLOCK = 1 << 20
_TAG = 200  # characters that a tag may be torn apart by, at a block's end
_SMALL = 10_000_000  # below this no ratio is suspicious


class SheetTooSparse(TableError):
    reason = "sheet_too_sparse"
    message = gettext_noop(
        "A sheet's cells are spread over %(rows)s rows and %(columns)s columns: too far for a table."
    )


@dataclass(frozen=True, slots=True)
class Errors:
    """Where a workbook holds error cells: sheet → the first of them, and how many there are."""

    found: dict[str, tuple[int, list[dict[str, Any]]]] = field(default_factory=dict)

    def notices(self, sheet: str) -> Iterator[dict[str, Any]]:
        if sheet in self.found:
            count, cells = self.found[sheet]
            yield notice("error_cells", count=count, cells=cells)


def look(source: Path, kind: str, limits: Limits) -> Errors:
    """Raises ``UnpackedTooLarge``, ``UnpackRatioTooHigh``, ``SheetTooSparse``; a broken zip is left to the reader."""
    examine = _LOOKS.get(kind)
    try:
        return examine(source, limits) if examine else Errors()
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, KeyError, ValueError):
        return Errors()


def check_zip(archive: zipfile.ZipFile, limits: Limits) -> None:
    """The directory's own figures. One that lies is found out by the reader, which unpacks no more than it promises."""
    members = archive.infolist()
    unpacked, packed = (sum(sizes) for sizes in zip(*((m.file_size, m.compress_size) for m in members), strict=True))
    if unpacked > limits.max_unpacked_bytes:
        raise UnpackedTooLarge(limit=limits.max_unpacked_bytes)
    if unpacked > _SMALL and unpacked > packed * limits.max_unpack_ratio:
        raise UnpackRatioTooHigh(limit=limits.max_unpack_ratio)


def _zip_only(source: Path, limits: Limits) -> Errors:
    with zipfile.ZipFile(source) as archive:
        check_zip(archive, limits)
    return Errors()


def _xlsx(source: Path, limits: Limits) -> Errors:
    with zipfile.ZipFile(source) as archive:
        check_zip(archive, limits)
        names = _sheet_names(archive)
        found = {}
        for part in archive.namelist():
            if re.search(r"sheets/[^/]+\.xml$", part, re.IGNORECASE) and _check_sheet(archive, part):
                found[names.get(part.lower().lstrip("/"), part)] = _errors(archive, part)
        return Errors(found)


def _check_sheet(archive: zipfile.ZipFile, part: str) -> bool:
    """Whether the sheet holds error cells. Counts cells with their tags only; a second look tells which hold values."""
    rows, errors = 0, 0
    columns: set[bytes] = set()
    for block in _blocks(archive, part):
        columns.update(re.findall(rb' r="([A-Z]{1,3})[0-9]', block))
        rows = max(rows, *map(int, re.findall(rb'row r="([0-9]{1,7})"', block)), 0)
        errors += block.count(b't="e"')
    width = max(map(_number, columns), default=0)
    if width > 702 or not rows or rows * width > MOST_CELLS:
        rows, width = _extent(archive, part)
        if rows * width > MOST_CELLS:
            raise SheetTooSparse(rows=rows, columns=width)
    return errors > 0


def _blocks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    with archive.open(part) as sheet:
        rest = b""
        while block := sheet.read(_BLOCK):
            block = rest + block
            cut = block.rfind(b"<", len(block) - _TAG)
            rest = block[cut:] if cut > 0 else b""
            yield block[:cut] if cut > 0 else block
        yield rest


def _extent(archive: zipfile.ZipFile, part: str) -> tuple[int, int]:
    """The last row and column with a cell that is not just formatted."""
    rows = columns = 0
    for block in _blocks(archive, part):
        for letters, row in re.findall(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"(?:[^>]*[^/])?>', block):
            rows, columns = max(rows, int(row)), max(columns, _number(letters))
    return rows, columns


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


_ERROR_CELL = re.compile(
    rb'<(?:\w+:)?c\s(?=[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})")[^>]*t="e"[^>]*>.*?<(?:\w+:)?v>([^<]{1,20})<', re.DOTALL
)


def _errors(archive: zipfile.ZipFile, part: str) -> tuple[int, list[dict[str, Any]]]:
    count = 0
    first: list[dict[str, Any]] = []
    for block in _blocks(archive, part):
        for letters, row, error in _ERROR_CELL.findall(block):
            count += 1
            if len(first) < 10:
                first.append({"line": int(row), "column": letters.decode(), "value": error.decode(errors="replace")})
    return count, first


def _sheet_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Part → the sheet's name, by the workbook and its relationships."""
    parts = {name.lower(): name for name in archive.namelist()}
    book = parts.get("xl/workbook.xml")
    links = parts.get("xl/_rels/workbook.xml.rels")
    if not book or not links:
        return {}
    targets = {
        _attribute(tag, "Id"): _attribute(tag, "Target")
        for tag in re.findall(r"<(?:\w+:)?Relationship\s[^>]*>", archive.read(links).decode(errors="replace"))
    }
    names = {}
    for tag in re.findall(r"<(?:\w+:)?sheet\s[^>]*>", archive.read(book).decode(errors="replace")):
        target = targets.get(_attribute(tag, r"\w+:id"), "")
        part = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        names[part.lower()] = html.unescape(_attribute(tag, "name"))
    return names


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return found[1] if found else ""


_LOOKS: dict[str, Callable[[Path, Limits], Errors]] = {"xlsx": _xlsx, "xlsb": _zip_only, "ods": _zip_only}
