"""One file, really copied to the project's storage: read once, hashed on the way, tried again when it fails."""

import errno
import hashlib
import os
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext_lazy as _

from core.errors import AppError
from datasets import cache, storage
from datasets.workplace import Workplace
from ingestion.models import FileUpload, SyncSession
from ingestion.walking import open_inside

CHUNK = 1 << 20
LONGEST_PAUSE = 5.0


class CopyFailed(AppError):
    reason = "copy_failed"
    message = _("The file could not be copied: %(problem)s.")


class CopyLost(AppError):
    reason = "copy_lost"
    message = _("The uploaded bytes are no longer in the storage.")


@dataclass(frozen=True, slots=True)
class Copied:
    """``work``: the bytes as a local file, for the reader."""

    key: str
    size: int
    checksum: str
    work: Path


@dataclass(frozen=True, slots=True)
class Source:
    """Where a session's files come from: a folder below a root, or nothing, when clients sent them."""

    folder: Path
    root: Path


def key_of(session: SyncSession, file: FileUpload) -> str:
    """Always the same for the same file, so that a copy that was cut off is written over, not left behind."""
    suffix = "".join(char for char in PurePosixPath(file.file_path).suffix.lower() if char.isalnum() and char.isascii())
    return f"projects/{session.project_id}/{session.pk}/{file.pk}" + (f".{suffix[:10]}" if suffix else "")


def copy(
    session: SyncSession, file: FileUpload, source: Source | None, place: Workplace, stop: threading.Event
) -> Copied:
    """Copies ``file``, or picks up what a client sent. Raises ``Skipped``, ``CopyFailed``; a full disk as it is."""
    if source is None or file.s3_key:
        return _received(file, place)
    pause = 0.1
    for attempt in range(session.times_to_retry + 1):
        try:
            return _copy(session, file, source, place)
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise
            if attempt == session.times_to_retry or stop.wait(pause):
                raise CopyFailed(problem=os.strerror(error.errno or errno.EIO)) from error
            pause = min(LONGEST_PAUSE, pause * 2)
    raise AssertionError


def _copy(session: SyncSession, file: FileUpload, source: Source, place: Workplace) -> Copied:
    raw = bytes(file.raw_path) if file.raw_path else file.file_path.encode()
    work = place.folder / f"{file.pk}.data"
    digest, size = hashlib.sha256(), 0
    descriptor = open_inside(source.folder, raw, source.root)
    with os.fdopen(descriptor, "rb", buffering=0) as reading, work.open("wb", buffering=0) as writing:
        while block := reading.read(CHUNK):
            digest.update(block)
            writing.write(block)
            size += len(block)
    key = key_of(session, file)
    put(work, key)
    return Copied(key, size, digest.hexdigest(), work)


def put(work: Path, key: str) -> None:
    """Keeps ``work`` under ``key`` too, written over; a local storage shares the bytes instead of doubling them."""
    if storage.on_disk(key) is None:
        storage.remove(key)
        storage.keep(work, key)
        return
    share = work.with_name(f"{work.name}.{key.rsplit('/', 1)[1]}")
    link(work, share)
    storage.keep(share, key)


def put_beside(work: Path, key: str) -> None:
    """As ``put``, for bytes that are synced already and a folder that is synced by whatever is kept there next."""
    target = storage.on_disk(key)
    if target is None or not target.parent.is_dir():
        put(work, key)
    else:
        link(work, target)


def link(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _received(file: FileUpload, place: Workplace) -> Copied:
    kept = storage.on_disk(file.s3_key) or cache.fetch(file.s3_key)
    if kept is None or not kept.is_file():
        raise CopyLost
    work = place.folder / f"{file.pk}.data"
    link(kept, work)
    return Copied(file.s3_key, file.file_size, file.checksum, work)
