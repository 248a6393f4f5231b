"""Plans and executions, in and out."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from analysis.asking import known
from cleaning import planning
from cleaning.engine.script import Rendered
from cleaning.models import Execution, Plan
from cleaning.steps import PlanStep, rendered, stored
from core.api import fill
from datasets.serializers import Text, one_line
from jobs.failure import shown
from jobs.serializers import JobErrorSerializer


class TaskType(serializers.ChoiceField):
    """Any text is let through: what is none of the choices has a reason of its own (``invalid_task_type``)."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return data


class PlanFields(serializers.Serializer[Any]):
    """What a plan is asked for with."""

    task_type = TaskType(choices=Plan.Task.values)
    target_column = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, default=None, trim_whitespace=False,
        help_text="What is to be predicted; not for clustering.",
    )  # fmt: skip
    plan_name = Text(
        required=False, allow_blank=True, allow_null=True, default="", max_length=200, validators=[one_line],
        help_text="By default the task type.",
    )  # fmt: skip
    planner = serializers.ChoiceField(choices=planning.PLANNERS, default=planning.AUTO)

    def wish(self) -> planning.Wish:
        said = self.validated_data
        return planning.Wish(said["task_type"], said["target_column"] or None, said["plan_name"] or "", said["planner"])


class EffectSerializer(serializers.Serializer[Any]):
    """What a step is expected to do alone, by the dataset's profile; null where the profile can't say."""

    rows_removed = serializers.IntegerField(allow_null=True)
    cells_changed = serializers.IntegerField(allow_null=True)
    columns_added = serializers.IntegerField(allow_null=True)
    columns_removed = serializers.IntegerField(allow_null=True)


class StepSerializer(serializers.Serializer[Any]):
    order = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField()
    operation = serializers.CharField()
    params = serializers.DictField()
    skipped = serializers.BooleanField()
    code_snippet = serializers.CharField(help_text="pandas code for people; never read back.")
    estimate = EffectSerializer(allow_null=True, help_text="Null while the dataset has no profile.")


class PlanWarningSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField()
    details = serializers.DictField()


class PlanListSerializer(serializers.ModelSerializer[Plan]):
    plan_id = serializers.IntegerField(source="pk", read_only=True)
    dataset_id = serializers.IntegerField(read_only=True)

    class Meta:
        model = Plan
        fields = (
            "plan_id", "dataset_id", "task_type", "target_column", "name", "planner", "fallback_reason", "created_at",
            "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class PlanSerializer(PlanListSerializer):
    steps = serializers.SerializerMethodField()
    warnings = serializers.SerializerMethodField()

    class Meta:
        model = Plan
        fields = (*PlanListSerializer.Meta.fields, "steps", "warnings", "prompt", "answer")
        read_only_fields = fields

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, plan: Plan) -> list[dict[str, Any]]:
        steps, code = self._rendered
        profile = known(dataset=plan.dataset, kind="profile")
        return [
            shown_step(order, step) | {"code_snippet": code[order].code, "estimate": estimated(step, profile)}
            for order, step in enumerate(steps, 1)
        ]

    @extend_schema_field(PlanWarningSerializer(many=True))
    def get_warnings(self, plan: Plan) -> list[dict[str, Any]]:
        """Steps that could not work on the plan's own dataset as they stand."""
        steps, code = self._rendered
        return [
            {"reason": problem.reason, "details": {"step_order": order} | problem.details}
            for order, step in enumerate(steps, 1)
            if (problem := code[order].problem) is not None and not step.skipped
        ]

    def to_representation(self, instance: Plan) -> dict[str, Any]:
        steps = stored(instance.steps)
        self._rendered: tuple[list[PlanStep], dict[int, Rendered]] = steps, rendered(steps, instance.dataset.columns)
        return super().to_representation(instance)


def estimated(step: PlanStep, profile: dict[str, Any] | None) -> dict[str, int | None] | None:
    if profile is None:
        return None
    effect = step.operation.estimate(profile)
    return {
        "rows_removed": effect.rows,
        "cells_changed": effect.cells,
        "columns_added": effect.added,
        "columns_removed": effect.removed,
    }


def shown_step(order: int, step: PlanStep) -> dict[str, Any]:
    return {
        "order": order,
        "name": step.titled(),
        "description": step.described(),
        "operation": step.operation.operation,
        "params": step.operation.params(),
        "skipped": step.skipped,
    }


class StepFields(serializers.Serializer[Any]):
    """A step as it is written. Without ``operation`` it is the plan's step of that ``order``."""

    order = serializers.IntegerField(required=False)
    operation = serializers.CharField(required=False)
    params = serializers.DictField(required=False)
    skipped = serializers.BooleanField(required=False)
    name = serializers.CharField(required=False, allow_null=True)
    description = serializers.CharField(required=False, allow_null=True)


class PlanChangeFields(serializers.Serializer[Any]):
    name = Text(required=False, max_length=200, validators=[one_line])
    steps = serializers.JSONField(required=False)


class PlanChangeSerializer(PlanChangeFields):
    """The same, as the documentation shows it."""

    steps = StepFields(many=True, required=False)  # type: ignore[assignment]


class RunFields(serializers.Serializer[Any]):
    """On which data; all of it may be left out."""

    dataset_id = serializers.IntegerField(required=False, allow_null=True, help_text="By default the plan's own.")
    column_mapping = serializers.JSONField(
        required=False, allow_null=True, help_text="{plan's column: dataset's column}; the result has the plan's names."
    )
    refit = serializers.BooleanField(
        required=False, default=False,
        help_text="Learn fill values, bounds and categories anew instead of taking those of the plan's last execution.",
    )  # fmt: skip


class MeasureSerializer(serializers.Serializer[Any]):
    rows = serializers.IntegerField()
    columns = serializers.IntegerField()
    missing_values = serializers.IntegerField()


class RiskSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField()
    details = serializers.DictField()


class ChangeSerializer(serializers.Serializer[Any]):
    """What one step changed; rows are followed by their place in the source, columns by their names."""

    order = serializers.IntegerField()
    name = serializers.CharField()
    operation = serializers.CharField()
    status = serializers.ChoiceField(["success", "failed", "skipped", "not_run"])
    execution_time = serializers.FloatField(allow_null=True, help_text="Seconds.")
    rows_before = serializers.IntegerField(required=False)
    rows_after = serializers.IntegerField(required=False)
    rows_removed = serializers.IntegerField(required=False)
    rows_changed = serializers.IntegerField(required=False)
    cells_changed = serializers.IntegerField(required=False)
    columns_added = serializers.ListField(child=serializers.CharField(), required=False)
    columns_removed = serializers.ListField(child=serializers.CharField(), required=False)
    columns_renamed = serializers.DictField(child=serializers.CharField(), required=False)
    columns_retyped = serializers.DictField(required=False, help_text="{column: {before, after}}")
    risks = RiskSerializer(many=True, required=False)


class SampleSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField(help_text="Of the source, from 1.")
    column = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class TriedStepSerializer(ChangeSerializer):
    samples = SampleSerializer(many=True, required=False)


class DryRunSerializer(serializers.Serializer[Any]):
    plan_id = serializers.IntegerField()
    dataset_id = serializers.IntegerField()
    before = MeasureSerializer()
    after = MeasureSerializer()
    steps = TriedStepSerializer(many=True)


# What a step of an execution shows besides its number, its name and how it ended.
COUNTS = (
    "rows_before", "rows_after", "rows_removed", "rows_changed", "cells_changed", "columns_added", "columns_removed",
    "columns_renamed", "columns_retyped", "risks", "samples",
)  # fmt: skip


class ExecutionSerializer(serializers.ModelSerializer[Execution]):
    execution_id = serializers.IntegerField(source="pk", read_only=True)
    plan_id = serializers.IntegerField(read_only=True)
    dataset_id = serializers.IntegerField(read_only=True, allow_null=True)
    output_dataset_id = serializers.IntegerField(source="output_id", read_only=True, allow_null=True)
    fitted_from = serializers.IntegerField(source="fitted_from_id", read_only=True, allow_null=True)
    before = MeasureSerializer(allow_null=True)
    after = MeasureSerializer(allow_null=True)
    steps = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()

    class Meta:
        model = Execution
        fields = (
            "execution_id", "plan_id", "dataset_id", "status", "before", "after", "steps", "output_dataset_id",
            "column_mapping", "fitted_from", "error", "created_at",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ChangeSerializer(many=True))
    def get_steps(self, execution: Execution) -> list[dict[str, Any]]:
        return [ended_step(PlanStep.from_json(step), step) for step in execution.steps]

    @extend_schema_field(JobErrorSerializer(allow_null=True))
    def get_error(self, execution: Execution) -> dict[str, Any] | None:
        return shown(execution.error)


def ended_step(step: PlanStep, ended: dict[str, Any]) -> dict[str, Any]:
    known = {"order": ended["order"], "name": step.titled(), "operation": step.operation.operation}
    known |= {"status": ended["status"], "execution_time": ended.get("execution_time")}
    return known | {name: ended[name] for name in COUNTS if name in ended}


def tried_steps(plan: Plan, found: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps of a dry run under their names; skipped ones are told as such."""
    done = {one["order"]: one for one in found["steps"]}
    steps = enumerate(stored(plan.steps), 1)
    return [
        ended_step(step, {"order": order, "status": "success" if order in done else "skipped"} | done.get(order, {}))
        for order, step in steps
    ]


class RecipeFields(serializers.Serializer[Any]):
    recipe = serializers.DictField(help_text="What GET /plans/{id}/recipe has given.")
    dataset_id = serializers.IntegerField(help_text="The dataset that the plan is for.")


class OperationSerializer(serializers.Serializer[Any]):
    operation = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(help_text="English.")
    params = serializers.DictField(help_text="JSON Schema of its parameters.")


def described(operation: Any) -> dict[str, Any]:
    return {
        "operation": operation.operation,
        "name": fill(_(operation.title), {}),
        "description": (operation.__doc__ or "").strip(),
        "params": {
            key: one for key, one in operation.model_json_schema().items() if key not in {"description", "title"}
        },
    }
