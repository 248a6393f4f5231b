"""Waiting for a job as long as a request may take; without a worker that takes it, this process does the work."""

import threading
import time
from collections.abc import Callable

from django.db import connection

from jobs import presence, running
from jobs.models import Job

LONGEST = 10.0  # seconds a caller waits
PATIENCE = 1.0  # what a worker, when there is one, gets to take the job
LOOK = 0.05


def wait(job: Job) -> Job:
    """The job as it is when it has ended, or after ``LONGEST`` seconds."""
    deadline = time.monotonic() + LONGEST
    if connection.in_atomic_block:  # nobody else can see the job yet
        running.run(job.pk, beat=False)
    else:
        patience = time.monotonic() + (PATIENCE if _somebody_works() else 0)
        _until(job, patience, lambda: job.status != Job.Status.QUEUED)
        if job.status == Job.Status.QUEUED:
            threading.Thread(target=_run, args=(job.pk,), name=f"job-{job.pk}", daemon=True).start()
        _until(job, deadline, lambda: job.ended)
    job.refresh_from_db()
    return job


def _until(job: Job, deadline: float, done: Callable[[], bool]) -> None:
    while not done() and time.monotonic() < deadline:
        time.sleep(LOOK)
        job.refresh_from_db(fields=["status"])


def _run(pk: int) -> None:
    try:
        running.run(pk)
    finally:
        connection.close()


def _somebody_works() -> bool:
    """Whether another process of this machine has signed on to run jobs."""
    me = presence.mine()
    names = {path.name for path in presence.folder().glob("[!.]*")} - {me}
    return bool(names - presence.dead(names))
