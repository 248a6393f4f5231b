"""How a job ends: one conditional write, together with what its kind has to tidy up."""

import logging
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from jobs.models import Job, JobQuerySet
from jobs.registry import KINDS

log = logging.getLogger(__name__)


def close(holding: JobQuerySet, status: Job.Status, **changes: Any) -> bool:
    """Ends the one job of ``holding`` if it is still as ``holding`` says. False: somebody else was first."""
    with transaction.atomic():
        job = holding.select_for_update().first()
        if job is None:
            return False
        for name, value in changes.items():
            setattr(job, name, value)
        job.status, job.ended_at = status, timezone.now()
        job.token = job.worker = ""
        job.lease_until = None
        Job.objects.filter(pk=job.pk).update(
            status=status, ended_at=job.ended_at, token="", worker="", lease_until=None, version=F("version") + 1,
            **changes,
        )  # fmt: skip
        if status != Job.Status.SUCCEEDED:
            _tidy(job)
    log.info("job %s (%s): %s", job.pk, job.kind, status)
    return True


def _tidy(job: Job) -> None:
    kind = KINDS.get(job.kind)
    if kind is None or kind.ended is None:
        return
    try:
        with transaction.atomic():
            kind.call(kind.ended, job)
    except Exception:
        # A job whose tidying fails must still end, else it would be run for ever.
        log.exception("job %s (%s): tidying up failed", job.pk, job.kind)
