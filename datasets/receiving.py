"""A file on its way in: streamed to disk once, hashed on the way, stopped as soon as it is too large."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.core.handlers.wsgi import LimitedStream
from django.http import HttpRequest, multipartparser
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput, TooLarge
from datasets.workplace import Workplace

FIELD = "file"
CHUNK = 1 << 20
FORM_ALLOWANCE = 256 * 1024  # what boundaries, headers and the other fields of an upload may add to its length
MAX_NAME = 255
MAX_SUFFIX = 20

# Django reads 1 kB of headers per part. A file name of 255 Japanese characters, percent-encoded, is longer than that,
# and an absurd one shall be cut, not be the reason for a refusal.
multipartparser.MAX_TOTAL_HEADER_SIZE = 256 * 1024  # type: ignore[attr-defined]


class FileMissing(InvalidInput):
    reason = "file_missing"
    message = _("There is no file. Send it as the multipart field “%(field)s”.")


class FileEmpty(InvalidInput):
    reason = "file_empty"
    message = _("The file %(filename)s is empty.")


class OneFileOnly(InvalidInput):
    reason = "one_file_only"
    message = _("Send one file at a time.")


class FileTooLarge(TooLarge):
    reason = "file_too_large"
    message = _("The file is too large: at most %(limit)s bytes (%(megabytes)s MB) are taken.")


def too_large() -> FileTooLarge:
    limit = settings.MAX_FILE_SIZE
    return FileTooLarge(limit=limit, megabytes=round(limit / 2**20, 1))


@dataclass(frozen=True, slots=True)
class Upload:
    """A received file. ``path`` lies in ``place``; ``filename`` is for people, never for a path."""

    place: Workplace
    path: Path
    filename: str
    size: int
    sha256: str


class _Streamed(UploadedFile):
    """What Django's parser hands on: where the file lies instead of its content."""

    def __init__(self, upload: Upload) -> None:
        super().__init__(file=None, name=upload.filename, size=upload.size)
        self.upload = upload

    def close(self) -> None:
        """Nothing is open; the work folder goes with ``receiving``."""


class _Receiver(FileUploadHandler):
    """Django's upload handler: one write to disk, hashed and counted in the same pass."""

    chunk_size = CHUNK

    def __init__(self) -> None:
        super().__init__()
        self.place: Workplace | None = None
        self.target: BinaryIO | None = None

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, file_name, *args, **kwargs)
        self.received = 0
        self.digest = hashlib.sha256()
        self.target = None
        if field_name != FIELD:
            return
        if self.place is not None:
            raise OneFileOnly
        self.place = Workplace()
        self.target = (self.place.folder / "original").open("wb", buffering=0)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > settings.MAX_FILE_SIZE:
            raise too_large()
        if self.target is not None:
            self.digest.update(raw_data)
            self.target.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self.target is None or self.place is None:
            return None
        self.target.close()
        path = Path(self.target.name)
        return _Streamed(
            Upload(self.place, path, display_name(self.file_name or ""), self.received, self.digest.hexdigest())
        )

    def discard(self) -> None:
        if self.target is not None:
            self.target.close()
        if self.place is not None:
            self.place.close()


@contextmanager
def receiving(request: HttpRequest) -> Iterator[None]:
    """Within it the body's file goes straight to the storage's disk; what was not kept at its end is freed."""
    receiver = _Receiver()
    request.upload_handlers = [receiver]
    _accept_unknown_length(request)
    try:
        yield
    finally:
        receiver.discard()


def _accept_unknown_length(request: HttpRequest) -> None:
    """A chunked body has no length: Django would take it for empty. The server marks its end, the limit bounds it."""
    meta = request.META
    if meta.get("CONTENT_LENGTH") or not meta.get("wsgi.input_terminated") or "HTTP_TRANSFER_ENCODING" not in meta:
        return
    longest = settings.MAX_FILE_SIZE + FORM_ALLOWANCE
    meta["CONTENT_LENGTH"] = str(longest)
    request._stream = LimitedStream(meta["wsgi.input"], longest)  # type: ignore[assignment]


def refuse_early(request: HttpRequest) -> None:
    """413 before the body is read, when its announced length says that the file can't fit."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > settings.MAX_FILE_SIZE + FORM_ALLOWANCE:
        raise too_large()


def received(files: Mapping[str, Any]) -> Upload:
    """The upload among a request's files."""
    file = files.get(FIELD)
    if not isinstance(file, _Streamed):
        raise FileMissing(field=FIELD)
    if file.upload.size == 0:
        raise FileEmpty(filename=file.upload.filename)
    return file.upload


def display_name(raw: str) -> str:
    """The last part of a path, printable, at most 255 characters with the extension kept."""
    name = re.split(r"[/\\]", raw)[-1]
    name = "".join(char for char in name if char.isprintable()).strip()
    if not name.strip(". "):
        return "file"
    suffix = PurePath(name).suffix
    if len(name) <= MAX_NAME or len(suffix) > MAX_SUFFIX:
        return name[:MAX_NAME]
    return name[: MAX_NAME - len(suffix)] + suffix


def stem(filename: str) -> str:
    """The default name of a dataset: ``sales.csv.gz`` → ``sales``."""
    name = PurePath(filename)
    if name.suffix.lower() in {".gz", ".zip"} and PurePath(name.stem).suffix:
        name = PurePath(name.stem)
    return name.stem.strip() or "file"
