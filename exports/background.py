"""An export asked for with ``Prefer: respond-async``: a worker writes the file, its owner fetches it for a day."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import User
from core.errors import NotFound
from datasets import storage
from datasets.workplace import Workplace
from exports.asked import Asked, from_payload
from jobs import requesting
from jobs.models import Job
from jobs.progress import Progress

KIND = "export"
ROOT = "exports"
KEPT = timedelta(days=1)


class ExportNotFound(NotFound):
    reason = "export_not_found"
    message = _("There is no exported file %(id)s. Files are kept for a day.")


def queue(*, asked: Asked, user: User) -> Job:
    return requesting.request(kind=KIND, owner=user, payload=asked.to_payload(), links={"dataset_id": asked.dataset.pk})


def write(job: Job, progress: Progress) -> dict[str, Any]:
    """The job: the file in storage. Its result says where to fetch it."""
    assert job.owner is not None  # a private job goes with its owner
    asked = from_payload(job.payload, job.owner)
    progress(1, gettext_noop("Writing %(filename)s"), {"filename": asked.filename})
    with closing(Workplace()) as place:
        path = place.folder / "export"
        size = _spool(path, asked.content(), progress)
        key = f"{ROOT}/{timezone.now():%Y%m%d}/{place.token}.{asked.form.extension}"
        with progress.fenced():
            Job.objects.filter(pk=job.pk).update(payload=job.payload | {"key": key})
        storage.keep(path, key)
    return {
        "filename": asked.filename,
        "content_type": asked.form.content_type,
        "file_size": size,
        "download_url": f"{settings.PUBLIC_URL}/api/v1/export/files/{job.pk}",
        "expires_at": (timezone.now() + KEPT).isoformat(),
    }


def _spool(path: Path, content: Iterator[bytes], progress: Progress) -> int:
    size = 0
    with path.open("wb") as file:
        for piece in content:
            progress.check()
            size += file.write(piece)
    return size


def finished(job: Job) -> str:
    """The storage key of the file that a job wrote, while it is kept."""
    key = job.payload.get("key") if job.kind == KIND and job.status == Job.Status.SUCCEEDED else None
    if not key or job.ended_at is None or job.ended_at + KEPT < timezone.now() or not default_storage.exists(key):
        raise ExportNotFound(id=job.pk)
    return str(key)


def free_old() -> None:
    """Frees files past their day, and those that no finished job speaks of any more."""
    since = timezone.now() - KEPT
    speaking = Job.objects.filter(kind=KIND).exclude(status__in=Job.ENDED, ended_at__lt=since)
    kept = {job.payload.get("key") for job in speaking.only("payload")}
    for day in _listed(ROOT)[0]:
        for name in _listed(f"{ROOT}/{day}")[1]:
            if (key := f"{ROOT}/{day}/{name}") not in kept:
                storage.remove(key)


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []
    return folders, files
