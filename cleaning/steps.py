"""The steps of a plan: stored as data, shown in the reader's language, rendered as code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from cleaning.engine.running import Step
from cleaning.engine.script import Rendered, render
from cleaning.operations import Operation, Said, parse
from core.api import fill
from tabular.schema import Column


@dataclass(frozen=True, slots=True)
class PlanStep:
    """``name`` and ``description`` only where somebody wrote their own; ``why`` is a planner's explanation."""

    operation: Operation
    skipped: bool = False
    name: str | None = None
    description: str | None = None
    why: Said | None = None

    def to_json(self) -> dict[str, Any]:
        why = {"template": self.why.template, "facts": dict(self.why.facts)} if self.why else None
        return {
            "operation": self.operation.operation, "params": self.operation.params(), "skipped": self.skipped,
            "name": self.name, "description": self.description, "why": why,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "PlanStep":
        why = Said(**data["why"]) if data.get("why") else None
        operation = parse(data["operation"], data["params"])
        return cls(operation, data.get("skipped", False), data.get("name"), data.get("description"), why)

    def titled(self) -> str:
        return self.name or _(self.operation.title)

    def described(self) -> str:
        if self.description:
            return self.description
        sentences = [self.operation.describe(), *([self.why] if self.why else [])]
        glue = "" if (translation.get_language() or "").startswith("ja") else " "
        return glue.join(fill(_(one.template), one.facts) for one in sentences)

    def shown_anywhere(self, field: str) -> set[str]:
        """What a client may have been shown as ``name`` or ``description``, in any language."""
        shown = {"name": self.titled, "description": self.described}[field]
        found = set()
        for code, _language in settings.LANGUAGES:
            with translation.override(code):
                found.add(shown())
        return found


def stored(steps: Sequence[Mapping[str, Any]]) -> list[PlanStep]:
    return [PlanStep.from_json(step) for step in steps]


def to_run(steps: Sequence[PlanStep]) -> list[Step]:
    """Those that are not skipped, under their numbers in the plan."""
    return [Step(order, one.operation) for order, one in enumerate(steps, 1) if not one.skipped]


def rendered(steps: Sequence[PlanStep], columns: Sequence[Column]) -> dict[int, Rendered]:
    """Code by the step's number, skipped ones included as if they were run alone where they stand."""
    numbered = [Step(order, one.operation) for order, one in enumerate(steps, 1)]
    skipped = {order for order, one in enumerate(steps, 1) if one.skipped}
    return render(numbered, {column.name: column.dtype for column in columns}, skipped)
