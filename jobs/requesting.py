"""Asking for background work, calling it off, and asking again."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from core.errors import Conflict
from jobs import transport
from jobs.closing import close
from jobs.models import Job
from jobs.registry import KINDS
from jobs.running import back_to_queue


class JobEnded(Conflict):
    reason = "job_ended"
    message = _("The job %(id)s has ended already.")


class JobNotRetryable(Conflict):
    reason = "job_not_retryable"
    message = _("A job of the kind %(kind)s with the status %(status)s can't be run again.")


@transaction.atomic
def request(
    *,
    kind: str,
    owner: User | None,
    company: Company | None = None,
    payload: dict[str, Any] | None = None,
    links: dict[str, Any] | None = None,
) -> Job:
    """A new job; a worker gets its id once this transaction commits.

    ``company`` only for work on a project: its members may follow the job. ``links`` (``{"dataset_id": 7}``) is what
    the API shows; ``payload`` is for the handler alone.
    """
    if kind not in KINDS:
        raise LookupError(f"no app registered the job kind {kind!r}")
    job = Job.objects.create(kind=kind, owner=owner, company=company, payload=payload or {}, links=links or {})
    transaction.on_commit(lambda: transport.send(job.pk), robust=True)  # a queue that is down gets it from the reaper
    return job


def cancel(job: Job) -> Job:
    """Ends a queued job at once; asks a running one to stop. A second cancel changes nothing."""
    waiting = Job.objects.filter(pk=job.pk, status=Job.Status.QUEUED)
    if not close(waiting, Job.Status.CANCELLED, cancel_requested=True):
        Job.objects.filter(pk=job.pk, status=Job.Status.RUNNING, cancel_requested=False).update(
            cancel_requested=True, version=F("version") + 1
        )
    job.refresh_from_db()
    if job.status in {Job.Status.SUCCEEDED, Job.Status.FAILED}:
        raise JobEnded(id=job.pk)
    return job


@transaction.atomic
def retry(job: Job) -> None:
    """Queues a job again that failed or was cancelled, if its kind knows how."""
    kind = KINDS.get(job.kind)
    again = Job.objects.filter(pk=job.pk, status__in=[Job.Status.FAILED, Job.Status.CANCELLED])
    if kind is None or kind.again is None or again.select_for_update().first() is None:
        raise JobNotRetryable(kind=job.kind, status=job.status)
    kind.call(kind.again, job)
    again.update(error=None, traceback="", losses=0, ended_at=None, cancel_requested=False, **back_to_queue())
    transaction.on_commit(lambda: transport.send(job.pk), robust=True)
