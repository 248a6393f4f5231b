"""How much work waits, and whether anybody is there to do it."""

from jobs.models import Job


def queue_answers() -> None:
    """For the readiness check: the queue can be read. It may be long; that is no failure."""
    waiting()


def waiting() -> int:
    return Job.objects.filter(status=Job.Status.QUEUED).count()


def running() -> int:
    return Job.objects.filter(status=Job.Status.RUNNING).count()
