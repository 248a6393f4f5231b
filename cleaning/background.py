"""What was asked for with ``Prefer: respond-async``: a plan made, tried or run by a worker."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop

from accounts.models import User, WorkSession
from cleaning import executing, planning
from cleaning.models import Execution, Plan
from cleaning.reading import own_plan
from datasets.models import Dataset
from datasets.reading import ready
from jobs import requesting
from jobs.models import Job
from jobs.progress import Progress

PLAN, DRY_RUN, EXECUTE = "plan", "dry-run", "execution"


def queue_plan(*, user: User, dataset: Dataset, wish: planning.Wish) -> Job:
    wish.checked(dataset)
    words = {"task_type": wish.task_type, "target_column": wish.target_column, "plan_name": wish.plan_name}
    payload = {"dataset_id": dataset.pk, "wish": words | {"planner": wish.planner}}
    return requesting.request(kind=PLAN, owner=user, payload=payload, links={"dataset_id": dataset.pk})


def queue_run(*, kind: str, user: User, plan: Plan, wish: executing.Wish, session: WorkSession | None = None) -> Job:
    executing.prepared(plan, wish)
    payload = {
        "plan_id": plan.pk,
        "dataset_id": wish.dataset.pk,
        "column_mapping": dict(wish.column_mapping),
        "refit": wish.refit,
        "session_id": session.pk if session else None,
    }
    links = {"plan_id": plan.pk, "dataset_id": wish.dataset.pk}
    return requesting.request(kind=kind, owner=user, payload=payload, links=links)


def make_plan(job: Job, progress: Progress) -> dict[str, Any]:
    user = _asker(job)
    dataset = ready(user, job.payload["dataset_id"])
    progress(5, gettext_noop("Proposing steps for %(name)s"), {"name": dataset.name})
    plan = planning.make(user=user, dataset=dataset, wish=planning.Wish(**job.payload["wish"]), fenced=progress.fenced)
    return {"plan_id": plan.pk, "dataset_id": dataset.pk, "steps": len(plan.steps)}


def dry_run(job: Job, progress: Progress) -> dict[str, Any]:
    """The counts and samples, without translated words."""
    plan, wish = _asked(_asker(job), job.payload)
    progress(5, gettext_noop("Trying %(name)s"), {"name": plan.name})
    return {"plan_id": plan.pk, "dataset_id": wish.dataset.pk} | executing.dry_run(plan, wish, progress.check)


def execute(job: Job, progress: Progress) -> dict[str, Any]:
    """Once only: a job that is run again after its worker was lost finds what it has made already."""
    user = _asker(job)
    plan, wish = _asked(user, job.payload)
    done = Execution.objects.filter(job_id=job.pk, status=Execution.Status.COMPLETED).first()
    if done is None:
        progress(5, gettext_noop("Running %(name)s"), {"name": plan.name})
        session = WorkSession.objects.filter(pk=job.payload["session_id"], user=user).first()
        done = executing.execute(
            user=user,
            plan=plan,
            wish=wish,
            session=session,
            look=progress.check,
            progress=progress,
            fenced=progress.fenced,
            job=job,
        )
    return {
        "execution_id": done.pk,
        "plan_id": plan.pk,
        "status": done.status,
        "before": done.before,
        "after": done.after,
        "output_dataset_id": done.output_id,
    }


def _asker(job: Job) -> User:
    assert job.owner is not None  # a private job goes with its owner
    return job.owner


def _asked(user: User, payload: Mapping[str, Any]) -> tuple[Plan, executing.Wish]:
    plan = own_plan(user, payload["plan_id"])
    return plan, executing.Wish(ready(user, payload["dataset_id"]), payload["column_mapping"], payload["refit"])
