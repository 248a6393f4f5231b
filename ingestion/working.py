"""The job of a session: list the folder once, copy, tell duplicates, read tables, write down each file as it is done.

Three kinds of threads: copiers (``max_workers``), readers (as many as children may parse at once), and the one that
runs ``work``, which alone writes to the database. It takes copies in the order of their paths, so that of equal files
the first by path is the original, however the copiers overtake each other.
"""

import queue
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core.errors import Conflict, NotFound
from datasets.models import Dataset
from datasets.workplace import Workplace
from ingestion import roots, walking
from ingestion.copying import Copied, CopyFailed, CopyLost, Source, copy
from ingestion.models import FileUpload, SyncSession
from ingestion.reading import Readers, is_tabular
from ingestion.recording import Recorder, known_before
from ingestion.walking import Skipped
from jobs.models import Job
from jobs.progress import Progress
from tabular.bulk import Done
from tabular.sandbox import AT_ONCE

AHEAD = 4  # copies under way or waiting, per copier
MOST_UNREAD = 400  # copied tables that wait for a reader: beyond it copying waits too
CHUNK = 500


class SessionNotFound(NotFound):
    reason = "session_not_found"
    message = _("There is no ingest session %(id)s.")


def work(job: Job, progress: Progress) -> dict[str, Any]:
    session = SyncSession.objects.select_related("project").filter(pk=job.payload["session_id"]).first()
    if session is None:
        raise SessionNotFound(id=job.payload["session_id"])
    source = None
    if session.local_directory:
        source = Source(*roots.existing(session.local_directory, session.project.company_id))
    if not session.listed:
        progress(0, gettext_noop("Listing the files"))
        _list(session, source, progress)
    with closing(Workplace()) as place:
        Run(session, source, progress, place).run()
    return _finish(session, progress)


def _list(session: SyncSession, source: Source | None, progress: Progress) -> None:
    """Every file as a row, or none: a second attempt begins anew. What clients sent is listed already."""
    sent = set(session.files.values_list("file_path", flat=True))
    found = walking.walk(source.folder, source.root, sent) if source else []
    rows = [
        FileUpload(
            session=session, file_path=item.shown, raw_path=None if item.is_text else item.raw, file_size=item.size
        )
        for item in found
        if item.problem is None
    ]
    recorder = Recorder(session, progress, "")
    with progress.fenced():
        FileUpload.objects.bulk_create(rows, batch_size=CHUNK)
        problems = [(item, FileUpload(session=session, file_path=item.shown)) for item in found if item.problem]
        FileUpload.objects.bulk_create([row for _item, row in problems], batch_size=CHUNK)
        for item, row in problems:
            assert item.problem is not None
            recorder.skipped(row, item.problem)
        listed = session.files.aggregate(bytes=Sum("file_size"))
        SyncSession.objects.filter(pk=session.pk).update(
            listed=True, total_files=session.files.count(), total_size_bytes=listed["bytes"] or 0
        )


class Run:
    """One attempt at a session: what is still open when it begins."""

    def __init__(self, session: SyncSession, source: Source | None, progress: Progress, place: Workplace) -> None:
        self.session, self.source, self.progress, self.place = session, source, progress, place
        self.recorder = Recorder(session, progress, place.token)
        self.answers: queue.SimpleQueue[tuple[Done, list[Dataset]] | BaseException] = queue.SimpleQueue()
        self.unread: dict[int, tuple[FileUpload, Copied]] = {}
        done = session.files.exclude(status__in=FileUpload.OPEN)
        self.seen = set(done.exclude(checksum="").values_list("checksum", flat=True))
        self.done, self.total = done.count(), session.files.count()
        self.copiers = ThreadPoolExecutor(session.max_workers, thread_name_prefix="copier")
        self.readers = Readers(
            min(session.max_workers, AT_ONCE), place.folder, self._store, progress.check, self.answers.put
        )

    def run(self) -> None:
        try:
            for file, copying in self._copies():
                self._take(file, copying)
                while len(self.unread) >= MOST_UNREAD:
                    self._next_answer()
                while self._next_answer(wait=False):
                    pass
            self.readers.complete()
            while self.unread:
                self._next_answer()
        finally:
            self.progress.stop.set()  # whatever the reason, the threads have nothing more to do
            self.copiers.shutdown(wait=True, cancel_futures=True)
            self.readers.close()

    def _copies(self) -> Iterator[tuple[FileUpload, "Future[Copied]"]]:
        """Each open file with its copy, in the order of their paths; only a few are ahead of the one at hand."""
        ahead: deque[tuple[FileUpload, Future[Copied]]] = deque()
        files = list(self.session.files.filter(status__in=FileUpload.OPEN).order_by("file_path"))
        for file in files:
            job = self.copiers.submit(copy, self.session, file, self.source, self.place, self.progress.stop)
            ahead.append((file, job))
            if len(ahead) > AHEAD * self.session.max_workers:
                yield ahead.popleft()
        yield from ahead

    def _take(self, file: FileUpload, copying: "Future[Copied]") -> None:
        while not copying.done():
            with suppress(TimeoutError):
                copying.exception(timeout=0.2)
            self.progress.check()
        try:
            copied = copying.result()
        except Skipped as problem:
            self.recorder.skipped(file, problem)
        except (CopyFailed, CopyLost) as problem:
            self.recorder.failed(file, problem)
        else:
            if copied.checksum in self.seen or known_before(self.session, copied.checksum):
                self.recorder.duplicate(file, copied)
                copied.work.unlink(missing_ok=True)
            elif is_tabular(file.file_path):
                self.seen.add(copied.checksum)
                self.unread[file.pk] = file, copied
                self.readers.put(file.pk, copied.work, file.file_path.rsplit("/", 1)[-1], copied.size)
                return
            else:
                self.seen.add(copied.checksum)
                self.recorder.copied(file, copied)
                copied.work.unlink(missing_ok=True)
        self._count(file)

    def _store(self, done: Done) -> None:
        """In a reader's thread: the tables' bytes; the rows are for the thread that runs the session."""
        file, copied = self.unread[done.number]
        self.answers.put((done, self.recorder.stored(file, copied, done.sheets)))

    def _next_answer(self, wait: bool = True) -> bool:
        try:
            answer = self.answers.get(timeout=0.2) if wait else self.answers.get_nowait()
        except queue.Empty:
            self.progress.check()
            return False
        if isinstance(answer, BaseException):
            raise answer
        done, datasets = answer
        file, copied = self.unread.pop(done.number)
        if done.error is not None:
            self.recorder.failed(file, done.error, copied)
        else:
            self.recorder.tables(file, copied, datasets)
        copied.work.unlink(missing_ok=True)
        self._count(file)
        return True

    def _count(self, file: FileUpload) -> None:
        self.done += 1
        self.progress(
            99 * self.done / max(1, self.total), gettext_noop("Done with %(file)s"), {"file": file.file_path[:200]},
            files=self.done, total=self.total,
        )  # fmt: skip


def _finish(session: SyncSession, progress: Progress) -> dict[str, Any]:
    """The counters once more from the rows themselves, and what the session has come to."""
    statuses = list(session.files.values_list("status", flat=True))
    failed = statuses.count(FileUpload.Status.FAILED)
    status = SyncSession.Status.COMPLETED
    if failed:
        status = SyncSession.Status.FAILED if failed == len(statuses) else SyncSession.Status.INCOMPLETE
    with progress.fenced():
        facts = {
            "total_files": len(statuses),
            "files_uploaded": statuses.count(FileUpload.Status.COMPLETED),
            "files_failed": failed,
            "files_skipped": statuses.count(FileUpload.Status.SKIPPED),
        }
        SyncSession.objects.filter(pk=session.pk).update(status=status, completed_at=timezone.now(), **facts)
    session.refresh_from_db()
    made = Dataset.objects.filter(ingested_files__session=session).count()
    return {
        "session_id": session.pk, "status": status, **facts, "total_size_bytes": session.total_size_bytes,
        "datasets": made,
    }  # fmt: skip


def give_up(job: Job) -> None:
    """The job failed or was cancelled: so is its session; what was done stays."""
    cancelled = job.status == Job.Status.CANCELLED
    status = SyncSession.Status.CANCELLED if cancelled else SyncSession.Status.FAILED
    SyncSession.objects.filter(pk=job.payload["session_id"]).active().update(status=status, completed_at=timezone.now())


class SessionGone(Conflict):
    reason = "session_gone"
    message = _("The session of this job is gone or runs in another job.")


def again(job: Job) -> None:
    """A retry from the admin goes on with what is still open."""
    ended = SyncSession.objects.filter(
        pk=job.payload["session_id"], job=job,
        status__in=[SyncSession.Status.FAILED, SyncSession.Status.CANCELLED, SyncSession.Status.INCOMPLETE],
    )  # fmt: skip
    if not ended.update(status=SyncSession.Status.IN_PROGRESS, completed_at=None):
        raise SessionGone
