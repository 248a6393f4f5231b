"""Runs steps over a table: each is fitted (or takes what was fitted before), applied, and compared with what was."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from cleaning.engine import frames
from cleaning.engine.changes import SAMPLES, Change, compare
from cleaning.engine.memory import give_back
from cleaning.engine.risks import risks
from cleaning.operations import Fitted, Operation, Outline, parse
from cleaning.operations.conversion import FAMILY
from tabular import sandbox
from tabular.errors import TableError, gettext_noop
from tabular.schema import Column, Dtype

MOST_COLUMNS = 10_000


class StepFailed(TableError):
    """``step_order``, and the refusal itself: ``reason``, ``message`` (a template), ``details``."""

    reason = "step_failed"
    message = gettext_noop("The step %(step_order)s failed.")


class TooManyColumns(TableError):
    reason = "step_makes_too_many_columns"
    message = gettext_noop("The step would make %(columns)s columns; at most %(limit)s are allowed.")


class FittedNotUsable(TableError):
    reason = "fitted_not_usable"
    message = gettext_noop("What was learned before does not fit this step or table (%(problem)s). Run it with refit.")


class LearnedOnOtherType(TableError):
    """What was learned of texts would count every number as unseen, silently."""

    reason = "learned_on_other_type"
    message = gettext_noop(
        "The step has learned from %(learned)s in %(column)s, which holds %(dtype)s here: use refit."
    )


class NoRowLeft(TableError):
    reason = "no_row_left"
    message = gettext_noop("The step would remove every row.")


@dataclass(frozen=True, slots=True)
class Step:
    """One step to run. ``order`` is its number in the plan; ``fitted`` what an earlier run remembered, if it counts,
    and ``types`` of which columns, as they were then."""

    order: int
    operation: Operation
    fitted: Fitted | None = None
    types: Mapping[str, str] | None = None

    def to_dict(self) -> dict[str, Any]:
        known = {"order": self.order, "operation": self.operation.operation, "params": self.operation.params()}
        return known | {"fitted": self.fitted, "types": dict(self.types or {})}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Step":
        return cls(data["order"], parse(data["operation"], data["params"]), data["fitted"], data.get("types"))


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was run. ``seconds`` for fitting and applying, without the comparison. ``retyped``: columns that
    stayed and have another type, ``{column: {before, after}}``. ``types`` of the columns it has learned from."""

    order: int
    seconds: float
    fitted: Fitted
    types: dict[str, Dtype]
    change: Change
    retyped: dict[str, dict[str, Dtype]]
    risks: list[dict[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        known: dict[str, Any] = {"order": self.order, "execution_time": round(self.seconds, 6)}
        known |= {"fitted": self.fitted, "types": self.types}
        known |= self.change.to_dict() | {"columns_retyped": self.retyped}
        return known | {"samples": self.change.samples, "risks": self.risks}


@dataclass(frozen=True, slots=True)
class Ran:
    """A whole run: ``before`` and ``after`` are ``{rows, columns, missing_values}``."""

    before: dict[str, int]
    after: dict[str, int]
    done: list[Done]
    frame: pd.DataFrame
    dtypes: dict[str, Dtype]


Look = Callable[[int], None]


def check(steps: Sequence[Step], columns: Mapping[str, Dtype]) -> list[Outline]:
    """What each step meets, known before anything runs. Raises ``StepFailed`` for the first that can't work."""
    outlines = [Outline(dict(columns))]
    for step in steps:
        with _failing(step):
            outlines.append(step.operation.outline(outlines[-1]))
    return outlines


def run(
    table: pd.DataFrame | Callable[[], pd.DataFrame],
    dtypes: Mapping[str, Dtype],
    steps: Sequence[Step],
    *,
    samples: int = 0,
    target: str | None = None,
    look: Look | None = None,
) -> Ran:
    """All steps in their order. Raises ``StepFailed``. ``look`` is told the order of each step that begins.

    ``table`` may be what reads it: then nobody holds the columns any more that a step has replaced.
    """
    check(steps, dtypes)
    known = dict(dtypes)
    frame = table() if callable(table) else table
    before, done = measured(frame), []
    for step in steps:
        if look is not None:
            look(step.order)
        with _failing(step):
            one, frame, known = _step(step, Outline(known), frame, samples, target)
        done.append(one)
    return Ran(before, measured(frame), done, frame, known)


def _step(
    step: Step, before: Outline, frame: pd.DataFrame, samples: int, target: str | None
) -> tuple[Done, pd.DataFrame, dict[str, Dtype]]:
    operation = step.operation
    after, written, renames = operation.outline(before), operation.writes(before), operation.renames()
    types = _types(step, before)
    started = time.perf_counter()
    fitted = operation.fit(frame) if step.fitted is None else step.fitted
    made = _applied(operation, frame, fitted, learned=step.fitted is None)
    may_differ = set(written)
    made = frames.settled(made, [name for name in made.columns if name not in before.columns or name in may_differ])
    seconds = time.perf_counter() - started
    if len(made.columns) > MOST_COLUMNS:
        raise TooManyColumns(columns=len(made.columns), limit=MOST_COLUMNS)
    if len(frame) and not len(made):
        raise NoRowLeft
    dtypes = {name: frames.dtype(made[name], after.columns.get(name)) for name in made.columns}
    _as_promised(operation, after, dtypes)
    change = compare(frame, made, written, renames, samples=samples)
    origin = {renames.get(name, name): dtype for name, dtype in before.columns.items()}
    retyped: dict[str, dict[str, Dtype]] = {
        name: {"before": origin[name], "after": dtype}
        for name, dtype in dtypes.items()
        if origin.get(name, dtype) != dtype
    }
    flags = risks(change, made, target, quiet=not retyped)
    return Done(step.order, seconds, fitted, types, change, retyped, flags), made, dtypes


def _types(step: Step, before: Outline) -> dict[str, Dtype]:
    """The types of the columns that the step names. Raises ``LearnedOnOtherType`` when it was learned on others."""
    named: Sequence[str] = getattr(step.operation, "columns", None) or ()
    types = {name: before.columns[name] for name in named if name in before.columns}
    for name, learned in (step.types or {}).items() if step.fitted else ():
        dtype = types.get(name)
        if dtype is not None and FAMILY.get(learned) != FAMILY[dtype]:
            raise LearnedOnOtherType(column=name, learned=learned, dtype=dtype)
    return types


def _applied(operation: Operation, frame: pd.DataFrame, fitted: Fitted, *, learned: bool) -> pd.DataFrame:
    """What was learned elsewhere came from outside and may be anything."""
    if learned:
        return operation.apply(frame, fitted)
    try:
        return operation.apply(frame, fitted)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise FittedNotUsable(
            operation=operation.operation, problem=f"{type(error).__name__}: {error}"[:300]
        ) from error


def _as_promised(operation: Operation, outline: Outline, dtypes: Mapping[str, Dtype]) -> None:
    """The types are those that later steps were checked against; only something made up outside can miss them."""
    for name, dtype in dtypes.items():
        if outline.columns.get(name, dtype) != dtype:
            problem = f"{name}: {dtype} ≠ {outline.columns[name]}"
            raise FittedNotUsable(operation=operation.operation, problem=problem)


def measured(frame: pd.DataFrame) -> dict[str, int]:
    missing = sum(int(frame[name].isna().sum()) for name in frame.columns)
    return {"rows": len(frame), "columns": len(frame.columns), "missing_values": missing}


@contextmanager
def _failing(step: Step) -> Iterator[None]:
    """Whatever is refused within: which step it was, and why."""
    try:
        yield
    except StepFailed:
        raise
    except TableError as error:
        facts = {"reason": error.reason, "message": error.message, "details": error.details}
        raise StepFailed(step_order=step.order, operation=step.operation.operation, **facts) from error


# --- from file to file: these run in a child process and so take and give what can be pickled ------------------------


def rehearse(source: Path, columns: Sequence[Column], renamed: Mapping[str, str], steps: Sequence[dict[str, Any]],
             target: str | None) -> dict[str, Any]:  # fmt: skip
    """A dry run: what each step would change, with samples; nothing is written."""
    ran = run(
        *_opened(source, columns, renamed), [Step.from_dict(step) for step in steps], samples=SAMPLES, target=target
    )
    return {"before": ran.before, "after": ran.after, "steps": [one.to_dict() for one in ran.done]}


def execute(source: Path, columns: Sequence[Column], renamed: Mapping[str, str], steps: Sequence[dict[str, Any]],
            target: str | None, output: Path) -> dict[str, Any]:  # fmt: skip
    """Writes ``output`` (Parquet), whole or not at all; also gives the ``columns`` it holds."""
    to_do = [Step.from_dict(step) for step in steps]
    ran = run(*_opened(source, columns, renamed), to_do, target=target, look=_report(len(to_do)))
    made, dtypes = {name: ran.frame[name] for name in ran.frame.columns}, ran.dtypes
    known = {"before": ran.before, "after": ran.after, "steps": [one.to_dict() for one in ran.done]}
    del ran
    frames.write_columns(made, dtypes, output)
    return known | {"columns": [Column(name, dtype) for name, dtype in dtypes.items()]}


def _opened(
    source: Path, columns: Sequence[Column], renamed: Mapping[str, str]
) -> tuple[Callable[[], pd.DataFrame], dict[str, Dtype]]:
    """What reads the table, and its types. ``renamed``: the dataset's column → the plan's."""
    give_back()
    dtypes = {renamed.get(column.name, column.name): column.dtype for column in columns}
    return lambda: frames.read(source).rename(columns=dict(renamed)), dtypes


def _report(steps: int) -> Look:
    return lambda order: sandbox.report(90 * (order - 1) / max(1, steps))
