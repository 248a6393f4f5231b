"""A look into a workbook before the fast reader is let loose on it: what it unpacks to, how far its cells lie apart.

calamine lays a sheet out as a full rectangle: two cells at opposite corners would cost tens of gigabytes.
"""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from tabular.errors import TableError, gettext_noop
from tabular.options import Limits, UnpackedTooLarge, UnpackRatioTooHigh

MOST_CELLS = 30_000_000
_HEAD = 4096


class SheetTooSparse(TableError):
    reason = "sheet_too_sparse"
    message = gettext_noop(
        "A sheet's cells are spread over %(rows)s rows and %(columns)s columns, too many to be a table."
    )


def look(source: Path, kind: str, limits: Limits) -> None:
    """Raises ``UnpackedTooLarge``, ``UnpackRatioTooHigh``, ``SheetTooSparse``; a broken zip is left to the reader."""
    examine = _LOOKS.get(kind)
    if examine is not None:
        examine(source, limits)


def check_zip(archive: zipfile.ZipFile, limits: Limits) -> None:
    """The directory's own figures; the reader's limits catch a directory that lies."""
    unpacked = sum(member.file_size for member in archive.infolist())
    packed = sum(member.compress_size for member in archive.infolist())
    if unpacked > limits.max_unpacked_bytes:
        raise UnpackedTooLarge(limit=limits.max_unpacked_bytes)
    if unpacked > 10_000_000 and unpacked > packed * limits.max_unpack_ratio:
        raise UnpackRatioTooHigh(limit=limits.max_unpack_ratio)


def _xlsx(source: Path, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(source) as archive:
            check_zip(archive, limits)
            for name in archive.namelist():
                if re.search(r"worksheets/[^/]+\.xml$", name, re.IGNORECASE):
                    _check_sheet(archive, name)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError):
        return


def _check_sheet(archive: zipfile.ZipFile, name: str) -> None:
    rows = columns = 0
    with archive.open(name) as sheet:
        rest = b""
        while block := sheet.read(1 << 20):
            for letters, row in re.findall(rb'\sr="([A-Z]{0,3})([0-9]{1,9})"', rest + block):
                rows = max(rows, int(row))
                columns = max(columns, _number(letters))
            rest = block[-32:]
    if rows * columns > MOST_CELLS:
        raise SheetTooSparse(rows=rows, columns=columns)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


_LOOKS: dict[str, Callable[[Path, Limits], None]] = {"xlsx": _xlsx}
