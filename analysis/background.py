"""A question asked with ``Prefer: respond-async``: a worker answers it, the job's result is the answer."""

from typing import Any

from accounts.models import User
from analysis.asking import Question, answer, parsed, question
from datasets.reading import ready
from jobs import requesting
from jobs.models import Job
from jobs.progress import Progress

KIND = "analysis"


def queue(*, asked: Question, user: User) -> Job:
    """The question was read already: only one that can be answered is put on the queue."""
    payload = {"dataset_id": asked.dataset.pk, "kind": asked.kind, "params": asked.params.canonical()}
    return requesting.request(kind=KIND, owner=user, payload=payload, links={"dataset_id": asked.dataset.pk})


def run(job: Job, progress: Progress) -> dict[str, Any]:
    """The answer, as the request without the header would have had it."""
    asker = job.owner
    assert asker is not None  # a private job goes with its owner
    dataset = ready(asker, job.payload["dataset_id"])
    asked = question(dataset=dataset, kind=job.payload["kind"], data=job.payload["params"])
    progress(5)
    kept, _known = answer(asked=asked, user=asker)
    return parsed(kept.body)
