"""What became of a file, written in one short transaction: its row, its datasets, the session's counters."""

from pathlib import PurePosixPath
from typing import Any

from django.db.models import F

from accounts.models import User
from datasets import storage
from datasets.creating import found
from datasets.models import Dataset
from datasets.receiving import stem
from ingestion.copying import Copied, put_beside
from ingestion.models import FileUpload, Project, SyncSession
from ingestion.reading import is_tabular
from jobs.failure import describe
from jobs.progress import Progress
from tabular.bulk import Sheet

MAX_NAME = 255


class KnownBefore(Exception):
    """A session that ran beside this one closed a file with the same bytes first."""


class Recorder:
    """Writes for one session; every write is fenced by the job's claim."""

    def __init__(self, session: SyncSession, progress: Progress, token: str) -> None:
        self.session, self.progress, self.token = session, progress, token

    def skipped(self, file: FileUpload, error: Exception) -> None:
        self._close(file, FileUpload.Status.SKIPPED, error=describe(error))

    def failed(self, file: FileUpload, error: Exception, copied: Copied | None = None) -> None:
        """The copy of an unreadable table is kept: people want to look at it."""
        self._close(file, FileUpload.Status.FAILED, error=describe(error), **_of_copy(copied))

    def duplicate(self, file: FileUpload, copied: Copied) -> None:
        self._close(file, FileUpload.Status.SKIPPED, is_duplicate=True, **_of_copy(copied) | {"s3_key": ""})
        storage.remove(copied.key)

    def copied(self, file: FileUpload, copied: Copied) -> None:
        try:
            self._close(file, FileUpload.Status.COMPLETED, **_of_copy(copied))
        except KnownBefore:
            self.duplicate(file, copied)

    def stored(self, file: FileUpload, copied: Copied, sheets: tuple[Sheet, ...]) -> list[Dataset]:
        """Keeps the bytes of each table; the rows follow with ``tables``."""
        return [self._store(file, copied, number, sheet) for number, sheet in enumerate(sheets)]

    def _store(self, file: FileUpload, copied: Copied, number: int, sheet: Sheet) -> Dataset:
        path = PurePosixPath(file.file_path)
        keys = storage.keys(self.token, f"{file.pk}-{number}-{path.name}")
        put_beside(copied.work, keys.original)
        storage.keep(sheet.table, keys.parquet)
        options: dict[str, Any] = {"filename": path.name[-MAX_NAME:], "types": {}, "na_values": []}
        return Dataset(
            owner_id=self.session.user_id,
            company_id=self.session.project.company_id,
            project=self.session.project,
            name=_name(path, sheet.name),
            shared_with=Dataset.Sharing.COMPANY,
            status=Dataset.Status.READY,
            filename=path.name[-MAX_NAME:],
            file_size=copied.size,
            content_hash=copied.checksum,
            options=options | ({"sheet_name": sheet.name} if sheet.name else {}),
            **keys._asdict(),
            **found(sheet.ingested),
        )

    def tables(self, file: FileUpload, copied: Copied, datasets: list[Dataset]) -> None:
        try:
            self._close(file, FileUpload.Status.COMPLETED, datasets, **_of_copy(copied))
        except storage.UNCERTAIN:
            raise
        except BaseException as error:
            for dataset in datasets:
                storage.remove(dataset.original, dataset.parquet)
            if not isinstance(error, KnownBefore):
                raise
            self.duplicate(file, copied)

    def _close(
        self, file: FileUpload, status: FileUpload.Status, datasets: list[Dataset] | None = None, **changes: Any
    ) -> None:
        with self.progress.fenced():
            if status == FileUpload.Status.COMPLETED:
                # One project's sessions close their files one after another, so that equal ones meet here.
                Project.objects.select_for_update().filter(pk=self.session.project_id).first()
                if known_before(self.session, changes["checksum"]):
                    raise KnownBefore
            open_ones = FileUpload.objects.filter(pk=file.pk, status__in=FileUpload.OPEN)
            if not open_ones.update(status=status, **changes):
                return  # the session's rows are gone, or it was done before
            for dataset in datasets or ():
                dataset.owner_id = self._owner()
                dataset.save(force_insert=True)
            made = FileUpload.datasets.through
            made.objects.bulk_create(made(fileupload_id=file.pk, dataset_id=dataset.pk) for dataset in datasets or ())
            counter = COUNTERS[status]
            SyncSession.objects.filter(pk=self.session.pk).update(
                **{counter: F(counter) + 1},
                total_size_bytes=F("total_size_bytes") + changes.get("file_size", file.file_size) - file.file_size,
            )

    def _owner(self) -> int | None:
        """Whoever started the session, unless they are gone by now."""
        pk = self.session.user_id
        return pk if pk and User.objects.filter(pk=pk).exists() else None


COUNTERS = {
    FileUpload.Status.COMPLETED: "files_uploaded",
    FileUpload.Status.FAILED: "files_failed",
    FileUpload.Status.SKIPPED: "files_skipped",
}


def _of_copy(copied: Copied | None) -> dict[str, Any]:
    if copied is None:
        return {}
    return {"s3_key": copied.key, "file_size": copied.size, "checksum": copied.checksum}


def _name(path: PurePosixPath, sheet: str | None) -> str:
    """``2024-01/sales`` and, of a workbook with several sheets, ``2024-01/book – Sheet1``."""
    name = str(path.with_name(stem(path.name)))
    tail = f" – {sheet}" if sheet else ""
    return name[: MAX_NAME - len(tail)] + tail


def known_before(session: SyncSession, checksum: str) -> bool:
    """Another session of the project holds these very bytes: as a table that is still there, or as a plain copy."""
    same = FileUpload.objects.filter(
        session__project_id=session.project_id, checksum=checksum, status=FileUpload.Status.COMPLETED
    ).exclude(session=session)
    return any(not is_tabular(file.file_path) or file.datasets.exists() for file in same[:20])
