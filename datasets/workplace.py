"""A folder of its own for every upload under way, on the storage's disk, and who still works in it.

The folder is locked by the working process, and the kernel lets go of the lock however that process ends. So anybody
can tell work under way from what a killed process left behind, without guessing by age.
"""

import fcntl
import os
import secrets
import shutil
import time
from pathlib import Path

from django.conf import settings

NEW = ".new-"  # not locked yet
MAKING_SECONDS = 60


def root() -> Path:
    return Path(settings.MEDIA_ROOT) / "tmp"


class Workplace:
    """``folder`` is the upload's alone; ``token`` names it and starts the storage keys that come of it."""

    def __init__(self) -> None:
        self.token = secrets.token_hex(8)
        self.folder = root() / self.token
        new = root() / f"{NEW}{self.token}"
        new.mkdir(parents=True)
        self._lock = os.open(new, os.O_RDONLY | os.O_CLOEXEC)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        new.rename(self.folder)

    def close(self) -> None:
        """Frees everything that was not moved out. May be called twice."""
        remove(self.folder)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def remove(path: Path) -> None:
    """Removes a folder or a file, and minds nothing."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def live_tokens() -> set[str]:
    """Tokens of the work under way in any process of this machine."""
    return {path.name for path in _places() if not _free(path)}


def abandoned() -> list[Path]:
    """What is left of work whose process is gone."""
    return sorted(path for path in _places() if _free(path))


def _places() -> list[Path]:
    return list(root().iterdir()) if root().is_dir() else []


def _free(path: Path) -> bool:
    """Nobody works there any more."""
    try:
        if path.name.startswith(NEW) and time.time() - path.stat().st_mtime < MAKING_SECONDS:
            return False
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True
