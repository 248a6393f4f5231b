"""Keeps the leases of this process's computations alive: one thread for all of them, with a connection of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, connection
from django.utils import timezone

from analysis.models import AnalysisJob

LEASE = timedelta(seconds=30)
RENEW_SECONDS = 8.0

_held: dict[str, int] = {}  # lease -> job id
_starting = threading.Lock()
_keeper: threading.Thread | None = None


@contextmanager
def kept(job_id: int, lease: str) -> Iterator[None]:
    """While the block runs, nobody else takes the job over."""
    _held[lease] = job_id
    _start()
    try:
        yield
    finally:
        del _held[lease]


def _start() -> None:
    global _keeper
    with _starting:
        if _keeper is None or not _keeper.is_alive():
            _keeper = threading.Thread(target=_keep, name="leases of analyses", daemon=True)
            _keeper.start()


def _keep() -> None:
    pause = threading.Event()
    while not pause.wait(RENEW_SECONDS):
        if _held:
            renew()


def renew() -> None:
    """One round; a database that can't be reached now is asked again in the next."""
    try:
        for lease, job_id in list(_held.items()):
            AnalysisJob.objects.filter(pk=job_id, lease=lease).update(lease_until=timezone.now() + LEASE)
    except DatabaseError:
        return
    finally:
        connection.close()
