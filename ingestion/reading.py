"""The readers of a session: threads that have files parsed in sandboxed children, many small ones per child."""

import os
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tabular import bulk, sandbox
from tabular.bulk import Done, Task
from tabular.errors import TableError
from tabular.options import Options

MOST_FILES = 200  # in one child
MOST_BYTES = 16_000_000
FEW = 64  # below it a reader waits a moment for more: a child costs as much to start as fifty small files to read
MOMENT = 1.5  # seconds
BUSY_PAUSE = 0.5
TABULAR = frozenset({
    ".csv", ".tsv", ".tab", ".psv", ".json", ".ndjson", ".jsonl", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".parquet",
    ".pq",
})  # fmt: skip
PACKED = frozenset({".gz", ".zip"})


def is_tabular(path: str) -> bool:
    """By name alone: ``a.csv``, ``a.csv.gz``, ``A.XLSX``; not ``a.txt`` and not ``a.zip``."""
    name = Path(path.lower())
    suffix = Path(name.stem).suffix if name.suffix in PACKED else name.suffix
    return suffix in TABULAR


@dataclass(frozen=True, slots=True)
class Waiting:
    task: Task
    size: int
    alone: bool = False  # its child died once: it gets one of its own


class Closed(Exception):
    """Nobody waits for answers any more."""


class Readers:
    """``put`` tasks; each is answered by one call of ``answer(done)`` from a thread of the readers."""

    def __init__(
        self, count: int, folder: Path, answer: Callable[[Done], None], check: Callable[[], None],
        crashed: Callable[[BaseException], None],
    ) -> None:  # fmt: skip
        self._folder, self._answer, self._check, self._crashed = folder, answer, check, crashed
        self._waiting: deque[Waiting] = deque()
        self._changed = threading.Condition()
        self._closed = self._complete = False
        self._threads = [threading.Thread(target=self._work, name=f"reader-{n}", daemon=True) for n in range(count)]
        for thread in self._threads:
            thread.start()

    def put(self, number: int, source: Path, filename: str, size: int) -> None:
        task = Task(number, source, self._folder, Options(filename=filename))
        with self._changed:
            self._waiting.append(Waiting(task, size))
            self._changed.notify()

    def complete(self) -> None:
        """Nothing more will be put: nobody need wait for it."""
        with self._changed:
            self._complete = True
            self._changed.notify_all()

    def close(self) -> None:
        """Ends the threads and what they are reading."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        try:
            while batch := self._batch():
                self._read(batch)
        except Closed:
            return
        except BaseException as error:  # noqa: BLE001 - told to the thread that waits for the answers
            self._crashed(error)

    def _batch(self) -> list[Waiting]:
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait_for(lambda: self._closed or self._waiting)
                self._changed.wait_for(lambda: self._closed or self._complete or len(self._waiting) >= FEW, MOMENT)
            # At the end half of what waits, so that the other reader is not idle.
            most = min(MOST_FILES, (len(self._waiting) + 1) // 2 if self._complete else len(self._waiting))
            most = 1 if self._waiting and self._waiting[0].alone else most
            batch: list[Waiting] = []
            size = 0
            while self._waiting and len(batch) < most and (not batch or size + self._waiting[0].size <= MOST_BYTES):
                if batch and self._waiting[0].alone:
                    break
                batch.append(self._waiting.popleft())
                size += batch[-1].size
            return batch

    def _read(self, batch: list[Waiting]) -> None:
        left = deque(batch)

        def told(_percent: float, done: Done) -> None:
            left.popleft()
            self._answer(done)

        seconds = settings.PARSER_SECONDS
        try:
            sandbox.run(
                bulk.read_files, ([waiting.task for waiting in batch],), memory_bytes=settings.PARSER_MEMORY_BYTES,
                cpu_seconds=seconds * (os.cpu_count() or 1), wall_seconds=seconds, progress=told, look=self._look,
            )  # fmt: skip
        except sandbox.SandboxBusy:
            threading.Event().wait(BUSY_PAUSE)
            self._look()
            self._again(left)
        except TableError as error:
            self._one_to_blame(left, len(batch), error)

    def _look(self) -> None:
        if self._closed:
            raise Closed
        self._check()

    def _one_to_blame(self, left: deque[Waiting], of: int, error: TableError) -> None:
        """The child ended over the first file that it did not report; it may have been the sum of all of them."""
        if not left:
            return
        first = left.popleft()
        if of == 1:
            self._answer(Done(first.task.number, error=error))
        else:
            left.appendleft(Waiting(first.task, first.size, alone=True))
        self._again(left)

    def _again(self, left: deque[Waiting]) -> None:
        with self._changed:
            self._waiting.extendleft(reversed(left))
            self._changed.notify_all()
