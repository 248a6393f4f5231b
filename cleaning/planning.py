"""Proposing a plan for a dataset: by rules, or by a language model that is shown no cells."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from analysis.asking import answer, parsed, question
from cleaning.executing import LANE
from cleaning.models import Plan
from cleaning.planner import llm, rules
from cleaning.planner.proposed import Proposed
from cleaning.steps import PlanStep
from core.api import fill
from core.errors import AppError, InvalidInput
from datasets import asking
from datasets.models import Dataset
from datasets.reading import DatasetNotFound, table
from tabular import sandbox

SAMPLE_ROWS = 20
AUTO = "auto"
PLANNERS = (AUTO, Plan.Planner.RULES.value, Plan.Planner.LLM.value)


class InvalidTaskType(InvalidInput):
    reason = "invalid_task_type"
    message = _("The task type must be one of %(task_types)s.")


class TargetColumnRequired(InvalidInput):
    reason = "target_column_required"
    message = _("Say which column is to be predicted: send target_column.")


class TargetColumnNotFound(InvalidInput):
    reason = "target_column_not_found"
    message = _("The target column %(column)s does not exist. The columns are: %(columns)s.")


class PlanGenerationFailed(AppError):
    reason = "plan_generation_failed"
    message = _("The plan could not be made: %(problem)s")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for; ``checked`` makes it fit the dataset."""

    task_type: str
    target_column: str | None = None
    plan_name: str = ""
    planner: str = AUTO

    def checked(self, dataset: Dataset) -> "Wish":
        if self.task_type not in Plan.Task.values:
            raise InvalidTaskType(task_type=self.task_type[:100], task_types=list(Plan.Task.values))
        target = None if self.task_type == Plan.Task.CLUSTERING else self.target_column
        if target is None and self.task_type != Plan.Task.CLUSTERING:
            raise TargetColumnRequired
        if target is not None and target not in dataset.column_names:
            raise TargetColumnNotFound(column=target[:300], columns=dataset.column_names)
        return Wish(self.task_type, target, self.plan_name or self.task_type, self.planner)


def make(
    *,
    user: User,
    dataset: Dataset,
    wish: Wish,
    fenced: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Plan:
    """Proposes and keeps a plan. ``auto`` takes the rules when no language model answers well, and says why.

    ``fenced`` surrounds what is written at the end. Raises 404 when the dataset was deleted meanwhile.
    """
    wish = wish.checked(dataset)
    sandbox.prepare(LANE)  # whoever asks for a plan is likely to try it next
    facts = profile(dataset, user)
    made = _asked(wish, dataset, facts) if wish.planner != Plan.Planner.RULES else None
    if made is None or made.steps is None:
        steps = rules.propose(facts, wish.task_type, wish.target_column)  # type: ignore[arg-type]
    else:
        steps = made.steps
    plan = Plan(
        owner=user,
        dataset=dataset,
        name=wish.plan_name,
        task_type=wish.task_type,
        target_column=wish.target_column,
        planner=Plan.Planner.LLM if made and made.steps is not None else Plan.Planner.RULES,
        fallback_reason=made.failure if made else None,
        steps=[_kept(step).to_json() for step in steps],
        prompt=made.prompt if made else "",
        answer=made.answer if made else "",
    )
    with fenced(), transaction.atomic():
        if not Dataset.objects.select_for_update().filter(pk=dataset.pk).exists():
            raise DatasetNotFound(id=dataset.pk)
        plan.save()
    return plan


def profile(dataset: Dataset, user: User) -> Mapping[str, Any]:
    """The profile of the whole table, kept from before or made now."""
    job, _known = answer(asked=question(dataset=dataset, kind="profile", data={}), user=user)
    return parsed(job.body)


@dataclass(frozen=True, slots=True)
class _Attempt:
    steps: list[Proposed] | None
    failure: str | None
    prompt: str
    answer: str


def _asked(wish: Wish, dataset: Dataset, facts: Mapping[str, Any]) -> _Attempt:
    """A language model's proposal; in ``auto``, its failure."""
    samples = asking.first_rows(table(dataset), SAMPLE_ROWS) if settings.LLM_SEND_SAMPLES else []
    try:
        found = llm.propose(endpoint(), facts, wish.task_type, wish.target_column, samples)
    except llm.LlmFailed as failure:
        if wish.planner == Plan.Planner.LLM:
            problem = fill(gettext(failure.message), failure.details)
            raise PlanGenerationFailed(problem=problem, reason=failure.reason, **failure.details) from failure
        return _Attempt(None, failure.reason, failure.prompt, failure.answer)
    return _Attempt(found.steps, None, found.prompt, found.answer)


def endpoint() -> llm.Endpoint:
    return llm.Endpoint(
        base_url=settings.LLM_BASE_URL,
        api_key=settings.LLM_API_KEY,
        model=settings.LLM_MODEL,
        allowed_hosts=tuple(settings.LLM_ALLOWED_HOSTS),
        send_samples=settings.LLM_SEND_SAMPLES,
        seconds=settings.LLM_SECONDS,
    )


def _kept(step: Proposed) -> PlanStep:
    return PlanStep(step.operation, False, step.name, step.description, step.why)
