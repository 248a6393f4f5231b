"""The queue: Django's Tasks API, which carries ids and nothing else. Another broker is another TASKS backend.

Only ``held`` looks into the database backend; a broker that can't tell what it holds answers with what it was sent.
"""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from jobs import running
from jobs.models import Job
from jobs.registry import KINDS, QUICK


@task()
def deliver(job_id: int) -> None:
    if running.run(job_id) is running.Outcome.RELEASED:
        send(job_id)


def send(job_id: int, after: float = 0) -> None:
    """Puts the id on its kind's queue; ``after`` seconds from now at the earliest."""
    name = Job.objects.filter(pk=job_id).values_list("kind", flat=True).first()
    kind = KINDS.get(name or "")
    when = timezone.now() + timedelta(seconds=after) if after else None
    deliver.using(queue_name=kind.queue if kind else QUICK, run_after=when).enqueue(job_id)


def held() -> set[int]:
    """The ids that wait on the queue."""
    waiting = DBTaskResult.objects.filter(status="READY", task_path=deliver.module_path)
    return {found["args"][0] for found in waiting.values_list("args_kwargs", flat=True)}
