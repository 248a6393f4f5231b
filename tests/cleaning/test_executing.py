"""Plans tried, run, undone and used again, over HTTP."""

import io
from pathlib import Path

import pandas as pd
import pytest
from django.conf import settings

from cleaning import executing
from cleaning.models import Plan
from tests.cast import refused
from tests.cleaning.conftest import CSV, plan_of, rows_of

FILL = ("fill_missing", {"columns": ["age"], "strategy": "mean"})
DROP = ("drop_columns", {"columns": ["joined"]})


def stored_files():
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def executed(person, plan, **body):
    answer = person.post(f"plans/{plan['plan_id']}/execute", body)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_run_makes_a_new_dataset_and_leaves_the_source(owner, dataset):
    before = rows_of(owner, dataset)
    source = owner.get(f"datasets/{dataset}").json()
    plan = plan_of(owner, dataset, FILL, DROP)
    done = executed(owner, plan)
    assert done["status"] == "completed"
    assert done["before"] == {"rows": 4, "columns": 5, "missing_values": 3}
    assert done["after"] == {"rows": 4, "columns": 4, "missing_values": 2}
    assert [(one["order"], one["name"], one["status"]) for one in done["steps"]] == [
        (1, "Fill missing values", "success"),
        (2, "Drop columns", "success"),
    ]
    assert done["steps"][0]["cells_changed"] == 1
    made = owner.get(f"datasets/{done['output_dataset_id']}").json()
    assert made["name"] == "people – tidy"
    assert made["derived_from"] == {"dataset_id": dataset, "execution_id": done["execution_id"]}
    assert made["session_id"] == source["session_id"]
    assert made["columns"] == ["name", "age", "city", "fare"]
    assert [row["age"] for row in rows_of(owner, made["id"])] == [31, 31, 22, 40]
    assert rows_of(owner, dataset) == before
    assert owner.get(f"datasets/{dataset}").json() == source
    assert owner.get(f"executions/{done['execution_id']}").json() == done
    assert owner.get(f"plans/{plan['plan_id']}/executions").json() == [done]


def test_the_output_is_a_dataset_like_any_other(owner, dataset):
    made = executed(owner, plan_of(owner, dataset, FILL))["output_dataset_id"]
    summary = owner.get(f"datasets/{made}/summary").json()
    assert summary["summary"]["age"]["mean"] == pd.Series([31, 31, 22, 40]).mean()
    report = owner.get(f"datasets/{made}/ingest-report").json()
    assert [column["name"] for column in report["columns"]] == ["name", "age", "city", "fare", "joined"]
    link = owner.get(f"datasets/{made}/download-url").json()["download_url"]
    content = b"".join(owner.client.get(link.replace("http://127.0.0.1:8000", "")).streaming_content)
    assert list(pd.read_parquet(io.BytesIO(content))["age"]) == [31, 31, 22, 40]


def test_the_same_plan_on_the_same_data_gives_the_same_bytes_under_another_name(owner, dataset):
    plan = plan_of(owner, dataset, FILL)
    first, second = (owner.get(f"datasets/{executed(owner, plan)['output_dataset_id']}").json() for _ in range(2))
    assert second["name"] == "people – tidy (2)"
    assert second["content_hash"] == first["content_hash"]
    assert second["duplicate_of"] == first["id"]


def test_a_dry_run_shows_cells_and_keeps_nothing(owner, dataset):
    plan = plan_of(owner, dataset, FILL, ("drop_columns", {"columns": ["city", "fare"]}))
    tried = owner.post(f"plans/{plan['plan_id']}/dry-run").json()
    assert tried["after"] == {"rows": 4, "columns": 3, "missing_values": 0}
    assert tried["steps"][0]["samples"] == [{"row": 2, "column": "age", "before": None, "after": 31.0}]
    assert tried["steps"][1]["columns_removed"] == ["city", "fare"]
    assert owner.get("datasets").json()[0]["id"] == dataset
    assert owner.get(f"plans/{plan['plan_id']}/executions").json() == []


def test_a_missing_column_is_found_before_anything_runs(owner, dataset):
    plan = plan_of(owner, dataset, FILL, ("drop_columns", {"columns": ["nope"]}))
    assert plan["warnings"][0]["details"]["step_order"] == 2
    details = refused(owner.post(f"plans/{plan['plan_id']}/execute"), 400, "execution_failed")["details"]
    assert details["step_order"] == 2
    assert "nope" in details["error_message"]
    failed = owner.get(f"executions/{details['execution_id']}").json()
    assert failed["status"] == "failed"
    assert [step["status"] for step in failed["steps"]] == ["not_run", "failed"]
    assert failed["output_dataset_id"] is None
    assert len(owner.get("datasets").json()) == 1
    refused(owner.post(f"plans/{plan['plan_id']}/dry-run"), 400, "execution_failed")


def test_next_month_gets_the_fill_value_of_this_month(owner, dataset):
    plan = plan_of(owner, dataset, FILL)
    first = executed(owner, plan)
    later = owner.upload("Name,Age\nEve,\nFay,100\n", "later.csv")
    again = executed(owner, plan, dataset_id=later, column_mapping={"age": "Age"})
    assert again["fitted_from"] == first["execution_id"]
    assert rows_of(owner, again["output_dataset_id"]) == [{"Name": "Eve", "age": 31}, {"Name": "Fay", "age": 100}]
    assert owner.get(f"datasets/{again['output_dataset_id']}").json()["name"] == "later – tidy"
    refit = executed(owner, plan, dataset_id=later, column_mapping={"age": "Age"}, refit=True)
    assert [row["age"] for row in rows_of(owner, refit["output_dataset_id"])] == [100, 100]


def test_what_was_learned_of_texts_is_not_used_for_numbers(owner):
    plan = plan_of(owner, owner.upload("code,n\nA1,1\nB2,2\n", "this.csv"), ("one_hot", {"columns": ["code"]}))
    executed(owner, plan)
    later = owner.upload("code,n\n17,1\n18,2\n", "later.csv")
    refusal = owner.post(f"plans/{plan['plan_id']}/execute", {"dataset_id": later})
    details = refused(refusal, 400, "execution_failed")["details"]
    assert details["error_reason"] == "learned_on_other_type"
    assert details["error_details"] == {"column": "code", "learned": "text", "dtype": "integer"}
    assert executed(owner, plan, dataset_id=later, refit=True)["after"]["columns"] == 3


def test_what_was_learned_of_whole_numbers_is_used_for_decimals(owner, dataset):
    plan = plan_of(owner, dataset, FILL)
    executed(owner, plan)
    later = owner.upload("age,n\n1.5,1\n,2\n2.5,3\n", "later.csv")
    done = executed(owner, plan, dataset_id=later)
    assert [row["age"] for row in rows_of(owner, done["output_dataset_id"])] == [1.5, 31, 2.5]


def test_bad_mappings_are_refused(owner, dataset):
    plan = f"plans/{plan_of(owner, dataset, FILL)['plan_id']}/execute"
    refused(owner.post(plan, {"column_mapping": {"age": "Alter"}}), 400, "column_not_found")
    refused(owner.post(plan, {"column_mapping": {"age": "fare"}}), 400, "column_mapping_not_unique")
    refused(owner.post(plan, {"column_mapping": {"x": "fare", "y": "fare"}}), 400, "column_mapping_not_unique")
    refused(owner.post(plan, {"column_mapping": ["age"]}), 400, "invalid_column_mapping")
    refused(owner.post(plan, {"dataset_id": 10**6}), 404, "dataset_not_found")


def test_undoing_deletes_the_output_only(owner, dataset):
    done = executed(owner, plan_of(owner, dataset, FILL))
    undone = owner.post(f"executions/{done['execution_id']}/revert").json()
    assert undone["status"] == "reverted"
    assert undone["output_dataset_id"] is None
    refused(owner.get(f"datasets/{done['output_dataset_id']}"), 404, "dataset_not_found")
    assert owner.get(f"datasets/{dataset}").status_code == 200


def test_a_skipped_step_does_nothing(owner, dataset):
    plan = plan_of(owner, dataset, FILL, DROP)
    changed = owner.patch(f"plans/{plan['plan_id']}", {"steps": [{"order": 1, "skipped": True}, {"order": 2}]}).json()
    assert [step["skipped"] for step in changed["steps"]] == [True, False]
    done = executed(owner, plan)
    assert [step["status"] for step in done["steps"]] == ["skipped", "success"]
    assert done["after"]["missing_values"] == 3


def test_strangers_are_kept_out(owner, outsider, dataset):
    plan = plan_of(owner, dataset, FILL)
    done = executed(owner, plan)
    for path in (f"plans/{plan['plan_id']}", f"executions/{done['execution_id']}", f"plans/{plan['plan_id']}/script"):
        refused(outsider.get(path), 403, "access_denied")
    refused(outsider.post(f"plans/{plan['plan_id']}/execute"), 403, "access_denied")
    refused(outsider.post("plans/import", {"dataset_id": dataset, "recipe": {}}), 403, "access_denied")
    theirs = outsider.upload(CSV, "theirs.csv")
    refused(owner.post(f"plans/{plan['plan_id']}/execute", {"dataset_id": theirs}), 403, "access_denied")
    assert outsider.get("plans").json() == []


def test_plans_go_with_their_dataset_and_outputs_stay(owner, dataset):
    plan = plan_of(owner, dataset, FILL)
    done = executed(owner, plan)
    assert owner.delete(f"datasets/{dataset}").status_code == 204
    refused(owner.get(f"plans/{plan['plan_id']}"), 404, "plan_not_found")
    made = owner.get(f"datasets/{done['output_dataset_id']}").json()
    assert made["derived_from"]["dataset_id"] == dataset


@pytest.mark.parametrize("body", [b"[]", b"0", b"false", b'""', b"3", b"null"])
def test_a_body_that_is_no_object_is_refused(owner, dataset, body):
    path = f"/api/v1/plans/{plan_of(owner, dataset, FILL)['plan_id']}"
    for route in ("execute", "dry-run"):
        answer = owner.client.post(f"{path}/{route}", body, content_type="application/json")
        refused(answer, 400, "validation_error")


def test_all_of_a_body_may_be_left_out(owner, dataset):
    path = f"/api/v1/plans/{plan_of(owner, dataset, FILL)['plan_id']}/dry-run"
    assert owner.client.post(path).status_code == 200
    assert owner.client.post(path, b"", content_type="application/json").status_code == 200
    nothing = {"dataset_id": None, "column_mapping": None}
    assert owner.client.post(path, nothing, format="json").status_code == 200


def test_what_is_said_wrongly_is_not_taken_for_nothing(owner, dataset):
    path = f"plans/{plan_of(owner, dataset, FILL)['plan_id']}/execute"
    refused(owner.post(path, {"dataset_id": 0}), 404, "dataset_not_found")
    for mapping in ([], False, 0, "", {"": "age"}):
        refused(owner.post(path, {"column_mapping": mapping}), 400, "invalid_column_mapping")
    assert len(owner.get("datasets").json()) == 1


def test_a_failed_run_stays_failed_when_it_is_undone(owner, dataset):
    plan = plan_of(owner, dataset, ("drop_columns", {"columns": ["nope"]}))
    failure = refused(owner.post(f"plans/{plan['plan_id']}/execute"), 400, "execution_failed")
    undone = owner.post(f"executions/{failure['details']['execution_id']}/revert").json()
    assert undone["status"] == "failed"
    assert undone["error"]["reason"] == "column_not_found"


def test_without_a_step_to_blame_none_is_named(owner, dataset, settings):
    plan = plan_of(owner, dataset, FILL)
    settings.CLEANING_SECONDS = 0.001
    failure = refused(owner.post(f"plans/{plan['plan_id']}/execute"), 400, "execution_failed")
    assert failure["details"]["step_order"] is None
    assert failure["message"] == "The plan failed: It takes longer than is allowed."


@pytest.mark.parametrize(("goes", "reason"), [("datasets", "dataset_not_found"), ("plans", "plan_not_found")])
@pytest.mark.parametrize(
    "step", [FILL, ("fill_missing", {"columns": ["nope"], "strategy": "mean"})], ids=["well", "badly"]
)
def test_what_is_deleted_while_a_plan_runs_is_told_as_gone(owner, dataset, monkeypatch, goes, reason, step):
    plan = plan_of(owner, dataset, step)["plan_id"]
    work = executing._in_child

    def deleted_meanwhile(*args, **kwargs):
        assert owner.delete(f"{goes}/{dataset if goes == 'datasets' else plan}").status_code == 204
        return work(*args, **kwargs)

    kept = set(stored_files())
    monkeypatch.setattr(executing, "_in_child", deleted_meanwhile)
    refused(owner.post(f"plans/{plan}/execute"), 404, reason)
    assert set(stored_files()) <= kept
    assert [one["id"] for one in owner.get("datasets").json()] == ([] if goes == "datasets" else [dataset])


def test_long_names_stay_within_what_a_dataset_may_be_called(owner):
    dataset = owner.upload(CSV, "people.csv", name="名" * 255)
    done = executed(owner, plan_of(owner, dataset, FILL, name="計" * 200))
    made = owner.get(f"datasets/{done['output_dataset_id']}").json()
    assert len(made["name"]) <= 255
    assert len(made["filename"]) <= 255
    assert made["filename"].endswith(".parquet")


def test_who_may_no_longer_read_the_dataset_gets_no_script_of_it(owner, outsider):
    dataset = owner.upload(CSV, "people.csv", is_public="true")
    plan = plan_of(outsider, dataset, FILL)
    assert outsider.get(f"plans/{plan['plan_id']}/script").status_code == 200
    assert owner.patch(f"datasets/{dataset}", {"is_public": False, "name": "secret"}).status_code == 200
    refused(outsider.get(f"plans/{plan['plan_id']}/script"), 403, "access_denied")
    refused(outsider.post(f"plans/{plan['plan_id']}/execute"), 403, "access_denied")
    assert "secret" not in outsider.get(f"plans/{plan['plan_id']}").content.decode()


def test_a_run_tells_how_far_it_is(owner, dataset):
    plan = Plan.objects.get(pk=plan_of(owner, dataset, FILL, DROP)["plan_id"])
    told = []
    executing.execute(
        user=plan.owner,
        plan=plan,
        wish=executing.Wish(plan.dataset, {}),
        session=plan.dataset.session,
        progress=lambda percent, _message: told.append(percent),
    )
    assert told == [0, 45]
