"""Which columns a model can use, and as what."""

from typing import Literal

from cleaning.planner.rules import dates, leaks
from cleaning.planner.rules.reading import EXACT, Seen

Reason = Literal[
    "no_values",
    "named_after_target",
    "same_as_target",
    "personal_data",
    "constant",
    "mostly_missing",
    "unmeasurable",
    "identifier",
    "free_text",
    "date_without_parts",
]
Kind = Literal["number", "switch", "boolean", "date", "category"]

MOSTLY = 0.5
FEW_CODES = 20
MOST_CATEGORIES = 50_000
MEASURABLE = 1e100  # beyond it, or closer together than its inverse, squares leave the range of decimals
FINEST = 1e-12  # spread against size that is left when decimals of 16 digits are subtracted


def useless(column: Seen, target: Seen | None) -> Reason | None:
    """Why a column can't serve as a feature; None when it can. The first reason that holds is the one that counts."""
    if not column.present:
        return "no_values"
    if target is not None and leaks.named_after(column.name, target.name):
        return "named_after_target"
    if target is not None and leaks.alike(column, target):
        return "same_as_target"
    if "personal_data" in column.issues:
        return "personal_data"
    if spellings(column) < 2:
        return "constant"
    if column.missing_share > MOSTLY:
        return "mostly_missing"
    if column.numeric:
        return _useless_number(column)
    if column.dtype == "text":
        return _useless_text(column)
    if column.dtype in ("date", "datetime") and not dates.parts(column):
        return "date_without_parts"
    return None


def _useless_number(column: Seen) -> Reason | None:
    if _names_things(column):
        return "identifier"
    return None if measurable(column) else "unmeasurable"


def _names_things(column: Seen) -> bool:
    """Called an id and not a handful of codes; or a counter, 1, 2, 3 … in whatever order."""
    if column.dtype != "integer":
        return False
    counter = "id_like" in column.issues and column.high - column.low + 1 == column.distinct
    return counter or (column.role == "id" and not is_code(column))


def is_code(column: Seen) -> bool:
    """Few values that come back often, though the column is called an id."""
    return column.role == "id" and column.distinct <= FEW_CODES and column.distinct <= column.present / 10


def measurable(column: Seen) -> bool:
    size = max(abs(column.low), abs(column.high))
    if size > (EXACT if column.dtype == "integer" else MEASURABLE):
        return False
    spread = column.statistics.get("std") or 0.0
    return bool(spread > max(1 / MEASURABLE, FINEST * size))


def _useless_text(column: Seen) -> Reason | None:
    if column.role == "id" and not is_code(column):
        return "identifier"
    if column.distinct > FEW_CODES and (column.distinct > column.present / 2 or column.distinct > MOST_CATEGORIES):
        return "free_text"
    if column.distinct == column.present > 2:
        return "free_text"
    return None


def spellings(column: Seen) -> int:
    """How many values are left when case, width and spaces don't count; at most that, where the profile does not list
    all groups of spellings (then there are several)."""
    if "variants" not in column.issues:
        return column.distinct
    details = column.issues["variants"]["details"]
    if details["groups"] > len(details["examples"]):
        return column.distinct
    return int(column.distinct - sum(len(group) - 1 for group in details["examples"]))


def kind(column: Seen) -> Kind:
    if column.dtype == "boolean":
        return "boolean"
    if column.dtype in ("date", "datetime"):
        return "date"
    if column.dtype == "text":
        return "category"
    return "switch" if column.yes_or_no else "number"


def usable(column: Seen) -> bool:
    """Whether it can become a number at all, useful or not."""
    if not column.present:
        return False
    if column.numeric:
        return measurable(column)
    if column.dtype in ("date", "datetime"):
        return bool(dates.parts(column))
    return column.distinct <= MOST_CATEGORIES
