"""A job as server-sent events: one event per change, resumable, never longer than half a minute.

A stream holds one of the server's threads, so there are at most ``settings.EVENT_STREAMS`` of them in a process, and
none holds a database connection between two looks.
"""

import threading
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from core.api import dumps
from core.errors import Unavailable
from jobs.models import Job
from jobs.serializers import JobSerializer

POLL = 0.3
LONGEST = 30.0
QUIET = 10.0  # seconds after which a comment keeps proxies from closing the line
RETRY = 1000  # milliseconds

stopping = threading.Event()  # set when the server process was asked to end


class TooManyStreams(Unavailable):
    reason = "too_many_streams"
    message = _("As many event streams as the server allows are open. Ask again later, or poll the job.")
    retry_after = 5


class Places:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.taken = 0

    def take(self) -> None:
        with self._lock:
            if self.taken >= settings.EVENT_STREAMS:
                raise TooManyStreams
            self.taken += 1

    def give_back(self) -> None:
        with self._lock:
            self.taken -= 1


places = Places()


class EventStream:
    """The body of the response. ``close`` gives the place back, also when nobody ever read a byte."""

    def __init__(self, pk: int, seen: int) -> None:
        places.take()
        self._events = _events(pk, seen)
        self._give_back: Callable[[], None] | None = places.give_back

    def __iter__(self) -> Iterator[bytes]:
        return self._events

    def close(self) -> None:
        self._events.close()  # type: ignore[attr-defined]
        give_back, self._give_back = self._give_back, None
        if give_back:
            give_back()


def _events(pk: int, seen: int) -> Iterator[bytes]:
    """``id`` is the job's version; one that the reader has seen is not sent again."""
    yield f"retry: {RETRY}\n\n".encode()
    end = time.monotonic() + LONGEST
    spoken = time.monotonic()
    while time.monotonic() < end and not stopping.is_set():
        job = _look(pk)
        if job is None:
            yield b"event: gone\ndata: {}\n\n"
            return
        if job.version > seen:
            seen, spoken = job.version, time.monotonic()
            yield _event(job)
        elif time.monotonic() - spoken > QUIET:
            spoken = time.monotonic()
            yield b": still there\n\n"
        if job.ended:
            return
        stopping.wait(POLL)


def _look(pk: int) -> Job | None:
    job = Job.objects.filter(pk=pk).first()
    let_go()
    return job


def let_go() -> None:
    """Closes this thread's database connection, unless a transaction (a test's) still needs it."""
    if not connection.in_atomic_block:
        connection.close()


def _event(job: Job) -> bytes:
    name = "end" if job.ended else "progress"
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (job.version, name.encode(), dumps(JobSerializer(job).data))
