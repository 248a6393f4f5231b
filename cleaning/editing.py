"""Changing a plan: its name, and its steps as typed operations. What a client sends back unchanged changes nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from cleaning.models import Plan
from cleaning.operations import InvalidStep, Operation, UnknownOperation, parse
from cleaning.steps import PlanStep, stored
from core.errors import InvalidInput

MOST_STEPS = 200
LONGEST_NAME, LONGEST_DESCRIPTION = 200, 2000


class InvalidSteps(InvalidInput):
    reason = "invalid_steps"
    message = _("Steps are a list of objects with operation and params; at most %(limit)s.")


class InvalidStepField(InvalidInput):
    reason = "invalid_step_field"
    message = _("Step %(step)s: %(field)s must be %(expected)s.")


class StepNotFound(InvalidInput):
    reason = "step_not_found"
    message = _("The plan has no step %(step)s to take over; a new step needs an operation.")


class UnknownStepOperation(InvalidInput):
    reason = UnknownOperation.reason
    message = _("Step %(step)s: there is no operation %(operation)s. There are: %(operations)s.")


class InvalidStepParams(InvalidInput):
    reason = InvalidStep.reason
    message = _("Step %(step)s: the parameters of %(operation)s are not valid: %(problems)s")


def change(plan: Plan, changes: Mapping[str, Any]) -> Plan:
    """Applies what ``changes`` holds of ``name`` and ``steps``."""
    if "name" in changes:
        plan.name = changes["name"]
    if "steps" in changes:
        plan.steps = [step.to_json() for step in edited(changes["steps"], stored(plan.steps))]
    plan.save()
    return plan


def edited(asked: Any, known: Sequence[PlanStep] = ()) -> list[PlanStep]:
    """The steps that are asked for, in the order of the list.

    A step without ``operation`` is the known one of its ``order``, with the fields that are given. When the list is the
    known one in its old sequence and only the numbers in ``order`` have changed, they are the new sequence.
    """
    if not isinstance(asked, list) or len(asked) > MOST_STEPS or not all(isinstance(one, Mapping) for one in asked):
        raise InvalidSteps(limit=MOST_STEPS)
    steps = [_edited(place, one, known) for place, one in enumerate(asked, 1)]
    orders = [one.get("order") for one in asked]
    renumbered = sorted(map(str, orders)) == sorted(map(str, range(1, len(steps) + 1))) and len(steps) == len(known)
    if renumbered and [one.operation for one in steps] == [one.operation for one in known]:
        return [step for _order, step in sorted(zip(map(int, orders), steps, strict=True), key=lambda pair: pair[0])]
    return steps


def _edited(place: int, asked: Mapping[str, Any], known: Sequence[PlanStep]) -> PlanStep:
    before = _known(asked.get("order"), known)
    if "operation" not in asked:
        if before is None:
            raise StepNotFound(step=str(asked.get("order", place))[:100])
        operation = before.operation
        if "params" in asked:
            operation = _parsed(place, operation.operation, asked["params"])
    else:
        operation = _parsed(place, asked["operation"], asked.get("params", {}))
    same = before is not None and before.operation == operation
    return PlanStep(
        operation,
        _skipped(place, asked, before),
        _text(place, asked, "name", before, LONGEST_NAME),
        _text(place, asked, "description", before, LONGEST_DESCRIPTION),
        before.why if before is not None and same else None,
    )


def _known(order: Any, known: Sequence[PlanStep]) -> PlanStep | None:
    number = int(order) if isinstance(order, str) and order.isascii() and order.isdigit() and len(order) < 9 else order
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= len(known):
        return None
    return known[number - 1]


def _parsed(place: int, operation: Any, params: Any) -> Operation:
    try:
        return parse(operation, params)
    except UnknownOperation as error:
        raise UnknownStepOperation(step=place, **error.details) from error
    except InvalidStep as error:
        raise InvalidStepParams(step=place, **error.details) from error


def _skipped(place: int, asked: Mapping[str, Any], before: PlanStep | None) -> bool:
    value = asked.get("skipped", asked.get("skip"))
    if value is None:
        return before.skipped if before is not None and "operation" not in asked else False
    if not isinstance(value, bool):
        raise InvalidStepField(step=place, field="skipped", expected="true, false")
    return value


def _text(place: int, asked: Mapping[str, Any], field: str, before: PlanStep | None, longest: int) -> str | None:
    """Somebody's own words; what the product itself had shown there is nobody's own."""
    own: str | None = getattr(before, field) if before is not None else None
    if field not in asked:
        return own if "operation" not in asked else None
    value = asked[field]
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > longest:
        raise InvalidStepField(step=place, field=field, expected=f"text ≤ {longest}")
    if before is not None and value in before.shown_anywhere(field):
        return own
    return value
