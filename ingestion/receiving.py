"""Files that clients send to a session: streamed to the storage's disk, hashed on the way; a zip is unpacked."""

import hashlib
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, InvalidInput, TooLarge
from core.text import FORBIDDEN
from datasets import storage
from datasets.receiving import too_large
from datasets.workplace import Workplace
from ingestion import walking
from ingestion.copying import key_of
from ingestion.models import FileUpload, SyncSession
from ingestion.starting import SessionNotPending

FIELD = "files"
CHUNK = 1 << 20
MOST_FILES = 10_000
MOST_RATIO = 200  # of a zip's unpacked to its packed size
SMALL = 10_000_000  # bytes up to which no ratio is suspicious
MOST_UNPACKED = 20  # times MAX_FILE_SIZE


class FilesMissing(InvalidInput):
    reason = "file_missing"
    message = _("There is no file. Send files as the multipart field “%(field)s”.")


class UnsafePath(InvalidInput):
    reason = "unsafe_path"
    message = _("The path %(path)s leads out of the archive.")


class ZipDamaged(InvalidInput):
    reason = "zip_damaged"
    message = _("The zip file is damaged or encrypted.")


class ZipTooLarge(TooLarge):
    reason = "zip_too_large"
    message = _("The zip file unpacks to more than is allowed: %(limit)s bytes, or %(ratio)s times its size.")


class TooManyFiles(InvalidInput):
    reason = "too_many_files"
    message = _("More than %(limit)s files are not taken at once.")


class FileExists(Conflict):
    reason = "file_exists"
    message = _("The session has a file %(path)s already, or it was sent twice.")


@dataclass(frozen=True, slots=True)
class Received:
    path: str
    work: Path
    size: int
    checksum: str


class _Sent(UploadedFile):
    def __init__(self, received: Received) -> None:
        super().__init__(file=None, name=received.path, size=received.size)
        self.received = received

    def close(self) -> None:
        """Nothing is open."""


class _Handler(FileUploadHandler):
    """Django's upload handler: each file to a work file of its own, bounded and hashed."""

    chunk_size = CHUNK

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place, self.count = place, 0
        self.target: BinaryIO | None = None

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, file_name, *args, **kwargs)
        self.count += 1
        if self.count > MOST_FILES:
            raise TooManyFiles(limit=MOST_FILES)
        self.digest, self.received = hashlib.sha256(), 0
        self.target = (self.place.folder / f"sent-{self.count}").open("wb", buffering=0)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self.target is not None
        self.received += len(raw_data)
        if self.received > settings.MAX_FILE_SIZE:
            raise too_large()
        self.digest.update(raw_data)
        self.target.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        assert self.target is not None
        self.target.close()
        name = safe_path((self.file_name or "file").replace("\\", "/"))
        return _Sent(Received(name, Path(self.target.name), self.received, self.digest.hexdigest()))

    def discard(self) -> None:
        if self.target is not None:
            self.target.close()
        self.place.close()


@contextmanager
def receiving(request: HttpRequest) -> Iterator[_Handler]:
    handler = _Handler(Workplace())
    request.upload_handlers = [handler]
    try:
        yield handler
    finally:
        handler.discard()


def take(session: SyncSession, files: list[Any], place: Workplace) -> list[FileUpload]:
    """The sent files as rows of the session, all or none."""
    sent = [file.received for file in files if isinstance(file, _Sent)]
    if not sent:
        raise FilesMissing(field=FIELD)
    if len(sent) == 1 and sent[0].path.lower().endswith(".zip"):
        sent = list(_unpack(sent[0], place))
    if len({received.path for received in sent}) < len(sent):
        paths = [received.path for received in sent]
        raise FileExists(path=next(path for path in paths if paths.count(path) > 1))
    kept: list[str] = []
    try:
        with transaction.atomic():
            held = SyncSession.objects.select_for_update().filter(pk=session.pk).first()
            if held is None or held.status != SyncSession.Status.PENDING:
                raise SessionNotPending(id=session.pk, status=held.status if held else "gone")
            rows = [_keep(session, received, kept) for received in sent]
            total = sum(row.file_size for row in rows)
            SyncSession.objects.filter(pk=session.pk).update(
                total_files=F("total_files") + len(rows), total_size_bytes=F("total_size_bytes") + total
            )
            return rows
    except storage.UNCERTAIN:
        raise
    except BaseException:
        storage.remove(*kept)
        raise


def _keep(session: SyncSession, received: Received, kept: list[str]) -> FileUpload:
    row = FileUpload(session=session, file_path=received.path, file_size=received.size, checksum=received.checksum)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise FileExists(path=received.path) from None
    row.s3_key = key_of(session, row)
    kept.append(row.s3_key)
    storage.keep(received.work, row.s3_key)
    row.save(update_fields=["s3_key"])
    return row


def safe_path(path: str) -> str:
    """A relative path below the archive, printable; anything that climbs or starts elsewhere is refused."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or (len(path) > 1 and path[1] == ":"):
        raise UnsafePath(path=path[:300])
    if len(path) > walking.LONGEST_PATH or FORBIDDEN.search(path):
        raise UnsafePath(path=path[:300].encode("utf-8", "backslashreplace").decode())
    return walking.shown("/".join(parts).encode())


# --- zip -------------------------------------------------------------------------------------------------------------


def _unpack(archive: Received, place: Workplace) -> Iterator[Received]:
    try:
        with zipfile.ZipFile(archive.work) as opened:
            members = _members(opened, archive.size)
            left = settings.MAX_FILE_SIZE * MOST_UNPACKED
            for number, (path, member) in enumerate(members):
                with opened.open(member) as reading:
                    received = _extract(reading, path, place.folder / f"unpacked-{number}", left)
                left -= received.size
                yield received
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise ZipDamaged from error


def _members(opened: zipfile.ZipFile, packed: int) -> list[tuple[str, zipfile.ZipInfo]]:
    """The files of the archive with checked paths, judged by the directory before anything is unpacked."""
    files = [
        (safe_path(_member_name(member).replace("\\", "/")), member)
        for member in opened.infolist()
        if not member.is_dir() and not member.filename.startswith("__MACOSX/")
    ]
    files = [(path, member) for path, member in files if not stat.S_ISLNK(member.external_attr >> 16)]
    if len(files) > MOST_FILES:
        raise TooManyFiles(limit=MOST_FILES)
    unpacked = sum(member.file_size for _path, member in files)
    limit = settings.MAX_FILE_SIZE * MOST_UNPACKED
    if unpacked > limit or (unpacked > SMALL and unpacked > packed * MOST_RATIO):
        raise ZipTooLarge(limit=limit, ratio=MOST_RATIO)
    return files


def _member_name(member: zipfile.ZipInfo) -> str:
    """Japanese archives hold names in cp932 or bare UTF-8, which zipfile takes for cp437."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        raw = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    for encoding in ("utf-8", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


def _extract(reading: IO[bytes], path: str, work: Path, left: int) -> Received:
    """Counts what really comes out: a directory may lie."""
    digest, size = hashlib.sha256(), 0
    with work.open("wb", buffering=0) as writing:
        while block := reading.read(CHUNK):
            size += len(block)
            if size > min(left, settings.MAX_FILE_SIZE):
                raise ZipTooLarge(limit=min(left, settings.MAX_FILE_SIZE), ratio=MOST_RATIO)
            digest.update(block)
            writing.write(block)
    return Received(path, work, size, digest.hexdigest())
