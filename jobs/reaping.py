"""Jobs whose worker is gone, and jobs that the queue forgot: back to work, or ended for good."""

import logging
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from jobs import presence, transport
from jobs.closing import close
from jobs.failure import describe
from jobs.models import Job
from jobs.registry import KINDS
from jobs.running import WorkerLost, back_to_queue

log = logging.getLogger(__name__)

FORGOTTEN = 10.0  # seconds after which a queued job should be on the queue
PATIENT = 3  # from this loss in a row on, the next attempt waits ...
PAUSE = 15.0  # ... so many seconds, so that the process that dies of it counts as settled in between


def reap() -> None:
    take_back()
    send_forgotten()


def take_back() -> int:
    """Queues again what the dead held, or ends it as ``worker_lost``. Returns how many there were."""
    running = Job.objects.filter(status=Job.Status.RUNNING)
    workers = presence.dead(running.order_by().values_list("worker", flat=True).distinct())
    lost = list(running.filter(Q(lease_until__lt=timezone.now()) | Q(worker__in=workers)))
    for job in lost:
        _take_back(job)
    return len(lost)


def _take_back(job: Job) -> None:
    holding = Job.objects.held(job.pk, job.token)
    kind = KINDS.get(job.kind)
    losses = job.losses + 1
    if job.cancel_requested:
        close(holding, Job.Status.CANCELLED)
    elif kind is None or losses >= kind.losses:
        close(holding, Job.Status.FAILED, error=describe(WorkerLost()))
    elif holding.update(losses=losses, **back_to_queue()):
        log.warning("job %s (%s): its worker is gone; queued again (%s)", job.pk, job.kind, losses)
        transport.send(job.pk, after=PAUSE if losses >= PATIENT else 0)


def send_forgotten() -> None:
    waiting = Job.objects.filter(
        status=Job.Status.QUEUED, queued_at__lt=timezone.now() - timedelta(seconds=FORGOTTEN)
    ).values_list("pk", flat=True)
    for pk in set(waiting) - transport.held() if waiting else ():
        log.warning("job %s: the queue forgot it; sent again", pk)
        transport.send(pk)
