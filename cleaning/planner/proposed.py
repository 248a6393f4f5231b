"""What a planner proposes: one step, and why."""

from dataclasses import dataclass

from cleaning.operations import Operation, Said


@dataclass(frozen=True, slots=True)
class Proposed:
    """``why``: the reason as a translatable template with its facts; where it is None, the planner wrote its own words
    (``name``, ``description``), which are shown as they are."""

    operation: Operation
    why: Said | None = None
    name: str | None = None
    description: str | None = None
