"""A plan as portable JSON, and back: for another dataset, another person, another installation."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cleaning.editing import edited
from cleaning.models import Plan
from cleaning.steps import stored
from core.errors import InvalidInput
from datasets.models import Dataset

FORMAT, VERSION = "cleaning-recipe", 1
LONGEST_TARGET = 10_000


class InvalidRecipe(InvalidInput):
    reason = "invalid_recipe"
    message = _("This is no recipe: %(problem)s")


def recipe(plan: Plan) -> dict[str, Any]:
    """The steps, and what the newest run on the plan's own dataset learned; no ids, no names of people."""
    run = plan.executions.completed().filter(dataset=plan.dataset_id).order_by("-pk").first()
    steps = []
    for step in stored(plan.steps):
        said = step.to_json()
        kept = {name: said[name] for name in ("operation", "params", "skipped", "name", "description")}
        steps.append({name: value for name, value in kept.items() if value not in (None, False)})
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": plan.name,
        "task_type": plan.task_type,
        "target_column": plan.target_column,
        "columns": [{"name": column.name, "dtype": column.dtype} for column in plan.dataset.columns],
        "steps": steps,
        "fitted": run.learned() if run is not None else plan.fitted,
    }


def imported(*, user: User, dataset: Dataset, data: Any) -> Plan:
    """A new plan for ``dataset``. Columns it lacks are told by the plan's warnings; a mapping can name them."""
    known = _checked(data)
    steps = edited(known["steps"])
    return Plan.objects.create(
        owner=user,
        dataset=dataset,
        name=known["name"],
        task_type=known["task_type"],
        target_column=known["target_column"],
        planner=Plan.Planner.IMPORTED,
        steps=[step.to_json() for step in steps],
        fitted=known["fitted"],
    )


def _checked(data: Any) -> Mapping[str, Any]:
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        raise InvalidRecipe(problem=f'"format" is not "{FORMAT}".')
    if isinstance(data.get("version"), bool) or data.get("version") != VERSION:
        raise InvalidRecipe(problem=f'"version" is not {VERSION}.')
    name, target, fitted = data.get("name"), data.get("target_column"), data.get("fitted", [])
    if not isinstance(name, str) or not 0 < len(name) <= 255 or not name.isprintable():
        raise InvalidRecipe(problem='"name" is not a line of at most 255 characters.')
    if data.get("task_type") not in Plan.Task.values:
        raise InvalidRecipe(problem=f'"task_type" is none of {", ".join(Plan.Task.values)}.')
    if target is not None and not (isinstance(target, str) and len(target) <= LONGEST_TARGET):
        raise InvalidRecipe(problem='"target_column" is no name of a column.')
    if not isinstance(fitted, list) or not all(_learned(one) for one in fitted):
        raise InvalidRecipe(problem='"fitted" is no list of objects with operation, params and fitted.')
    known = {"name": name, "task_type": data["task_type"], "target_column": target, "fitted": fitted}
    return known | {"steps": data.get("steps")}


def _learned(one: Any) -> bool:
    return (
        isinstance(one, Mapping)
        and isinstance(one.get("operation"), str)
        and isinstance(one.get("params"), Mapping)
        and isinstance(one.get("fitted"), Mapping)
        and isinstance(types := one.get("types", {}), Mapping)
        and all(isinstance(dtype, str) for dtype in types.values())
    )
