"""What the language model answered: JSON and nothing else, checked from the envelope down to every step."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from cleaning.engine.running import Step, StepFailed, check
from cleaning.operations import Operation, Outline, parse
from cleaning.planner.llm.exchange import Reply
from cleaning.planner.llm.failing import LlmFailed
from cleaning.planner.llm.prompt import MOST_STEPS
from cleaning.planner.proposed import Proposed
from tabular.errors import TableError, gettext_noop
from tabular.schema import Dtype

DEEPEST = 20  # containers within each other
LONGEST_NAME = 200
LONGEST_DESCRIPTION = 1000
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")  # what no database takes
_FENCED = re.compile(r"```(?:json|JSON)?[ \t]*\r?\n(.*)```", re.DOTALL)


class LlmAnswerNotJson(LlmFailed):
    reason = "llm_answer_not_json"
    message = gettext_noop("The language model did not answer with one JSON object.")


class LlmAnswerInvalid(LlmFailed):
    """``step_order`` (from 1; None: the answer as a whole), and ``refusal``: what was refused as ``reason``,
    ``message`` (a template) and ``details``."""

    reason = "llm_answer_invalid"
    message = gettext_noop("The language model's answer is not a plan that can be used.")


class LlmAnswerCutOff(LlmFailed):
    reason = "llm_answer_cut_off"
    message = gettext_noop("The language model's answer was cut off at its limit of tokens.")


class LlmDeclined(LlmFailed):
    reason = "llm_declined"
    message = gettext_noop("The language model declined to propose a plan.")


# What LlmAnswerInvalid tells of, beside the refusals of operations and of the engine.


class NoMessage(TableError):
    reason = "no_message"
    message = gettext_noop("The answer holds no message of the model.")


class NotAPlan(TableError):
    reason = "not_a_plan"
    message = gettext_noop("A plan is an object with a list of steps: %(problems)s")


class NoSteps(TableError):
    reason = "no_steps"
    message = gettext_noop("The plan has no step.")


class TooManySteps(TableError):
    reason = "too_many_steps"
    message = gettext_noop("The plan has %(steps)s steps; at most %(limit)s are allowed.")


class TargetTouched(TableError):
    reason = "target_touched"
    message = gettext_noop("The step changes the target column %(target)s, or makes columns from it.")


class _Asked(BaseModel):
    """One step as the model writes it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    operation: str
    params: dict[str, Any]
    name: str | None = None
    description: str | None = None


def steps(reply: Reply, columns: Mapping[str, Dtype], target: str | None) -> list[Proposed]:
    """The steps of an answer. Raises the four errors above."""
    media = reply.content_type.partition(";")[0].strip().lower()
    if media and media != "application/json" and not media.endswith("+json"):
        raise LlmAnswerNotJson(content_type=media[:100])
    try:
        body = reply.body.decode("utf-8")
    except UnicodeDecodeError:
        raise LlmAnswerNotJson from None
    listed = _steps(_object(_unfenced(_content(_object(body)))))
    asked = [_asked(order, one) for order, one in enumerate(listed, start=1)]
    ready = [Step(order, _operation(order, one)) for order, one in enumerate(asked, start=1)]
    _fitting(ready, columns, target)
    return [
        Proposed(step.operation, name=_line(one.name), description=_words(one.description))
        for step, one in zip(ready, asked, strict=True)
    ]


def _content(envelope: Mapping[str, Any]) -> str:
    """The message's text, from the envelope of a chat completion."""
    choices = envelope.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise _invalid(None, NoMessage())
    finished = choice.get("finish_reason")
    if message.get("refusal") or finished == "content_filter":
        raise LlmDeclined
    if finished == "length":
        raise LlmAnswerCutOff
    content = message.get("content")
    if not isinstance(content, str):
        raise _invalid(None, NoMessage())
    return content


def _unfenced(content: str) -> str:
    """The bare object, or what stands in the one fence around it; other text is left, and so fails as JSON."""
    stripped = content.strip()
    fenced = _FENCED.fullmatch(stripped)
    return fenced[1] if fenced else stripped


def _steps(plan: Mapping[str, Any]) -> list[Any]:
    listed = plan.get("steps")
    if not isinstance(listed, list):
        raise _invalid(None, NotAPlan(problems=["steps: a list is needed"]))
    if further := sorted(set(plan) - {"steps"}):
        raise _invalid(None, NotAPlan(problems=[f"{key[:100]}: not known" for key in further[:10]]))
    if not listed:
        raise _invalid(None, NoSteps())
    if len(listed) > MOST_STEPS:
        raise _invalid(None, TooManySteps(steps=len(listed), limit=MOST_STEPS))
    return listed


def _asked(order: int, step: Any) -> _Asked:
    try:
        return _Asked.model_validate(step)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        problems = [".".join(str(part)[:100] for part in one["loc"]) + ": " + one["msg"] for one in found[:10]]
        raise _invalid(order, NotAPlan(problems=problems)) from None


def _operation(order: int, asked: _Asked) -> Operation:
    try:
        return parse(asked.operation, asked.params)
    except TableError as error:
        raise _invalid(order, error) from error


def _fitting(ready: Sequence[Step], columns: Mapping[str, Dtype], target: str | None) -> None:
    """Every step finds its columns in the table as the steps before leave it, and none touches the target."""
    try:
        outlines = check(ready, columns)
    except StepFailed as failed:
        known = failed.details
        refusal = {key: known[key] for key in ("reason", "message", "details")}
        raise LlmAnswerInvalid(step_order=known["step_order"], refusal=refusal) from failed
    if target is None:
        return
    for step, before, after in zip(ready, outlines, outlines[1:], strict=False):
        if _touches(step.operation, target, before, after):
            raise _invalid(step.order, TargetTouched(target=target))


def _touches(operation: Operation, target: str, before: Outline, after: Outline) -> bool:
    """It writes, removes (or may), renames or converts the target, or makes columns of it, which would give it away."""
    if target in operation.writes(before) or target in operation.renames():
        return True
    if after.columns.get(target) != before.columns.get(target) or target in after.uncertain:
        return True
    grows = bool(set(after.columns) - set(before.columns)) or after.prefixes != before.prefixes
    return grows and target in (operation.params().get("columns") or ())


def _invalid(order: int | None, error: TableError) -> LlmAnswerInvalid:
    refusal = {"reason": error.reason, "message": error.message, "details": error.details}
    return LlmAnswerInvalid(step_order=order, refusal=refusal)


# --- JSON, strictly ---------------------------------------------------------------------------------------------------


def _object(text: str) -> dict[str, Any]:
    """One JSON object: no NaN, no infinity, no key twice, nothing deep, no NUL and no half of a surrogate pair."""
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_never, parse_float=_finite)
        if not isinstance(found, dict) or not _is_plain(found):
            raise ValueError
    except (ValueError, RecursionError):
        raise LlmAnswerNotJson from None
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(made := dict(pairs)) < len(pairs):
        raise ValueError
    return made


def _never(constant: str) -> Any:
    raise ValueError(constant)


def _finite(number: str) -> float:
    if not math.isfinite(value := float(number)):
        raise ValueError
    return value


def _is_plain(found: Any) -> bool:
    level = [found]
    for _depth in range(DEEPEST):
        if any(_UNWRITABLE.search(one) for one in level if isinstance(one, str)):
            return False
        level = [part for one in level for part in _parts(one)]
        if not level:
            return True
    return False


def _parts(one: Any) -> list[Any]:
    return [*one, *one.values()] if isinstance(one, dict) else one if isinstance(one, list) else []


# --- the model's own words --------------------------------------------------------------------------------------------


def _line(text: str | None) -> str | None:
    """One line without control and formatting characters, cut to size; None when nothing is left."""
    return " ".join(_printable(text or "").split())[:LONGEST_NAME] or None


def _words(text: str | None) -> str | None:
    lines = (" ".join(_printable(line).split()) for line in (text or "").splitlines())
    return "\n".join(lines).strip()[:LONGEST_DESCRIPTION] or None


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
