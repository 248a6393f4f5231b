"""Large uploads: kept at once, read by a worker. The dataset is there from the start, ``processing``."""

from contextlib import closing
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import User, WorkSession
from datasets import asking, ingesting, naming, storage
from datasets.creating import Wish, asked, found, insert, said
from datasets.models import Dataset
from datasets.reading import DatasetNotFound, table
from datasets.receiving import Upload, stem
from datasets.selecting import duplicate_of
from datasets.workplace import Workplace
from jobs import requesting
from jobs.models import Job
from jobs.progress import Progress
from tabular.options import Options

KIND = "upload"
PREVIEW_ROWS = 5
CANCELLED = {"reason": "upload_cancelled", "message": gettext_noop("The upload was cancelled."), "details": {}}


def queue(
    *, user: User, session: WorkSession | None, upload: Upload, options: Options, wish: Wish
) -> tuple[Dataset, Job]:
    """Keeps the bytes, inserts the dataset and asks for it to be read; all three or none."""
    if wish.name and naming.taken(session, wish.name):
        raise naming.DatasetNameExists
    key = storage.keys(upload.place.token, upload.filename).original
    storage.keep(upload.path, key)
    try:
        with transaction.atomic():
            dataset = insert(
                session,
                wish,
                stem(upload.filename),
                Dataset(**said(user, session, upload, options, wish), original=key),
            )
            job = requesting.request(
                kind=KIND, owner=user, payload={"dataset_id": dataset.pk}, links={"dataset_id": dataset.pk}
            )
    except storage.UNCERTAIN:
        raise
    except BaseException:
        storage.remove(key)
        raise
    return dataset, job


def read(job: Job, progress: Progress) -> dict[str, Any]:
    """The job: the typed table beside the kept original, then the row. Its result is the upload's receipt."""
    dataset = Dataset.objects.filter(pk=job.payload["dataset_id"]).first()
    if dataset is None:
        raise DatasetNotFound(id=job.payload["dataset_id"])
    if dataset.status != Dataset.Status.READY:
        progress(1, gettext_noop("Reading %(filename)s"), {"filename": dataset.filename})
        _read(dataset, progress)
        dataset.refresh_from_db()
    return receipt(dataset, preview=asking.first_rows(table(dataset), PREVIEW_ROWS))


def _read(dataset: Dataset, progress: Progress) -> None:
    with closing(Workplace()) as place:
        target = place.folder / "table.parquet"
        ingested = ingesting.ingest(storage.local_original(dataset), target, asked(dataset), look=progress.check)
        progress(90)
        key = storage.keys(place.token, dataset.filename).parquet
        storage.keep(target, key)
        try:
            with progress.fenced():
                known = found(ingested) | {"parquet": key, "status": Dataset.Status.READY}
                if not Dataset.objects.filter(pk=dataset.pk, status=Dataset.Status.PROCESSING).update(**known):
                    raise DatasetNotFound(id=dataset.pk)
        except storage.UNCERTAIN:
            raise
        except BaseException:
            storage.remove(key)
            raise


def give_up(job: Job) -> None:
    """The job failed or was cancelled: the row says why, the bytes are freed once that is certain."""
    dataset = Dataset.objects.filter(pk=job.payload["dataset_id"], status=Dataset.Status.PROCESSING).first()
    if dataset is None:
        return
    keys = dataset.original, dataset.parquet
    Dataset.objects.filter(pk=dataset.pk).update(
        status=Dataset.Status.FAILED, error=job.error or CANCELLED, original="", parquet=""
    )
    transaction.on_commit(lambda: storage.remove(*keys), robust=True)


def receipt(dataset: Dataset, preview: list[dict[str, Any]] | None) -> dict[str, Any]:
    """What an upload is answered with; before the file is read it holds no preview."""
    owner = dataset.owner
    return {
        "message": "File uploaded successfully",
        "id": dataset.pk,
        "dataset_id": dataset.pk,
        "session_id": dataset.session_id,
        "name": dataset.name,
        "filename": dataset.filename,
        "file_size": dataset.file_size,
        "status": dataset.status,
        "rows": dataset.rows,
        "columns": dataset.column_names,
        "preview": preview or [],
        "duplicate_of": duplicate_of(dataset, owner) if owner else None,
        "warnings": dataset.report.get("warnings", []),
    }
