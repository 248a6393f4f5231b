"""Who is alive on this machine: each process that runs jobs holds a lock on a file of its own.

The kernel lets go of the lock however the process ends, so a worker that comes back knows at once which leases belong
to the dead. A worker of another machine has no file here; its leases run out by the clock.
"""

import fcntl
import os
import socket
import threading
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from django.conf import settings

_mine: dict[int, tuple[str, IO[bytes]]] = {}  # process id -> name and the open, locked file
_guard = threading.Lock()


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "workers"


def mine() -> str:
    """This process's name, made and locked when first asked for."""
    with _guard:
        if os.getpid() not in _mine:
            name = f"{socket.gethostname()[:40]}-{uuid.uuid4().hex}"
            folder().mkdir(parents=True, exist_ok=True)
            hidden = folder() / f".{name}"  # appears under its name only once it is locked
            file = hidden.open("wb")
            fcntl.flock(file, fcntl.LOCK_EX)
            hidden.rename(folder() / name)
            _mine[os.getpid()] = (name, file)
        return _mine[os.getpid()][0]


def leave() -> None:
    """Ends this process's presence, at an orderly stop."""
    with _guard:
        name, file = _mine.pop(os.getpid(), ("", None))
        if file is not None:
            (folder() / name).unlink(missing_ok=True)
            file.close()


def dead(names: Iterable[str]) -> set[str]:
    """Those of ``names`` that are known to be dead: they have a file here, and nobody holds it."""
    return {name for name in names if name and Path(name).name == name and _dead(folder() / name)}


def _dead(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    except BlockingIOError:
        return False
    except FileNotFoundError:
        return False


def bury() -> None:
    """Removes the files of the dead, once nothing refers to them any more."""
    for path in folder().glob("[!.]*"):
        if _dead(path):
            path.unlink(missing_ok=True)
