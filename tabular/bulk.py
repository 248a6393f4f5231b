"""Many small files in one child: each becomes tables as ``ingest`` makes them, reported as soon as it is done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tabular import sandbox
from tabular.errors import TableError
from tabular.ingest import Ingested, NoRows, ingest
from tabular.options import Options
from tabular.sniff import EmptyFile


@dataclass(frozen=True, slots=True)
class Task:
    """``folder``: where the tables go, as ``<number>-<sheet>.parquet``."""

    number: int
    source: Path
    folder: Path
    options: Options


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file; ``name`` is the sheet's where the file has several."""

    name: str | None
    table: Path
    ingested: Ingested


@dataclass(frozen=True, slots=True)
class Done:
    """``error`` and no sheets, or sheets and no error."""

    number: int
    sheets: tuple[Sheet, ...] = ()
    error: TableError | None = None


def read_files(tasks: Sequence[Task]) -> None:
    """Reports one ``Done`` per task, in their order (see ``sandbox.report``)."""
    for count, task in enumerate(tasks, 1):
        try:
            done = Done(task.number, tuple(_tables(task)))
        except TableError as error:
            done = Done(task.number, error=error)
        sandbox.report(100 * count / len(tasks), done)


def _tables(task: Task) -> Iterator[Sheet]:
    """The first sheet that holds something, then the others; sheets without rows are no tables."""
    first = task.folder / f"{task.number}-0.parquet"
    ingested = ingest(task.source, first, task.options)
    told = next((w["details"] for w in ingested.warnings if w["reason"] == "sheets_not_read"), None)
    yield Sheet(told["read"] if told else None, first, ingested)
    for index, name in enumerate(told["others"] if told else (), 1):
        table = task.folder / f"{task.number}-{index}.parquet"
        try:
            yield Sheet(name, table, ingest(task.source, table, replace(task.options, sheet_name=name)))
        except (NoRows, EmptyFile):
            continue
