"""The planner that follows rules: from what a profile says of each column to a table that a model can be fitted on.

Afterwards the target is as it was, every other column is a number without missing cells, and no column names rows,
people or the answer. What shows only in rows side by side is beyond these rules: a column that decides the target under
another name and another distribution stays, and so do two features that say the same.

No step changes the target or learns from it. The one that removes rows without it comes last but for tidying up, so
that every step works on the very values that the profile counted.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from cleaning.operations.operation import ColumnMissing
from cleaning.planner.proposed import Proposed
from cleaning.planner.rules import why
from cleaning.planner.rules.categories import encode
from cleaning.planner.rules.chance import pairs_by_chance
from cleaning.planner.rules.columns import Kind, kind
from cleaning.planner.rules.dates import split
from cleaning.planner.rules.draft import LONGEST_NAME, Draft
from cleaning.planner.rules.dropping import drop
from cleaning.planner.rules.numbers import fill, tame
from cleaning.planner.rules.reading import Seen

# After these, the profile can't say whether every column still varies.
UNCERTAIN: tuple[set[str], ...] = ({"drop_missing_rows"}, {"normalise_text"}, {"drop_duplicates", "frequency_encode"})

TaskType = Literal["classification", "regression", "clustering"]

__all__ = ["TaskType", "propose"]


def propose(facts: Mapping[str, Any], task_type: TaskType, target: str | None) -> list[Proposed]:
    """The steps, each with its reason, for a table of this profile; the same for the same profile. There may be none.

    Clustering has no target, whatever is given. Raises ``ColumnMissing`` when the profile does not know the target.
    """
    table = [Seen.of(facts["rows"], column) for column in facts["columns"]]
    answer = None if task_type == "clustering" or target is None else _called(table, target)
    draft = Draft(column.name for column in table)
    _drop_repeated(draft, facts, table)
    nameable = [column for column in table if len(column.name) <= LONGEST_NAME]  # no step can speak of the others
    features = drop(draft, [column for column in nameable if column is not answer], answer)
    _make_numbers(draft, features, prediction=answer is not None)
    if answer is None:
        _tidy_up(draft, [], features)
    elif len(answer.name) <= LONGEST_NAME:
        _drop_unanswered(draft, answer)
        _tidy_up(draft, [answer.name], features)
    return draft.steps


def _called(table: Sequence[Seen], name: str) -> Seen:
    found = next((column for column in table if column.name == name), None)
    if found is None:
        raise ColumnMissing(column=name, columns=[column.name for column in table])
    return found


def _drop_repeated(draft: Draft, facts: Mapping[str, Any], table: Sequence[Seen]) -> None:
    """Rows that repeat where few values make rows agree by chance are records of their own, and stay."""
    repeated = sum(issue["details"]["rows"] for issue in facts["issues"] if issue["reason"] == "duplicate_rows")
    if repeated > pairs_by_chance(table, facts["rows"]):
        draft.add("drop_duplicates", why.DUPLICATES, {"rows": repeated})


def _make_numbers(draft: Draft, features: Sequence[Seen], *, prediction: bool) -> None:
    """Flags of missing cells serve a prediction; groups are not to be formed by what is unknown of their members."""
    of: dict[Kind, list[Seen]] = {"number": [], "switch": [], "boolean": [], "date": [], "category": []}
    for column in features:
        of[kind(column)].append(column)
    parts = split(draft, of["date"])
    measured = [*of["number"], *(part for date in parts for part in date)]
    either = [*of["switch"], *of["boolean"]]
    telling = {column.name for column in (*of["number"], *either, *(part for date in parts for part in date[:1]))}
    flags = fill(draft, measured, either, telling if prediction else ())
    tame(draft, of["number"], everywhere=not prediction)
    scaled = [*(column.name for column in measured), *encode(draft, of["category"])]
    if scaled:
        draft.add("scale", why.SCALED, columns=scaled, method="standard")
    truths = [*(column.name for column in of["boolean"]), *flags]
    if truths:
        draft.add("cast", why.AS_NUMBERS, columns=truths, dtype="integer")


def _drop_unanswered(draft: Draft, answer: Seen) -> None:
    """A target without any value can't be predicted, nor be the reason to remove every row."""
    if 0 < answer.missing < answer.rows:
        facts = {"rows": answer.missing, "target": answer.name}
        draft.add("drop_missing_rows", why.TARGET_MISSING, facts, columns=[answer.name], how="any")


def _tidy_up(draft: Draft, keep: list[str], features: Sequence[Seen]) -> None:
    """Where steps may have made columns constant. The table must not lose all of its columns by that, so one that can't
    become constant is needed."""
    made = {step.operation.operation for step in draft.steps}
    hours = any("hour" in step.operation.params().get("parts", ()) for step in draft.steps)
    safe = keep or any(kind(column) != "category" for column in features)
    if safe and (hours or any(needed <= made for needed in UNCERTAIN)):
        draft.add("drop_uninformative", why.BECAME_CONSTANT, constant=True, id_like=False, keep=keep)
