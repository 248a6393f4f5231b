"""What a plan has learned from one table and keeps for the next: fill values, bounds, categories."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cleaning.engine.running import Step
from cleaning.models import Execution, Plan
from datasets.models import Dataset


def learned_before(plan: Plan, dataset: Dataset, steps: Sequence[Step]) -> tuple[Execution | None, list[Step]]:
    """The steps with what an imported recipe brought, or what the plan's newest run on its own dataset learned.

    On that dataset there is nothing to remember: learning it again gives the same. A step that was changed since learns
    anew.
    """
    if plan.fitted:
        return None, with_learned(steps, plan.fitted)
    if dataset.pk == plan.dataset_id:
        return None, list(steps)
    run = plan.executions.completed().filter(dataset=plan.dataset_id).order_by("-pk").first()
    return run, with_learned(steps, run.learned() if run is not None else [])


def with_learned(steps: Sequence[Step], known: Iterable[Mapping[str, Any]]) -> list[Step]:
    """Each step with the first piece of ``known`` about the same operation and parameters that is not taken yet."""
    waiting: dict[str, list[Any]] = {}
    for one in known:
        waiting.setdefault(_key(one["operation"], one["params"]), []).append(one)
    found = []
    for step in steps:
        pieces = waiting.get(_key(step.operation.operation, step.operation.params()))
        piece = pieces.pop(0) if pieces else None
        found.append(replace(step, fitted=piece["fitted"], types=piece.get("types")) if piece else step)
    return found


def _key(operation: str, params: Mapping[str, Any]) -> str:
    return json.dumps([operation, params], sort_keys=True)
