"""A folder of its own for every upload under way, on the storage's disk, and who still works in it.

The folder's lock file is held by the working process and let go by the kernel, however the process ends. So anybody
can tell work under way from what a killed process left behind, without guessing by age.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

LOCK = "lock"


def root() -> Path:
    return Path(settings.MEDIA_ROOT) / "tmp"


class Workplace:
    """``folder`` is the upload's alone; ``token`` names it and starts the storage keys that come of it."""

    def __init__(self) -> None:
        self.token = secrets.token_hex(8)
        self.folder = root() / self.token
        self.folder.mkdir(parents=True)
        self._lock = os.open(self.folder / LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def close(self) -> None:
        """Frees everything that was not moved out. May be called twice."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


@contextmanager
def workplace() -> Iterator[Workplace]:
    place = Workplace()
    try:
        yield place
    finally:
        place.close()


def live_tokens() -> set[str]:
    """Tokens of the work under way in any process of this machine."""
    return {folder.name for folder in _folders() if _held(folder)}


def abandoned() -> list[Path]:
    """Work folders whose process is gone."""
    return sorted(folder for folder in _folders() if not _held(folder))


def _folders() -> list[Path]:
    return [path for path in root().iterdir() if path.is_dir()] if root().is_dir() else []


def _held(folder: Path) -> bool:
    try:
        descriptor = os.open(folder / LOCK, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
