"""Files of a remote storage, kept on this machine for the engine: bounded, the longest unused go first."""

import hashlib
import os
import tempfile
import time
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage

CHUNK = 1 << 20
IN_USE_SECONDS = 60  # a copy that was asked for so lately may be about to be opened


def root() -> Path:
    return Path(settings.MEDIA_ROOT) / "cache"


def _place(key: str) -> Path:
    return root() / hashlib.sha256(key.encode()).hexdigest()


def fetch(key: str) -> Path | None:
    """The cached copy of ``key``, fetched when it is not here; None when the storage has no such key.

    A key's bytes never change, so a copy never goes stale. Two fetchers at once do the work twice, harmlessly.
    """
    place = _place(key)
    try:
        os.utime(place)
    except FileNotFoundError:
        if not _download(key, place):
            return None
        trim(keep=place)
    return place


def _download(key: str, place: Path) -> bool:
    root().mkdir(parents=True, exist_ok=True)
    try:
        source = default_storage.open(key, "rb")
    except FileNotFoundError:
        return False
    with source, tempfile.NamedTemporaryFile(dir=root(), prefix="part-", delete=False) as part:
        try:
            while block := source.read(CHUNK):
                part.write(block)
            part.flush()
            Path(part.name).replace(place)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
    return True


def forget(key: str) -> None:
    _place(key).unlink(missing_ok=True)


def trim(keep: Path) -> None:
    """Removes the longest unused copies until the cache is within ``STORAGE_CACHE_BYTES``.

    ``keep`` and what was asked for within the last minute stay; who has a removed file open goes on reading it.
    """
    kept, lately = [], time.time() - IN_USE_SECONDS
    for path in root().iterdir():
        if path == keep or path.name.startswith("part-"):
            continue
        try:
            kept.append((path.stat().st_mtime, path.stat().st_size, path))
        except FileNotFoundError:
            continue
    free = settings.STORAGE_CACHE_BYTES - keep.stat().st_size - sum(size for _, size, _ in kept)
    for used, size, path in sorted(kept):
        if free >= 0 or used > lately:
            return
        path.unlink(missing_ok=True)
        free += size
