"""Plans that clean a dataset, and what running them did."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from datasets.models import Dataset
from jobs.models import Job


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, user: User) -> "PlanQuerySet":
        """A plan is its owner's alone: it may hold what a language model was told."""
        return self.filter(owner=user)


class Plan(models.Model):
    """Steps for a dataset, in their order. It goes with its dataset and with its owner.

    ``steps`` holds ``{operation, params, skipped, name, description, why}`` (see ``cleaning.steps``); code is rendered
    from them, never kept.
    """

    class Task(models.TextChoices):
        CLASSIFICATION = "classification", _("classification")
        REGRESSION = "regression", _("regression")
        CLUSTERING = "clustering", _("clustering")

    class Planner(models.TextChoices):
        RULES = "rules", _("rules")
        LLM = "llm", _("language model")
        IMPORTED = "import", _("imported")

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="plans")
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="plans")
    name = models.CharField(max_length=255)
    task_type = models.CharField(max_length=20, choices=Task.choices)
    target_column = models.TextField(null=True, blank=True)  # noqa: DJ001 - no target is not a nameless one
    planner = models.CharField(max_length=10, choices=Planner.choices)
    fallback_reason = models.CharField(max_length=60, null=True, blank=True)  # noqa: DJ001 - null: no fallback
    steps = models.JSONField(default=list, blank=True)
    fitted = models.JSONField(default=list, blank=True)  # an imported recipe's: [{operation, params, fitted}]
    prompt = models.TextField(blank=True)  # what a language model was sent, and what it answered
    answer = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["owner", "-id"], name="plan_newest_of_owner")]

    def __str__(self) -> str:
        return self.name


class ExecutionQuerySet(models.QuerySet["Execution"]):
    def visible_to(self, user: User) -> "ExecutionQuerySet":
        return self.filter(owner=user)

    def completed(self) -> "ExecutionQuerySet":
        return self.exclude(status=Execution.Status.FAILED)


class Execution(models.Model):
    """One run of a plan that has ended: its steps as they were then, and the dataset that came of it."""

    class Status(models.TextChoices):
        COMPLETED = "completed", _("completed")
        FAILED = "failed", _("failed")
        REVERTED = "reverted", _("reverted")

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="executions")
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="executions")
    dataset = models.ForeignKey(Dataset, on_delete=models.SET_NULL, null=True, blank=True, related_name="executions")
    output = models.ForeignKey(Dataset, on_delete=models.SET_NULL, null=True, blank=True, related_name="made_by")
    status = models.CharField(max_length=10, choices=Status.choices)
    column_mapping = models.JSONField(default=dict, blank=True)  # {plan's column: dataset's column}
    fitted_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    before = models.JSONField(null=True, blank=True)  # {rows, columns, missing_values}
    after = models.JSONField(null=True, blank=True)
    steps = models.JSONField(default=list, blank=True)  # as the plan's, with what each did and what it learned
    error = models.JSONField(null=True, blank=True)  # {"reason", "message" (a template), "details"} of the failed step
    created_at = models.DateTimeField(auto_now_add=True)
    seconds = models.FloatField(default=0)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="executions")

    objects = ExecutionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def learned(self) -> list[dict[str, Any]]:
        """``{operation, params, fitted, types}`` of every step that ran."""
        names = ("operation", "params", "fitted", "types")
        return [{name: step[name] for name in names} for step in self.steps if "fitted" in step]
