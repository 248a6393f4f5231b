"""A folder's files, in the order of their paths, each with the reason why it can't be taken, if there is one."""

import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext_lazy as _

from core.errors import AppError, InvalidInput

MOST_FILES = 100_000
LONGEST_PATH = 4000


class Skipped(AppError):
    """Base of the reasons to leave a file alone."""

    reason = "file_skipped"
    message = _("The file was left out.")


class LinkOutside(Skipped):
    reason = "link_outside"
    message = _("This is a link to a place outside of the folder that may be brought in.")


class LinkToFolder(Skipped):
    reason = "link_to_folder"
    message = _("This is a link to a folder; folders are not followed through links.")


class NotAFile(Skipped):
    reason = "not_a_file"
    message = _("This is no file, but a pipe, a socket or a device.")


class Unreadable(Skipped):
    reason = "file_unreadable"
    message = _("The server may not read this.")


class Vanished(Skipped):
    reason = "file_vanished"
    message = _("This was gone when its turn came.")


class PathTooLong(Skipped):
    reason = "path_too_long"
    message = _("The path is too long.")


class TooManyFiles(InvalidInput):
    reason = "too_many_files"
    message = _("The folder holds more than %(limit)s files.")


@dataclass(frozen=True, slots=True)
class Found:
    """``raw``: the path relative to the walked folder, in its own bytes. ``shown``: for people and the database."""

    raw: bytes
    shown: str
    size: int
    problem: Skipped | None = None

    @property
    def is_text(self) -> bool:
        return self.shown.encode() == self.raw


def walk(folder: Path, root: Path, taken: Collection[str] = ()) -> list[Found]:
    """Everything below ``folder`` that is no folder; links may point anywhere below ``root``. Names that are ``taken``
    get a number."""
    found: dict[str, Found] = {}
    for item in _walk(os.fsencode(folder), os.fsencode(root), b""):
        name, number = item.shown, 1
        while item.shown in found or item.shown in taken:  # two names that only differ in bytes nobody can read
            number += 1
            item = Found(item.raw, numbered(name, number), item.size, item.problem)
        found[item.shown] = item
        if len(found) > MOST_FILES:
            raise TooManyFiles(limit=MOST_FILES)
    return sorted(found.values(), key=lambda item: item.shown)


def _walk(folder: bytes, root: bytes, prefix: bytes) -> Iterator[Found]:
    pending = [prefix]
    while pending:
        inside = pending.pop()
        try:
            with os.scandir(folder + b"/" + inside) as entries:
                for entry in entries:
                    path = inside + b"/" + entry.name if inside else entry.name
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(path)
                    else:
                        yield _look(entry, path, root)
        except PermissionError:
            yield Found(inside, shown(inside), 0, Unreadable())
        except (FileNotFoundError, NotADirectoryError):
            yield Found(inside, shown(inside), 0, Vanished())


def _look(entry: os.DirEntry[bytes], path: bytes, root: bytes) -> Found:
    name = shown(path)
    try:
        facts = entry.stat()
        if len(name) > LONGEST_PATH:
            return Found(path, name[:LONGEST_PATH], 0, PathTooLong())
        if entry.is_symlink() and not _below(os.path.realpath(entry.path), root):
            return Found(path, name, 0, LinkOutside())
        if stat.S_ISDIR(facts.st_mode):
            return Found(path, name, 0, LinkToFolder())
        if not stat.S_ISREG(facts.st_mode):
            return Found(path, name, 0, NotAFile())
    except PermissionError:
        return Found(path, name, 0, Unreadable())
    except FileNotFoundError:
        return Found(path, name, 0, Vanished())
    except OSError:  # a circle of links
        return Found(path, name, 0, Unreadable())
    return Found(path, name, facts.st_size)


def numbered(path: str, number: int) -> str:
    """``a/b.csv`` → ``a/b (2).csv``"""
    place = PurePosixPath(path)
    return str(place.with_name(f"{place.stem} ({number}){place.suffix}"))


def _below(path: bytes, root: bytes) -> bool:
    return path == root or path.startswith(root.rstrip(b"/") + b"/")


def shown(raw: bytes) -> str:
    """The path as text; bytes that are no UTF-8 and controls appear as ``\\xff``."""
    text = raw.decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def open_inside(folder: Path, raw: bytes, root: Path) -> int:
    """A descriptor of the file, checked after opening it: whatever was swapped meanwhile, it lies below ``root``."""
    try:
        descriptor = os.open(os.fsencode(folder) + b"/" + raw, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        raise Vanished from None
    except PermissionError:
        raise Unreadable from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotAFile
    real = os.path.realpath(os.fsencode(f"/proc/self/fd/{descriptor}"))
    if not _below(real.removesuffix(b" (deleted)"), os.fsencode(root)):
        os.close(descriptor)
        raise LinkOutside
    return descriptor
