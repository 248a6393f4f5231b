"""Trying a plan on a dataset, and running it for good. The source never changes."""

import hashlib
import os
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import User, WorkSession
from cleaning.engine import running
from cleaning.engine.running import Step, StepFailed
from cleaning.models import Execution, Plan
from cleaning.reading import PlanNotFound
from cleaning.reusing import learned_before
from cleaning.steps import PlanStep, stored, to_run
from core.api import fill
from core.errors import InvalidInput, Unavailable
from datasets import creating, storage
from datasets.models import Dataset
from datasets.reading import DatasetNotFound
from datasets.workplace import Workplace
from jobs.models import Job
from tabular import roles, sandbox
from tabular.query import find_column
from tabular.schema import Column
from tabular.typing.reasons import Reason

LANE = "cleaning"
LONGEST_NAME = 255
sandbox.PRELOAD[LANE] = ("cleaning.engine.running",)


class ExecutionFailed(InvalidInput):
    """``step_order`` is the step to blame."""

    reason = "execution_failed"
    message = _("The plan failed at step %(step_order)s: %(error_message)s")


class RunFailed(ExecutionFailed):
    """No single step is to blame; ``step_order`` is null."""

    message = _("The plan failed: %(error_message)s")


class InvalidMapping(InvalidInput):
    reason = "invalid_column_mapping"
    message = _("column_mapping is an object: the plan's column → the dataset's column.")


class MappingNotUnique(InvalidInput):
    reason = "column_mapping_not_unique"
    message = _("After the mapping the dataset would have two columns %(column)s.")


class TooMuchCleaning(Unavailable):
    reason = "cleaning_busy"
    message = _("Too many plans are being run at the moment. Try again soon.")
    retry_after = 10


@dataclass(frozen=True, slots=True)
class Wish:
    """On which data, with which names, and whether everything is to be learned anew."""

    dataset: Dataset
    column_mapping: Mapping[str, str]
    refit: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run that is about to begin. ``renamed``: the dataset's column → the plan's."""

    plan: Plan
    wish: Wish
    steps: list[PlanStep]
    columns: tuple[Column, ...]
    renamed: dict[str, str]
    fitted_from: Execution | None
    to_run: list[Step]

    @property
    def arguments(self) -> tuple[Any, ...]:
        steps = [step.to_dict() for step in self.to_run]
        return storage.local_parquet(self.wish.dataset), self.columns, self.renamed, steps, self.plan.target_column


def prepared(plan: Plan, wish: Wish) -> Prepared:
    """Raises 400 for a mapping that can't be."""
    columns = wish.dataset.columns
    renamed = {find_column(theirs, columns).name: ours for ours, theirs in wish.column_mapping.items()}
    names = [renamed.get(column.name, column.name) for column in columns]
    twice = next((name for name, count in Counter(names).items() if count > 1), None)
    if twice is not None or len(renamed) < len(wish.column_mapping):
        raise MappingNotUnique(column=twice or next(iter(renamed.values())))
    steps = stored(plan.steps)
    fitted_from, to_do = (None, to_run(steps)) if wish.refit else learned_before(plan, wish.dataset, to_run(steps))
    return Prepared(plan, wish, steps, columns, renamed, fitted_from, to_do)


def dry_run(plan: Plan, wish: Wish, look: Callable[[], None] | None = None) -> dict[str, Any]:
    """``{before, after, steps}``: what each step would change, with samples and risks; nothing is kept."""
    run = prepared(plan, wish)
    try:
        found = _in_child(running.rehearse, run, look=look)
    except StepFailed as refusal:
        raise _failure(refusal, None) from refusal
    for step in found["steps"]:
        del step["fitted"], step["types"]  # they may be long, and nothing will use them
    return found


def execute(
    *,
    user: User,
    plan: Plan,
    wish: Wish,
    session: WorkSession | None,
    look: Callable[[], None] | None = None,
    progress: sandbox.Progress | None = None,
    fenced: Callable[[], AbstractContextManager[None]] = nullcontext,
    job: Job | None = None,
) -> Execution:
    """A new dataset and the execution that tells of it, or a failed execution and nothing else.

    ``progress`` is told the percentage as steps begin; ``fenced`` surrounds what is written at the end. Raises 404
    when plan or dataset were deleted meanwhile.
    """
    run = prepared(plan, wish)
    about = {"owner": user, "plan": plan, "job": job}
    started = time.monotonic()
    with closing(Workplace()) as place:
        table = place.folder / "table.parquet"
        try:
            found = _in_child(running.execute, run, table, look=look, progress=progress)
        except StepFailed as refusal:
            with fenced(), transaction.atomic():
                _still_there(plan, wish.dataset)
                failed = _failed(about, run, refusal, time.monotonic() - started)
            raise _failure(refusal, failed.pk) from refusal
        name = f"{wish.dataset.name} – {plan.name}"
        key = storage.keys(place.token, f"{name}.parquet").parquet
        facts = {"file_size": table.stat().st_size, "content_hash": _sha256(table)}
        columns = roles.assign(found["columns"], table)
        storage.keep(table, key)
        try:
            with fenced(), transaction.atomic():
                _still_there(plan, wish.dataset)
                execution = _completed(about, run, found, time.monotonic() - started)
                output = _output(user, run, session, name, columns, found, key, facts, execution)
                Execution.objects.filter(pk=execution.pk).update(output=output)
                execution.output = output
        except storage.UNCERTAIN:
            raise
        except BaseException:
            storage.remove(key)
            raise
    return execution


def _still_there(plan: Plan, dataset: Dataset) -> None:
    """Holds both, so that neither goes before what is written about them."""
    if not Dataset.objects.select_for_update().filter(pk=dataset.pk).exists():
        raise DatasetNotFound(id=dataset.pk)
    if not Plan.objects.select_for_update().filter(pk=plan.pk).exists():
        raise PlanNotFound(id=plan.pk)


def _in_child(
    func: Callable[..., dict[str, Any]], run: Prepared, *more: Any, look: Any, progress: sandbox.Progress | None = None
) -> dict[str, Any]:
    """Checks all columns first, without a child; then does the work in one."""
    running.check(run.to_run, {run.renamed.get(one.name, one.name): one.dtype for one in run.columns})
    seconds = settings.CLEANING_SECONDS
    try:
        found: dict[str, Any] = sandbox.run(
            func,
            (*run.arguments, *more),
            memory_bytes=settings.CLEANING_MEMORY_BYTES,
            cpu_seconds=seconds * (os.cpu_count() or 1),
            wall_seconds=seconds,
            look=look,
            progress=progress,
            lane=LANE,
        )
    except sandbox.SandboxBusy as busy:
        raise TooMuchCleaning from busy
    except (sandbox.ParseTimeout, sandbox.ParseMemory, sandbox.ParseCrashed) as limit:
        raise StepFailed(step_order=None, reason=limit.reason, message=LIMITS[limit.reason], details={}) from limit
    return found


LIMITS = {
    sandbox.ParseTimeout.reason: gettext_noop("It takes longer than is allowed."),
    sandbox.ParseMemory.reason: gettext_noop("It takes more memory than is allowed."),
    sandbox.ParseCrashed.reason: gettext_noop("The process that did the work ended unexpectedly."),
}


# --- how it ended ----------------------------------------------------------------------------------------------------


def _failure(refusal: StepFailed, execution_id: int | None) -> ExecutionFailed:
    told = refusal.details
    message = fill(_(told["message"]), told["details"])
    facts = {"step_order": told["step_order"], "error_message": message, "error_reason": told["reason"]}
    failure = RunFailed if told["step_order"] is None else ExecutionFailed
    return failure(execution_id=execution_id, **facts, error_details=told["details"])


def _known(about: Mapping[str, Any], run: Prepared, seconds: float) -> dict[str, Any]:
    return {
        **about,
        "dataset": run.wish.dataset,
        "column_mapping": dict(run.wish.column_mapping),
        "fitted_from": run.fitted_from,
        "seconds": round(seconds, 3),
    }


def _completed(about: Mapping[str, Any], run: Prepared, found: Mapping[str, Any], seconds: float) -> Execution:
    done = {one["order"]: one for one in found["steps"]}
    steps = [_ended(order, step, done.get(order), "skipped") for order, step in enumerate(run.steps, 1)]
    return Execution.objects.create(
        status=Execution.Status.COMPLETED,
        before=found["before"],
        after=found["after"],
        steps=steps,
        **_known(about, run, seconds),
    )


def _failed(about: Mapping[str, Any], run: Prepared, refusal: StepFailed, seconds: float) -> Execution:
    at = refusal.details["step_order"]
    steps = []
    for order, step in enumerate(run.steps, 1):
        state = "skipped" if step.skipped else "failed" if order == at else "not_run"
        steps.append(_ended(order, step, None, state))
    error = {name: refusal.details[name] for name in ("reason", "message", "details", "step_order")}
    return Execution.objects.create(
        status=Execution.Status.FAILED, steps=steps, error=error, **_known(about, run, seconds)
    )


def _ended(order: int, step: PlanStep, done: Mapping[str, Any] | None, otherwise: str) -> dict[str, Any]:
    kept = {name: value for name, value in (done or {}).items() if name not in {"order", "samples"}}
    return step.to_json() | {"order": order, "status": "success" if done else otherwise} | kept


def _output(user: User, run: Prepared, session: WorkSession | None, name: str, columns: Sequence[Column],
            found: Mapping[str, Any], key: str, facts: Mapping[str, Any], execution: Execution) -> Dataset:  # fmt: skip
    source = run.wish.dataset
    reasons = [column.to_dict() | {"reason": Reason.STATED, "evidence": []} for column in columns]
    report = {
        "encoding": None, "delimiter": None, "header_row": None, "rows": found["after"]["rows"], "lossless": True,
        "columns": reasons, "rejected": [], "warnings": [],
    }  # fmt: skip
    made = Dataset(
        owner=user, company_id=user.company_id, session=session, filename=_filename(name), format="parquet",
        encoding=None, original=key, parquet=key, rows=found["after"]["rows"], report=report,
        schema=[column.to_dict() for column in columns], roles=_roles(source, run.renamed, columns),
        derived_from={"dataset_id": source.pk, "execution_id": execution.pk}, status=Dataset.Status.READY, **facts,
    )  # fmt: skip
    return creating.insert(session, creating.Wish(), name, made)


def _filename(name: str) -> str:
    extension = ".parquet"
    return name[: LONGEST_NAME - len(extension)] + extension


def _roles(source: Dataset, renamed: Mapping[str, str], columns: Sequence[Column]) -> dict[str, Any]:
    """The owner's roles of the source, as far as their columns are still there and still fit."""
    kept: dict[str, Any] = {}
    before = {column.name: column.dtype for column in source.columns}
    same = {column.name for column in columns if before.get(_origin(column.name, renamed)) == column.dtype}
    for role, named in source.roles.items():
        if isinstance(named, list):
            kept[role] = [renamed.get(one, one) for one in named if renamed.get(one, one) in same]
        elif renamed.get(named, named) in same:
            kept[role] = renamed.get(named, named)
    return kept


def _origin(name: str, renamed: Mapping[str, str]) -> str:
    return next((theirs for theirs, ours in renamed.items() if ours == name), name)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def revert(execution: Execution) -> None:
    """Deletes what came of it; the source was never changed, so nothing else is to be undone. A failed one stays so."""
    with transaction.atomic():
        if execution.output is not None:
            execution.output.delete()
        Execution.objects.completed().filter(pk=execution.pk).update(status=Execution.Status.REVERTED, output=None)
