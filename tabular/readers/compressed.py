"""gzip and zip: the one file inside is unpacked within limits and then read like any other."""

import gzip
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from tabular.errors import TableError, gettext_noop
from tabular.options import Limits, Options, UnpackedTooLarge, UnpackRatioTooHigh
from tabular.readers import RawTable
from tabular.readers.excel import PasswordProtected
from tabular.sniff import EmptyFile, Sniffed, sniff

_BLOCK = 1 << 20
_SMALL = 10_000_000  # below this no ratio is suspicious
_JUNK = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b")


class ArchiveNeedsOneFile(TableError):
    reason = "archive_needs_one_file"
    message = gettext_noop("An archive must hold exactly one table. This one holds: %(files)s.")


class ArchiveDamaged(TableError):
    reason = "archive_damaged"
    message = gettext_noop("The archive is damaged and can't be unpacked.")


class NestedArchive(TableError):
    reason = "nested_archive"
    message = gettext_noop("The archive holds another archive.")


def unpack(source: Path, kind: str, work: Path, options: Options, limits: Limits) -> tuple[Path, str]:
    """The file inside, unpacked into ``work``, and its name. Its own name is never used as a path.

    Raises ``ArchiveNeedsOneFile``, ``ArchiveDamaged``, ``NestedArchive``, ``PasswordProtected``, ``UnpackedTooLarge``,
    ``UnpackRatioTooHigh``.
    """
    try:
        return _UNPACK[kind](source, work / "unpacked", options, limits)
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise ArchiveDamaged(found=str(error)[:200]) from error


def _gzip(source: Path, target: Path, options: Options, limits: Limits) -> tuple[Path, str]:
    with gzip.open(source) as packed, target.open("wb") as out:
        _copy(packed, out, source.stat().st_size, limits)  # type: ignore[arg-type]
    name = options.filename
    return _checked(target), name[:-3] if name.lower().endswith(".gz") else name


def _zip(source: Path, target: Path, options: Options, limits: Limits) -> tuple[Path, str]:
    with zipfile.ZipFile(source) as archive:
        files = [m for m in archive.infolist() if not m.is_dir() and not _is_junk(m.filename)]
        if len(files) != 1:
            raise ArchiveNeedsOneFile(files=[m.filename[:200] for m in files[:20]])
        [member] = files
        if member.flag_bits & 1:
            raise PasswordProtected
        with archive.open(member) as packed, target.open("wb") as out:
            _copy(packed, out, member.compress_size, limits)  # type: ignore[arg-type]
    return _checked(target), PurePosixPath(member.filename.replace("\\", "/")).name


def _is_junk(name: str) -> bool:
    last = PurePosixPath(name.replace("\\", "/")).name
    return name.startswith(_JUNK[0]) or last in _JUNK or last.startswith("._")


def _copy(packed: BinaryIO, out: BinaryIO, size: int, limits: Limits) -> None:
    """Counts what really comes out; an archive's own figures may lie."""
    written = 0
    while block := packed.read(_BLOCK):
        written += len(block)
        if written > limits.max_unpacked_bytes:
            raise UnpackedTooLarge(limit=limits.max_unpacked_bytes)
        if written > _SMALL and written > size * limits.max_unpack_ratio:
            raise UnpackRatioTooHigh(limit=limits.max_unpack_ratio)
        out.write(block)


def _checked(target: Path) -> Path:
    with target.open("rb") as file:
        head = file.read(4)
    if not head:
        raise EmptyFile(filename=target.name)
    if head.startswith(_ARCHIVES) and not _is_workbook(target):
        raise NestedArchive
    return target


def _is_workbook(target: Path) -> bool:
    try:
        with zipfile.ZipFile(target) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return False
    return bool(names & {"[Content_Types].xml", "mimetype"})


def read(source: Path, work: Path, sniffed: Sniffed, options: Options, limits: Limits) -> RawTable:
    """The table inside, by the reader of its own format."""
    from tabular.readers.registry import REGISTRY  # the registry names this module

    inner, name = unpack(source, sniffed.format, work, options, limits)
    options = replace(options, filename=name)
    found = sniff(inner, options)
    if found.format in _UNPACK:
        raise NestedArchive
    return REGISTRY[found.format](inner, work, found, options, limits)


_UNPACK: dict[str, Callable[[Path, Path, Options, Limits], tuple[Path, str]]] = {"gzip": _gzip, "zip": _zip}
