"""Which function does which kind of job. Filled by each app's ``AppConfig.ready``, and by nothing else."""

from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import import_string

QUICK, LONG = "default", "long"


@dataclass(frozen=True, slots=True)
class Kind:
    """``run(job, progress)`` → JSON-ready result. It may be called again for the same job, so what is done stays done.

    ``ended(job)`` tidies up what the job was about when it failed or was cancelled; it runs in the transaction that
    closes the job, so it only touches rows (files go ``on_commit``). ``again(job)`` prepares a retry from the admin,
    or raises; without it the kind can't be retried. ``losses``: how many workers in a row may die over it without any
    progress. All three functions are dotted paths. ``queue``: LONG jobs never take a worker's last free place.
    """

    name: str
    run: str
    ended: str | None = None
    again: str | None = None
    losses: int = 3
    queue: str = QUICK

    def call(self, path: str | None, *arguments: Any) -> Any:
        return import_string(path)(*arguments) if path else None


@dataclass(frozen=True, slots=True)
class Chore:
    """Something a worker does from time to time. Two workers may do it at once."""

    name: str
    run: str
    every: float  # seconds

    def do(self) -> None:
        import_string(self.run)()


KINDS: dict[str, Kind] = {}
CHORES: dict[str, Chore] = {}


def register(kind: Kind) -> None:
    KINDS[kind.name] = kind


def schedule(chore: Chore) -> None:
    CHORES[chore.name] = chore
