"""Runs one job, if it is still to be run: claim, handler, close. Delivering the same id twice is harmless."""

import enum
import logging
import time
import traceback
import uuid
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, connection
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import AppError, Unavailable
from jobs import presence
from jobs.closing import close
from jobs.failure import describe
from jobs.models import Job
from jobs.progress import LEASE, Cancelled, Interrupted, Lost, Progress
from jobs.registry import KINDS
from tabular.errors import TableError

log = logging.getLogger(__name__)
T = TypeVar("T")
UNREACHABLE = (OperationalError, InterfaceError)


class UnknownKind(Unavailable):
    reason = "job_kind_unknown"
    message = _("This version of the server can't do jobs of the kind %(kind)s.")


class Outcome(enum.Enum):
    SKIPPED = "skipped"  # not ours: somebody else has it, it has ended, or it is gone
    ENDED = "ended"
    RELEASED = "released"  # back to queued: send it again


def run(job_id: int, *, beat: bool = True) -> Outcome:
    """``beat=False`` runs it in the caller's thread alone, for tests inside a transaction."""
    job = claim(job_id)
    if job is None:
        return Outcome.SKIPPED
    progress = Progress(job)
    with progress.beating() if beat else nullcontext():
        finish = _work(job, progress)
    return patiently(finish)


def claim(job_id: int) -> Job | None:
    """The job, ours from now on; None when it is not to be had."""
    token = uuid.uuid4().hex
    now = timezone.now()
    won = Job.objects.filter(pk=job_id, status=Job.Status.QUEUED).update(
        status=Job.Status.RUNNING, token=token, worker=presence.mine(), attempts=F("attempts") + 1,
        lease_until=now + timedelta(seconds=LEASE), started_at=Coalesce("started_at", now), version=F("version") + 1,
    )  # fmt: skip
    return Job.objects.filter(pk=job_id, token=token).first() if won else None


def _work(job: Job, progress: Progress) -> Callable[[], Outcome]:
    """Calls the handler; returns what is left to be written about how it ended."""
    holding = Job.objects.held(job.pk, job.token)

    def ended(status: Job.Status, **changes: Any) -> Callable[[], Outcome]:
        return lambda: Outcome.ENDED if close(holding, status, **changes) else Outcome.SKIPPED

    def failed(error: Exception) -> Callable[[], Outcome]:
        shown = {"message": progress.message, "facts": progress.facts, "counts": progress.counts}
        return ended(Job.Status.FAILED, error=describe(error), **shown)

    try:
        kind = KINDS.get(job.kind)
        if kind is None:
            raise UnknownKind(kind=job.kind)
        progress.check()
        result = kind.call(kind.run, job, progress)
    except Cancelled:
        return ended(Job.Status.CANCELLED, counts=progress.counts)
    except Interrupted:
        return lambda: release(job, progress, lost=False)
    except Lost:
        log.warning("job %s (%s): taken over by another worker", job.pk, job.kind)
        return lambda: Outcome.SKIPPED
    except UNREACHABLE as error:
        log.warning("job %s (%s): the database went away: %s", job.pk, job.kind, error)
        connection.close()
        return lambda: release(job, progress, lost=True)
    except (AppError, TableError) as error:
        return failed(error)
    except Exception as error:
        log.exception("job %s (%s) crashed", job.pk, job.kind)
        finish = failed(error)
        text = "".join(traceback.format_exception(error))[-20_000:]
        return lambda: _with_traceback(job, text, finish)
    return ended(
        Job.Status.SUCCEEDED, result=result, progress=100, counts=progress.counts, message="", facts={}, losses=0
    )


def _with_traceback(job: Job, text: str, finish: Callable[[], Outcome]) -> Outcome:
    Job.objects.held(job.pk, job.token).update(traceback=text)
    return finish()


def release(job: Job, progress: Progress, lost: bool) -> Outcome:
    """Gives the job back to the queue with the progress it has made. ``lost`` counts as a lost attempt."""
    kind = KINDS.get(job.kind)
    state = progress.state()
    losses = (0 if "losses" in state else job.losses) + lost
    if kind is not None and losses >= kind.losses:
        closed = close(Job.objects.held(job.pk, job.token), Job.Status.FAILED, error=describe(WorkerLost()))
        return Outcome.ENDED if closed else Outcome.SKIPPED
    changes = state | {"losses": losses} | back_to_queue()
    return Outcome.RELEASED if Job.objects.held(job.pk, job.token).update(**changes) else Outcome.SKIPPED


def back_to_queue() -> dict[str, Any]:
    return {
        "status": Job.Status.QUEUED, "token": "", "worker": "", "lease_until": None, "queued_at": timezone.now(),
        "version": F("version") + 1,
    }  # fmt: skip


class WorkerLost(AppError):
    reason = "worker_lost"
    message = _("The worker that ran this job ended again and again. Nothing more is tried.")


def patiently(write: Callable[[], T], seconds: float = LEASE) -> T:
    """Tries ``write`` again while the database can't be reached, as long as our lease may last."""
    deadline = time.monotonic() + seconds
    pause = 0.1
    while True:
        try:
            return write()
        except UNREACHABLE:
            if connection.in_atomic_block or time.monotonic() + pause > deadline:
                raise
            connection.close()
            time.sleep(pause)
            pause = min(2.0, pause * 2)
