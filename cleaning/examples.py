"""Examples for the API's documentation."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

STEP = {
    "order": 1,
    "name": "Fill missing values",
    "description": "Fills missing cells of age with the column's median.",
    "operation": "fill_missing",
    "params": {"columns": ["age"], "strategy": "median", "value": None, "flag": False},
    "skipped": False,
    "code_snippet": 'df["age"] = df["age"].astype("float64").fillna(df["age"].astype("float64").median())',
    "estimate": {"rows_removed": 0, "cells_changed": 177, "columns_added": 0, "columns_removed": 0},
}
_PLAN: dict[str, Any] = {
    "plan_id": 4, "dataset_id": 10, "task_type": "classification", "target_column": "survived", "name": "first try",
    "planner": "rules", "fallback_reason": "llm_not_configured", "created_at": "2026-01-31T09:00:00.000000+00:00",
    "updated_at": "2026-01-31T09:00:00.000000+00:00",
}  # fmt: skip
_WHOLE = _PLAN | {"steps": [STEP], "warnings": [], "prompt": "", "answer": ""}
_DONE = {
    "order": 1, "name": STEP["name"], "operation": "fill_missing", "status": "success", "execution_time": 0.004,
    "rows_before": 891, "rows_after": 891, "rows_removed": 0, "rows_changed": 177, "cells_changed": 177,
    "columns_added": [], "columns_removed": [], "columns_renamed": {},
    "columns_retyped": {"age": {"before": "integer", "after": "decimal"}}, "risks": [],
}  # fmt: skip
_BEFORE = {"rows": 891, "columns": 12, "missing_values": 866}
_AFTER = {"rows": 891, "columns": 12, "missing_values": 689}
_EXECUTION = {
    "execution_id": 6, "plan_id": 4, "dataset_id": 10, "status": "completed", "before": _BEFORE, "after": _AFTER,
    "steps": [_DONE], "output_dataset_id": 11, "column_mapping": {}, "fitted_from": None, "error": None,
    "created_at": "2026-01-31T09:05:00.000000+00:00",
}  # fmt: skip
_RECIPE = {
    "format": "cleaning-recipe", "version": 1, "name": "first try", "task_type": "classification",
    "target_column": "survived", "columns": [{"name": "age", "dtype": "integer"}],
    "steps": [{"operation": STEP["operation"], "params": STEP["params"]}],
    "fitted": [{"operation": STEP["operation"], "params": STEP["params"], "fitted": {"values": {"age": 28.0}},
                "types": {"age": "integer"}}],
}  # fmt: skip


def _given(value: Any, status: int = 200) -> OpenApiExample:
    return OpenApiExample("Answer", value, response_only=True, status_codes=[str(status)])


def _asked(name: str, value: Any) -> OpenApiExample:
    return OpenApiExample(name, value, request_only=True)


PROPOSE = [
    _asked("A plan", {"task_type": "classification", "target_column": "survived", "plan_name": "first try"}),
    _given(_WHOLE, 201),
]
PLAN = [_given(_WHOLE)]
PLANS = [_given(_PLAN)]
CHANGE = [
    _asked("Steps", {"steps": [{"operation": STEP["operation"], "params": STEP["params"]}]}),
    _asked("Skip the second step", {"steps": [{"order": 1}, {"order": 2, "skipped": True}]}),
    _given(_WHOLE),
]
DRY_RUN = [
    _asked("On next month's file", {"dataset_id": 12, "column_mapping": {"age": "Age"}}),
    _given({
        "plan_id": 4, "dataset_id": 10, "before": _BEFORE, "after": _AFTER,
        "steps": [_DONE | {"samples": [{"row": 6, "column": "age", "before": None, "after": 28.0}]}],
    }),
]  # fmt: skip
EXECUTE = [_asked("On next month's file", {"dataset_id": 12, "column_mapping": {"age": "Age"}}), _given(_EXECUTION)]
RECIPE = [_given(_RECIPE)]
IMPORT = [_asked("A recipe", {"recipe": _RECIPE, "dataset_id": 12}), _given(_WHOLE | {"planner": "import"}, 201)]
