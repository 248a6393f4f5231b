"""A plan in the making: its steps so far, and the names of the columns that there will be."""

from collections.abc import Iterable
from typing import Any

from cleaning.operations import Said, parse
from cleaning.planner.proposed import Proposed

MOST_COLUMNS = 10_000  # of any table that a plan makes
LONGEST_NAME = 1_000  # of a column that a step can name
USUAL_COLUMNS = 1_000  # which a plan does not exceed by itself


class Draft:
    """``names``: columns that exist, existed or are going to; no new one may take such a name."""

    def __init__(self, names: Iterable[str]) -> None:
        self.steps: list[Proposed] = []
        self.names = set(names)
        self._limit = min(MOST_COLUMNS, max(USUAL_COLUMNS, len(self.names)))
        self._replaced: set[str] = set()

    def add(self, operation: str, template: str, facts: dict[str, Any] | None = None, **params: Any) -> None:
        """A step; ``columns`` of its parameters is one of the facts."""
        known = {"columns": list(params["columns"])} if "columns" in params else {}
        self.steps.append(Proposed(parse(operation, params), Said(template, known | (facts or {}))))

    def remove(self, names: Iterable[str]) -> None:
        """These columns are gone from here on."""
        self.names -= set(names)

    def claim(self, names: list[str], instead_of: str | None = None) -> bool:
        """Takes these names for new columns, all or none: no name twice, none too long, and no more columns than a plan
        may make."""
        new = set(names)
        if max(map(len, names)) > LONGEST_NAME:
            return False
        gone = self._replaced | ({instead_of} if instead_of is not None else set())
        if len(new) < len(names) or new & self.names or len(self.names) - len(gone) + len(new) > self._limit:
            return False
        self.names |= new
        self._replaced = gone
        return True
