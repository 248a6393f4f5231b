"""CleanFlow's document from its first request to its last: thirteen routes, each with exactly the fields shown."""

import re
import statistics
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from tests.dialects.client import PASSWORD, registered, said
from tests.dialects.conftest import PEOPLE

USER = {"user_id", "email", "created_at"}
DATASET = {"dataset_id", "name", "rows", "columns", "created_at"}
COLUMN = {"name", "dtype", "missing_count", "missing_rate", "unique_count", "statistics"}
PLAN_LISTED = {"plan_id", "name", "dataset_id", "task_type", "created_at"}
PLAN = PLAN_LISTED | {"target_column", "steps"}
STEP = {"order", "name", "description", "code_snippet"}
EXECUTION = {"execution_id", "plan_id", "status", "before", "after", "steps", "created_at"}
MEASURES = {"rows", "columns", "missing_values"}
STEP_DONE = {"order", "name", "status", "execution_time"}


def just_now(text):
    """``2024-01-01T00:00:00Z`` and nothing finer."""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text)
    return abs(datetime.now(UTC) - datetime.fromisoformat(text)) < timedelta(minutes=1)


def test_register_log_in_and_who_am_i(anybody):
    given = {"email": "user@example.com", "password": PASSWORD}
    user = said(anybody.post("auth/register", given), 201, "User registered successfully")
    assert set(user) == USER
    assert isinstance(user["user_id"], str)
    assert user["email"] == "user@example.com"
    assert just_now(user["created_at"])

    login = anybody.post("auth/login", given)
    pair = said(login, 200, "Login successful")
    assert set(pair) == {"access_token", "token_type", "expires_in"}
    assert (pair["token_type"], pair["expires_in"]) == ("bearer", 86400)
    assert login["Cache-Control"] == "no-store"
    claims = jwt.decode(pair["access_token"], options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 86400

    anybody.token = pair["access_token"]
    assert said(anybody.get("auth/me"), 200, "Success") == user


def test_a_dataset_from_upload_to_deletion(hanako):
    made = said(hanako.upload(PEOPLE, name="my_dataset"), 201, "Dataset uploaded successfully")
    assert set(made) == DATASET
    assert isinstance(made["dataset_id"], str)
    assert (made["name"], made["rows"], made["columns"]) == ("my_dataset", 6, 6)
    assert just_now(made["created_at"])
    path = f"datasets/{made['dataset_id']}"

    assert said(hanako.get("datasets"), 200, "Success") == {"datasets": [made], "total": 1}
    detail = said(hanako.get(path), 200, "Success")
    assert set(detail) == DATASET | {"file_path"}
    assert detail == made | {"file_path": detail["file_path"]}
    assert detail["file_path"].endswith(".csv")

    assert said(hanako.delete(path), 200, "Dataset deleted successfully") == {"dataset_id": made["dataset_id"]}
    assert hanako.get(path).status_code == 404
    assert said(hanako.get("datasets")) == {"datasets": [], "total": 0}


def test_a_profile(hanako, people):
    found = said(hanako.get(f"datasets/{people}/profile"), 200, "Success")
    assert set(found) == {"dataset_id", "columns"}
    assert found["dataset_id"] == people
    columns = {one["name"]: one for one in found["columns"]}
    assert all(set(one) == COLUMN for one in columns.values())
    assert {name: one["dtype"] for name, one in columns.items()} == {
        "age": "int64", "income": "float64", "member": "bool", "joined": "datetime64[ns]", "category": "object",
        "target": "object",
    }  # fmt: skip

    ages, age = [18, 40, 60, 80, 22], columns["age"]
    assert (age["missing_count"], age["unique_count"]) == (1, 5)
    assert age["missing_rate"] == pytest.approx(1 / 6)
    assert age["statistics"] == {
        "mean": pytest.approx(statistics.mean(ages)), "median": pytest.approx(statistics.median(ages)),
        "std": pytest.approx(statistics.stdev(ages)), "min": 18, "max": 80,
    }  # fmt: skip
    assert columns["category"]["statistics"] == {"value_counts": {"A": 3, "B": 2, "C": 1}}
    assert columns["member"]["statistics"] == {"value_counts": {"true": 3, "false": 3}}
    assert columns["joined"]["statistics"] == {"min": "2024-01-01", "max": "2024-01-06"}


def test_a_plan_from_proposal_to_execution(hanako, people):
    wish = {"task_type": "classification", "target_column": "target", "plan_name": "my_plan"}
    proposed = hanako.post(f"datasets/{people}/plan", wish)
    made = said(proposed, 201, "Plan generated successfully")
    assert "Location" not in proposed  # which would lead to the main API
    assert set(made) == PLAN
    assert isinstance(made["plan_id"], str)
    assert (made["dataset_id"], made["name"]) == (people, "my_plan")
    assert (made["task_type"], made["target_column"]) == ("classification", "target")
    assert just_now(made["created_at"])
    assert [step["order"] for step in made["steps"]] == list(range(1, len(made["steps"]) + 1))
    for step in made["steps"]:
        assert set(step) == STEP
        assert all(isinstance(step[name], str) and step[name] for name in STEP - {"order"})

    assert said(hanako.get(f"plans/{made['plan_id']}"), 200, "Success") == made
    listed = said(hanako.get("plans"), 200, "Success")
    assert listed == {"plans": [{name: made[name] for name in PLAN_LISTED}], "total": 1}

    done = said(hanako.post(f"plans/{made['plan_id']}/execute"), 200, "Execution completed successfully")
    assert set(done) == EXECUTION
    assert isinstance(done["execution_id"], str)
    assert (done["plan_id"], done["status"]) == (made["plan_id"], "completed")
    assert set(done["before"]) == set(done["after"]) == MEASURES
    assert done["before"] == {"rows": 6, "columns": 6, "missing_values": 2}
    assert done["after"]["missing_values"] == 0
    assert [(one["order"], one["name"]) for one in done["steps"]] == [
        (one["order"], one["name"]) for one in made["steps"]
    ]
    for step in done["steps"]:
        assert set(step) == STEP_DONE
        assert step["status"] == "success"
        assert step["execution_time"] >= 0
    assert said(hanako.get(f"executions/{done['execution_id']}"), 200, "Success") == done

    output = said(hanako.get("datasets"))["datasets"][0]  # what came of it is the newest of the datasets
    assert output["name"] == "people – my_plan"
    assert {name: output[name] for name in ("rows", "columns")} == {
        name: done["after"][name] for name in ("rows", "columns")
    }


def test_a_body_or_none_at_all_when_executing(hanako, plan):
    for body in ({}, None):
        said(hanako.post(f"plans/{plan}/execute", body), 200)
    said(hanako.request("post", f"plans/{plan}/execute", format=None), 200)


def test_with_and_without_a_slash(hanako, people, plan):
    paths = ["auth/me", "datasets", f"datasets/{people}", f"datasets/{people}/profile", "plans", f"plans/{plan}"]
    for path in paths:
        assert said(hanako.get(f"{path}/")) == said(hanako.get(path))
    done = said(hanako.post(f"plans/{plan}/execute/"))
    assert said(hanako.get(f"executions/{done['execution_id']}/")) == done
    assert said(hanako.delete(f"datasets/{people}/")) == {"dataset_id": people}


def test_the_name_is_the_files_by_default_and_numbered_when_taken(hanako):
    names = [said(hanako.upload(PEOPLE, **given), 201)["name"] for given in ({}, {"name": ""}, {"name": "people"})]
    assert names == ["people", "people (2)", "people (3)"]
    names = [said(hanako.upload(PEOPLE, name="売上"), 201)["name"] for _ in range(3)]
    assert names == ["売上", "売上 (2)", "売上 (3)"]


def test_a_large_file_is_read_while_the_client_waits(hanako, settings):
    settings.SYNC_INGEST_MAX_BYTES = 10
    made = said(hanako.upload(PEOPLE), 201, "Dataset uploaded successfully")
    assert (made["rows"], made["columns"]) == (6, 6)


def test_there_are_no_jobs_whatever_is_preferred(hanako, people, plan):
    wish, later = {"task_type": "clustering"}, {"headers": {"Prefer": "respond-async"}}
    said(hanako.get(f"datasets/{people}/profile", **later))
    said(hanako.post(f"datasets/{people}/plan", wish, **later), 201)
    said(hanako.post(f"plans/{plan}/execute", **later))


def test_lists_are_not_cut(hanako, people):
    from accounts.models import User
    from cleaning.models import Plan
    from datasets.models import Dataset

    owner = User.objects.get(email="hanako@example.com")
    Dataset.objects.bulk_create(
        Dataset(owner=owner, name=f"more {number}", status=Dataset.Status.READY) for number in range(120)
    )
    Plan.objects.bulk_create(
        Plan(owner=owner, dataset_id=int(people), name=str(number), task_type="clustering", planner="rules")
        for number in range(120)
    )
    datasets, plans = said(hanako.get("datasets")), said(hanako.get("plans"))
    assert datasets["total"] == len(datasets["datasets"]) == 121
    assert plans["total"] == len(plans["plans"]) == 120
    assert all(set(one) == DATASET for one in datasets["datasets"])
    assert all(set(one) == PLAN_LISTED for one in plans["plans"])


def test_a_profile_that_the_client_has_is_not_sent_again(hanako, people):
    first = hanako.get(f"datasets/{people}/profile")
    again = hanako.get(f"datasets/{people}/profile", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_two_people_have_lists_of_their_own(hanako, people, plan):
    other = registered("jiro@example.com")
    assert said(other.get("datasets")) == {"datasets": [], "total": 0}
    assert said(other.get("plans")) == {"plans": [], "total": 0}
