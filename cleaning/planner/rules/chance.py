"""Whether equal rows are the same record twice, or different records that happen to agree."""

from collections.abc import Sequence
from math import prod

from cleaning.planner.rules.reading import Seen


def pairs_by_chance(columns: Sequence[Seen], rows: int) -> float:
    """How many pairs of rows would agree in every column if the columns had nothing to do with each other."""
    return rows * (rows - 1) / 2 * prod(agreement(column) for column in columns)


def agreement(column: Seen) -> float:
    """The share of pairs of cells that are equal; the least it can be, where the profile does not list all values."""
    if not column.rows:
        return 1.0
    known = list(column.counts.values())
    others, rest = column.distinct - len(known), column.present - sum(known)
    equal = column.missing**2 + sum(count**2 for count in known) + (rest**2 / others if others else 0)
    return float(equal / column.rows**2)
