"""What a running job says about itself, and what it hears: cancelled, interrupted, or no longer ours.

The handler only changes numbers in memory. A thread beside it, with a database connection of its own, writes them a
few times a second, renews the lease and looks for a cancel: so progress is visible whatever transaction the handler
is in, and a handler that computes for minutes is not taken for dead.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from jobs.models import Job

log = logging.getLogger(__name__)

LEASE = 30.0  # seconds that a claim lasts without a sign of life
RENEW = 5.0
TICK = 0.25


class Stopped(Exception):
    """Base of the reasons to leave a handler early. Let it pass: only ``jobs.running`` answers it."""


class Cancelled(Stopped):
    """Somebody cancelled the job."""


class Interrupted(Stopped):
    """This process is about to end; the job goes back to the queue."""


class Lost(Stopped):
    """The claim is no longer ours: another worker has the job, or it is gone."""


shutdown = threading.Event()  # set when this process was asked to end


class Progress:
    """Given to every handler: ``progress(40, gettext_noop("Reading %(file)s"), {"file": name}, files=3)``."""

    def __init__(self, job: Job) -> None:
        self.pk, self.token = job.pk, job.token
        self.percent, self.message, self.facts = job.progress, job.message, dict(job.facts)
        self.counts: dict[str, int] = dict(job.counts)
        self.started_at: tuple[int, dict[str, int]] = (self.percent, dict(self.counts))
        self.stop: threading.Event = threading.Event()  # for waits: set as soon as there is a reason to leave
        self._reason: type[Stopped] | None = None
        self._beating = False
        self._dirty = False
        self._written = self._renewed = time.monotonic()
        self._lock = threading.Lock()

    def __call__(
        self, percent: float | None = None, message: str = "", facts: dict[str, Any] | None = None, **counts: int
    ) -> None:
        """Notes where the job is. ``percent`` never goes back. Raises ``Stopped`` when the job has to end."""
        with self._lock:
            if percent is not None:
                self.percent = max(self.percent, min(100, int(percent)))
            if message:
                self.message, self.facts = message, facts or {}
            self.counts |= counts
            self._dirty = True
        if not self._beating:
            self.beat()
        self.check()

    def check(self) -> None:
        """Raises the reason to leave, if there is one."""
        if self._reason is None and shutdown.is_set():
            self._leave(Interrupted)
        if self._reason is not None:
            raise self._reason

    @contextmanager
    def fenced(self) -> Iterator[None]:
        """A transaction that only commits while the claim is ours. Keep it short: it holds the job's row."""
        self.check()
        with transaction.atomic():
            if not Job.objects.select_for_update().held(self.pk, self.token).exists():
                self._leave(Lost)
                raise Lost
            yield

    def _leave(self, reason: type[Stopped]) -> None:
        self._reason = self._reason or reason
        self.stop.set()

    # --- the thread beside the handler --------------------------------------------------------------------------------

    @contextmanager
    def beating(self) -> Iterator[None]:
        done = threading.Event()
        thread = threading.Thread(target=self._beat_until, args=(done,), name=f"job-{self.pk}-beat", daemon=True)
        self._beating = True
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _beat_until(self, done: threading.Event) -> None:
        while not done.wait(TICK):
            try:
                self.beat()
            except DatabaseError as error:
                log.warning("job %s: can't write its progress now: %s", self.pk, error)
            finally:
                connection.close()
            if shutdown.is_set():
                self._leave(Interrupted)

    def beat(self) -> None:
        """One round: writes what has changed, renews the lease when due, else looks for a cancel."""
        now = time.monotonic()
        due = now - self._renewed >= RENEW
        if due or (self._dirty and (self._beating or now - self._written >= TICK)):
            kept = self._write()
            self._written = self._renewed = now
        else:
            kept = True
        row = Job.objects.held(self.pk, self.token).values_list("cancel_requested", flat=True).first()
        if not kept or row is None:
            self._leave(Lost)
        elif row:
            self._leave(Cancelled)

    def _write(self) -> bool:
        with self._lock:
            changes = self.state()
            self._dirty = False
        try:
            return bool(Job.objects.held(self.pk, self.token).update(**changes))
        except DatabaseError:
            self._dirty = True
            raise

    def state(self) -> dict[str, Any]:
        """The columns that say where the job is."""
        changes: dict[str, Any] = {
            "progress": self.percent, "message": self.message, "facts": self.facts, "counts": dict(self.counts),
            "lease_until": timezone.now() + timedelta(seconds=LEASE), "version": F("version") + 1,
        }  # fmt: skip
        if (self.percent, self.counts) != self.started_at:
            changes["losses"] = 0
        return changes
