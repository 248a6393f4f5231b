"""Where originals and tables lie: behind Django's ``default_storage``, on this machine's disk or in a bucket.

Keys are ``datasets/YYYYMMDD/<token>-<slug>.<ext>``; no other text of the user's gets into them. What is kept is whole:
bytes are synced to the disk and named in one step, and only then a row may speak of them.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import NamedTuple

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import AppError, Unavailable
from datasets import cache
from datasets.models import Dataset

ROOT = "datasets"
TABLE_SUFFIX = ".table.parquet"


# A commit that ended like this may have happened all the same: bytes it may speak of must stay. If it did not happen,
# `manage.py reconcile` finds them.
UNCERTAIN = (OperationalError, InterfaceError)


class DataMissing(Unavailable):
    """The row is there, its bytes are not: the storage lost them or can't be reached."""

    reason = "dataset_data_missing"
    message = _("The data of this dataset can't be read from the storage.")
    retry_after = 30


class StorageUnavailable(Unavailable):
    """The bucket refuses or can't be reached; what exactly is in the log."""

    reason = "storage_unavailable"
    message = _("The storage can't be reached right now. Try again in a moment.")
    retry_after = 10


@contextmanager
def reached() -> Iterator[None]:
    """Every storage library has exceptions of its own: to a caller they all say the same."""
    try:
        yield
    except (AppError, OSError):
        raise
    except Exception as error:
        raise StorageUnavailable from error


class Keys(NamedTuple):
    original: str
    parquet: str


def keys(token: str, filename: str, day: str | None = None) -> Keys:
    """The storage keys of one upload. ``token`` is random, so two uploads never meet."""
    name = PurePath(filename)
    stem = re.sub(r"[^A-Za-z0-9_]+", "-", name.stem).strip("-")[:40].strip("-")
    suffix = re.sub(r"[^a-z0-9]", "", name.suffix.lower())[:10] or "bin"
    base = f"{ROOT}/{day or timezone.now().strftime('%Y%m%d')}/{token}" + (f"-{stem}" if stem else "")
    return Keys(f"{base}.{suffix}", base + TABLE_SUFFIX)


def keep(source: Path, key: str) -> None:
    """Puts a finished file under ``key``, durably. A local file is moved, never copied."""
    target = on_disk(key)
    if target is None:
        with source.open("rb") as file, reached():
            default_storage.save(key, File(file, name=key))
        return
    sync(source)
    if not target.parent.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        for folder in (target.parent.parent, target.parent.parent.parent):
            sync(folder)
    source.rename(target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Makes a file's bytes, or a folder's names, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def on_disk(key: str) -> Path | None:
    """The file of ``key`` when the storage is a folder of this machine, else None."""
    try:
        return Path(default_storage.path(key))
    except NotImplementedError:
        return None


def remove(*names: str) -> None:
    """Frees the bytes of these keys; what is gone already is no error."""
    for key in names:
        if key:
            with reached():
                default_storage.delete(key)
            cache.forget(key)


def local_copy(key: str) -> Path:
    """The bytes of any key as a file on this machine."""
    return _local(key)


def local_parquet(dataset: Dataset) -> Path:
    """The typed table as a file on this machine."""
    return _local(dataset.parquet)


def local_original(dataset: Dataset) -> Path:
    """The uploaded bytes as a file on this machine."""
    return _local(dataset.original)


def _local(key: str) -> Path:
    path = on_disk(key) if key else None
    if path is None and key:
        with reached():
            path = cache.fetch(key)
    if path is None or not path.is_file():
        raise DataMissing
    return path


def kind() -> str:
    """``local``, ``s3`` or ``gcs``: where links and the overview say the bytes are."""
    return str(settings.STORAGE_KIND)
