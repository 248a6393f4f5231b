"""The routes of cleaning."""

from typing import Any

from cleaning.views.plans import Import, Operations, Plans, Propose, Recipe, Script
from cleaning.views.runs import DryRun, Execute, OneExecution, PlanExecutions, Revert
from core.api import route

ONE: dict[str, Any] = {"get": "retrieve", "put": "update", "patch": "partial_update", "delete": "destroy"}

urlpatterns = [
    route("datasets/{id}/plan", Propose.as_view()),
    route("plans", Plans.as_view({"get": "list"})),
    route("plans/import", Import.as_view()),
    route("plans/operations", Operations.as_view()),
    route("plans/{id}", Plans.as_view(ONE)),
    route("plans/{id}/dry-run", DryRun.as_view()),
    route("plans/{id}/execute", Execute.as_view()),
    route("plans/{id}/executions", PlanExecutions.as_view({"get": "list"})),
    route("plans/{id}/script", Script.as_view()),
    route("plans/{id}/recipe", Recipe.as_view()),
    route("executions/{id}", OneExecution.as_view()),
    route("executions/{id}/revert", Revert.as_view()),
]
