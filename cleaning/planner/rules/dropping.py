"""Leaves out what no model can use."""

from collections.abc import Sequence
from typing import Any

from cleaning.planner.rules import why
from cleaning.planner.rules.columns import Reason, usable, useless
from cleaning.planner.rules.draft import Draft
from cleaning.planner.rules.reading import Seen

# Without a target a table needs one column at least: the one that misses being useful by least.
RATHER: tuple[Reason, ...] = (
    *("mostly_missing", "free_text", "identifier", "unmeasurable"),
    *("date_without_parts", "constant", "personal_data"),
)


def drop(draft: Draft, columns: Sequence[Seen], target: Seen | None) -> list[Seen]:
    """A step for each reason, with the columns it holds for; gives the features that stay. Without a target one column
    stays in any case, though it may be no feature."""
    verdicts = {column.name: useless(column, target) for column in columns}
    if columns and target is None and None not in verdicts.values():
        verdicts[_best(columns, verdicts)] = None
    for reason, template in why.DROPPED.items():
        gone = [column for column in columns if verdicts[column.name] == reason]
        if gone:
            names = [column.name for column in gone]
            draft.add("drop_columns", template, _facts(gone, reason, target), columns=names)
            draft.remove(names)
    return [column for column in columns if verdicts[column.name] is None and usable(column)]


def _best(columns: Sequence[Seen], verdicts: dict[str, Reason | None]) -> str:
    order: dict[Reason | None, int] = {reason: place for place, reason in enumerate(RATHER)}
    return min(columns, key=lambda column: order.get(verdicts[column.name], len(order))).name


def _facts(gone: Sequence[Seen], reason: Reason | str, target: Seen | None) -> dict[str, Any]:
    match reason:
        case "mostly_missing":
            return {"percent": why.percent(max(column.missing_share for column in gone))}
        case "personal_data":
            return {"kinds": sorted({column.issues["personal_data"]["details"]["kind"] for column in gone})}
        case "named_after_target" | "same_as_target":
            assert target is not None
            return {"target": target.name}
    return {}
