"""Plans as data: read, changed, carried elsewhere, rendered as scripts."""

import io
import subprocess
import sys

import pandas as pd
import pytest

from jobs import running
from jobs.models import Job
from tests.cast import refused
from tests.cleaning.conftest import CSV, plan_of, recipe, rows_of

FILL = ("fill_missing", {"columns": ["age"], "strategy": "mean"})
DROP = ("drop_columns", {"columns": ["joined"]})


@pytest.fixture
def plan(owner, dataset):
    return plan_of(owner, dataset, FILL, DROP)


def address(plan):
    return f"plans/{plan['plan_id']}"


def test_a_plan_shows_its_steps_as_sentences_and_code(owner, plan):
    step = owner.get(address(plan)).json()["steps"][0]
    assert step == {
        "order": 1,
        "name": "Fill missing values",
        "description": "Fills missing cells of age with the column's mean.",
        "operation": "fill_missing",
        "params": {"columns": ["age"], "strategy": "mean", "value": None, "flag": False},
        "skipped": False,
        "code_snippet": 'df["age"] = df["age"].astype("float64").fillna(df["age"].astype("float64").mean())',
        "estimate": None,
    }


def test_once_there_is_a_profile_steps_say_what_they_will_do(owner, dataset, plan):
    owner.get(f"datasets/{dataset}/profile")
    steps = owner.get(address(plan)).json()["steps"]
    assert steps[0]["estimate"] == {"rows_removed": 0, "cells_changed": 1, "columns_added": 0, "columns_removed": 0}
    assert steps[1]["estimate"] == {"rows_removed": 0, "cells_changed": 0, "columns_added": 0, "columns_removed": 1}


def test_what_a_client_sends_back_unchanged_changes_nothing(owner, plan):
    whole = owner.get(address(plan)).json()
    japanese = owner.get(address(plan), headers={"Accept-Language": "ja"}).json()
    assert japanese["steps"][0]["name"] != whole["steps"][0]["name"]
    for body in (whole, japanese):
        answer = owner.client.put(f"/api/v1/{address(plan)}", body, format="json")
        assert answer.json()["steps"] == whole["steps"]


def test_code_and_other_read_only_fields_are_ignored(owner, plan):
    hostile = plan["steps"][0] | {"code_snippet": "import os; os.system('id')"}
    body = {"steps": [hostile, plan["steps"][1]], "plan_id": 99, "dataset_id": 99, "planner": "llm", "owner": 1}
    changed = owner.patch(address(plan), body).json()
    assert changed.pop("updated_at") > plan.pop("updated_at")
    assert changed == plan


@pytest.mark.parametrize("renumber", [True, False])
def test_steps_are_put_into_another_order_by_moving_them(owner, plan, renumber):
    steps = plan["steps"][::-1]
    if renumber:
        for order, step in enumerate(steps, 1):
            step["order"] = order
    changed = owner.patch(address(plan), {"steps": steps}).json()
    assert [(step["order"], step["operation"]) for step in changed["steps"]] == [
        (1, "drop_columns"),
        (2, "fill_missing"),
    ]


def test_or_by_renumbering_them(owner, plan):
    steps = plan["steps"]
    steps[0]["order"], steps[1]["order"] = 2, 1
    changed = owner.patch(address(plan), {"steps": steps}).json()
    assert [step["operation"] for step in changed["steps"]] == ["drop_columns", "fill_missing"]


def test_own_words_stay_until_they_are_taken_back(owner, plan):
    changed = owner.patch(
        address(plan), {"steps": [{"order": 1, "name": "Ages", "params": FILL[1] | {"strategy": "median"}}]}
    )
    step = changed.json()["steps"][0]
    assert (step["name"], step["description"]) == ("Ages", "Fills missing cells of age with the column's median.")
    assert len(changed.json()["steps"]) == 1
    again = owner.patch(address(plan), {"steps": [{"order": 1, "name": None}]}).json()
    assert again["steps"][0]["name"] == "Fill missing values"


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ("drop", "invalid_steps"),
        ([1], "invalid_steps"),
        ([{"operation": "run_python", "params": {"code": "1"}}], "unknown_operation"),
        ([{"operation": ["drop_columns"], "params": {}}], "unknown_operation"),
        ([{"operation": "drop_columns", "params": {"columns": []}}], "invalid_step"),
        ([{"operation": "drop_columns", "params": {"columns": ["a", "a"]}}], "invalid_step"),
        ([{"operation": "drop_columns", "params": {"columns": "a"}}], "invalid_step"),
        ([{"operation": "drop_columns", "params": {"columns": ["a"], "axis": 1}}], "invalid_step"),
        ([{"operation": "drop_columns", "params": []}], "invalid_step"),
        (
            [{"operation": "fill_missing", "params": {"columns": ["a"], "strategy": "mean", "flag": "yes"}}],
            "invalid_step",
        ),
        ([{"operation": "drop_columns", "params": {"columns": ["a"]}, "skipped": "no"}], "invalid_step_field"),
        ([{"operation": "drop_columns", "params": {"columns": ["a"]}, "name": 5}], "invalid_step_field"),
        ([{"order": 7}], "step_not_found"),
        ([{"skipped": True}], "step_not_found"),
        ([{"order": 1}] * 201, "invalid_steps"),
        ([{"order": "9" * 5000}], "step_not_found"),
        ([{"order": True}], "step_not_found"),
    ],
)
def test_what_is_no_typed_step_is_refused_and_nothing_changes(owner, plan, steps, reason):
    refused(owner.patch(address(plan), {"steps": steps}), 400, reason)
    assert owner.get(address(plan)).json() == plan


def test_the_step_that_is_not_there_is_named(owner, plan):
    error = refused(owner.patch(address(plan), {"steps": [{"order": 1}, {"order": 7}]}), 400, "step_not_found")
    assert error["message"].startswith("The plan has no step 7 ")


def test_problems_of_parameters_are_told_in_the_words_of_json(owner, plan):
    steps = [{"operation": "drop_columns", "params": {"columns": []}}]
    error = refused(owner.patch(address(plan), {"steps": steps}), 400, "invalid_step")
    assert error["details"]["problems"] == ["columns: List should have at least 1 item, not 0"]
    steps[0]["params"] = {"columns": ["a", "a"]}
    error = refused(owner.patch(address(plan), {"steps": steps}), 400, "invalid_step")
    assert error["details"]["problems"] == ["columns: each name once"]


def test_a_step_that_cannot_work_is_shown_all_the_same(owner, dataset):
    plan = plan_of(owner, dataset, ("cast", {"columns": ["age"], "dtype": "datetime"}))
    assert plan["warnings"][0]["reason"] == "column_has_wrong_type"
    assert plan["steps"][0]["code_snippet"]


def test_lists_are_light_and_searched(owner, dataset, plan):
    listed = owner.get("plans").json()
    assert [one["plan_id"] for one in listed] == [plan["plan_id"]]
    assert "steps" not in listed[0]
    assert owner.get(f"plans?dataset_id={dataset}").json() == listed
    assert owner.get("plans?dataset_id=999").json() == []
    assert owner.get("plans?q=other").json() == []


def test_a_recipe_carries_steps_and_what_was_learned(owner, outsider, plan):
    done = owner.post(f"{address(plan)}/execute").json()
    carried = owner.get(f"{address(plan)}/recipe").json()
    assert carried["fitted"][0] == {
        "operation": "fill_missing",
        "params": plan["steps"][0]["params"],
        "fitted": {"values": {"age": 31.0}},
        "types": {"age": "integer"},
    }
    theirs = outsider.upload("name,age,joined\nEve,,x\nFay,100,y\n", "later.csv")
    copy = outsider.post("plans/import", {"recipe": carried, "dataset_id": theirs}).json()
    assert copy["planner"] == "import"
    assert [step["operation"] for step in copy["steps"]] == ["fill_missing", "drop_columns"]
    ran = outsider.post(f"plans/{copy['plan_id']}/execute").json()
    assert rows_of(outsider, ran["output_dataset_id"]) == [{"name": "Eve", "age": 31}, {"name": "Fay", "age": 100}]
    assert str(done["execution_id"]) not in str(carried.get("steps"))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"format": "x"}, "invalid_recipe"),
        ({"version": 2}, "invalid_recipe"),
        ({"version": True}, "invalid_recipe"),
        ({"target_column": "x" * 20_000}, "invalid_recipe"),
        ({"name": ""}, "invalid_recipe"),
        ({"name": "a\nb"}, "invalid_recipe"),
        ({"task_type": "x"}, "invalid_recipe"),
        ({"target_column": 5}, "invalid_recipe"),
        ({"fitted": [1]}, "invalid_recipe"),
        ({"steps": None}, "invalid_steps"),
        ({"steps": [{"operation": "eval"}]}, "unknown_operation"),
    ],
)
def test_what_is_no_recipe_is_refused(owner, dataset, changes, reason):
    body = {"dataset_id": dataset, "recipe": recipe(FILL) | changes}
    refused(owner.post("plans/import", body), 400, reason)
    assert owner.get("plans").json() == []


def test_made_up_memories_fail_the_step_and_nothing_else(owner, dataset):
    params = FILL[1] | {"value": None, "flag": False}
    for made_up in ({"values": {"age": "x"}}, {"values": []}, {"values": {"age": [1]}}, {"values": {"age": 10**400}}):
        learned = [{"operation": "fill_missing", "params": params, "fitted": made_up}]
        plan = plan_of(owner, dataset, FILL, fitted=learned)
        details = refused(owner.post(f"{address(plan)}/execute"), 400, "execution_failed")["details"]
        assert details["step_order"] == 1, made_up
    assert len(owner.get("datasets").json()) == 1


def test_the_script_does_what_the_execution_did(owner, plan, tmp_path):
    done = owner.post(f"{address(plan)}/execute").json()
    answer = owner.get(f"{address(plan)}/script")
    assert answer["Content-Type"].startswith("text/x-python")
    (tmp_path / "script.py").write_bytes(b"".join(answer) if answer.streaming else answer.content)
    (tmp_path / "people.csv").write_text(CSV)
    run = [sys.executable, "script.py", "people.csv", "clean.csv"]
    subprocess.run(run, cwd=tmp_path, check=True, capture_output=True)
    export = owner.get(f"datasets/{done['output_dataset_id']}/export?raw=true")
    ours = pd.read_csv(io.BytesIO(b"".join(export.streaming_content)))
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "clean.csv"), ours)


def test_every_operation_is_described_with_its_schema(owner):
    listed = owner.get("plans/operations").json()
    names = [one["operation"] for one in listed]
    assert names == sorted(names)
    fill = next(one for one in listed if one["operation"] == "fill_missing")
    assert fill["params"]["required"] == ["columns", "strategy"]
    assert fill["name"] == "Fill missing values"
    assert all(one["description"] for one in listed)


def ran(answer, person):
    assert answer.status_code == 202, answer.content
    assert answer["Preference-Applied"] == "respond-async"
    job = answer.json()["job_id"]
    running.run(job, beat=False)
    return person.get(f"jobs/{job}").json()


def test_runs_in_the_background_when_that_is_preferred(owner, plan):
    prefer = {"headers": {"Prefer": "respond-async"}}
    tried = ran(owner.post(f"{address(plan)}/dry-run", {}, **prefer), owner)
    assert tried["result"]["after"]["columns"] == 4
    job = ran(owner.post(f"{address(plan)}/execute", {}, **prefer), owner)
    assert job["status"] == "succeeded"
    done = owner.get(f"executions/{job['result']['execution_id']}").json()
    assert done["output_dataset_id"] == job["result"]["output_dataset_id"]
    again = Job.objects.get(pk=job["id"])
    Job.objects.filter(pk=again.pk).update(status="queued")
    running.run(again.pk, beat=False)
    assert len(owner.get(f"{address(plan)}/executions").json()) == 1


def test_a_failure_in_the_background_is_told_by_the_job(owner, dataset):
    plan = plan_of(owner, dataset, ("drop_columns", {"columns": ["nope"]}))
    job = ran(owner.post(f"{address(plan)}/execute", {}, headers={"Prefer": "respond-async"}), owner)
    assert (job["status"], job["error"]["reason"]) == ("failed", "execution_failed")
    assert job["error"]["details"]["step_order"] == 1
    assert owner.get(f"executions/{job['error']['details']['execution_id']}").json()["status"] == "failed"
