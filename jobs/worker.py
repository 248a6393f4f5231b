"""The worker process: takes ids off the queue, runs each in a thread of its own, reaps, and does the chores."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

from django.db import DatabaseError, close_old_connections, connections
from django_tasks_db.management.commands.db_worker import Worker as Delivery
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from jobs import presence, reaping
from jobs.progress import shutdown
from jobs.registry import CHORES, LONG, QUICK
from jobs.running import UNREACHABLE

log = logging.getLogger(__name__)

POLL = 0.1  # seconds between looks at an empty queue
REAP = 2.0
GRACE = 20.0  # what running jobs get to stop at a safe point; then their leases are freed by our end


class Places:
    """How many jobs run at once. LONG ones never take the last place, so that a short job need not wait for hours."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._busy = dict.fromkeys((QUICK, LONG), 0)
        self._lock = threading.Lock()

    def open_queues(self) -> list[str]:
        with self._lock:
            free = self.count - sum(self._busy.values())
            long_fits = free > 0 and self._busy[LONG] < max(1, self.count - 1)
            return [QUICK] * (free > 0) + [LONG] * long_fits

    def take(self, queue: str, by: int = 1) -> None:
        with self._lock:
            self._busy[queue] += by

    def busy(self) -> int:
        with self._lock:
            return sum(self._busy.values())


class Worker:
    def __init__(self, places: int) -> None:
        self.places = Places(places)
        self.name = presence.mine()

    def run(self) -> None:
        """Works until SIGTERM or SIGINT; a second signal ends it at once."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._asked_to_stop)
        log.info("worker %s: ready for %s jobs at once", self.name, self.places.count)
        background = threading.Thread(target=self._look_after, name="reaper", daemon=True)
        background.start()
        while not shutdown.is_set():
            try:
                close_old_connections()
                if not self._take_one():
                    shutdown.wait(POLL)
            except (*UNREACHABLE, DatabaseError) as error:
                log.warning("the queue can't be read now: %s", error)
                connections.close_all()
                shutdown.wait(1)
        self._finish()

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        if shutdown.is_set():
            os._exit(1)
        shutdown.set()

    def _finish(self) -> None:
        deadline = time.monotonic() + GRACE
        while self.places.busy() and time.monotonic() < deadline:
            time.sleep(0.05)
        presence.leave() if not self.places.busy() else None
        log.info("worker %s: stopped", self.name)
        logging.shutdown()
        os._exit(0)  # threads that did not stop in time must not keep the process; their jobs are taken back

    # --- jobs ---------------------------------------------------------------------------------------------------------

    def _take_one(self) -> bool:
        queues = self.places.open_queues()
        ready = DBTaskResult.objects.ready().filter(queue_name__in=queues)
        if not queues or not ready.exists():  # a look costs no lock
            return False
        with exclusive_transaction(ready.db):
            delivery = ready.get_locked()
            if delivery is None:
                return False
            delivery.claim(self.name[:64])
        self.places.take(delivery.queue_name)
        threading.Thread(target=self._deliver, args=(delivery,), name=f"delivery-{delivery.pk}", daemon=True).start()
        return True

    def _deliver(self, delivery: DBTaskResult) -> None:
        try:
            library = Delivery(
                queue_names=[], interval=0, batch=False, backend_name="default", startup_delay=False, max_tasks=None,
                worker_id=self.name[:64], excluded_queue_names=[],
            )  # fmt: skip
            library.run_task(delivery)
        except DatabaseError as error:
            log.warning("delivery %s: can't note that it is done: %s", delivery.pk, error)
        finally:
            connections.close_all()
            self.places.take(delivery.queue_name, -1)

    # --- what is not a job --------------------------------------------------------------------------------------------

    def _look_after(self) -> None:
        due = dict.fromkeys(CHORES, 0.0)
        while not shutdown.is_set():
            self._try("reaping", reaping.reap)
            for chore in list(CHORES.values()):
                if time.monotonic() >= due[chore.name] and not shutdown.is_set():
                    due[chore.name] = time.monotonic() + chore.every
                    self._try(chore.name, chore.do)
            connections.close_all()
            shutdown.wait(REAP)

    def _try(self, name: str, work: Callable[[], object]) -> None:
        try:
            work()
        except UNREACHABLE as error:
            log.warning("%s: the database can't be reached now: %s", name, error)
            connections.close_all()
        except Exception:
            log.exception("%s failed", name)
