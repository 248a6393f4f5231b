"""Plans proposed by a language model, over HTTP on both sides: ours, and a local server that speaks its protocol."""

import json
import socket

import pytest

from cleaning import planning
from datasets.models import Dataset
from jobs import running
from tests.cast import refused
from tests.cleaning.planner.llm.model import KEY, answering, complains, plans, says
from tests.dialects.client import Client

PEOPLE = (
    "age,income,city,bought\n"
    "31,100.5,Tokyo-Minato,yes\n"
    ",200.25,Osaka-Kita,no\n"
    "40,,Tokyo-Minato,yes\n"
    "60,300.75,Osaka-Kita,no\n"
)
FILL = {"operation": "fill_missing", "params": {"columns": ["age"], "strategy": "median"}, "name": "Ages"}
CODE = "import os\nos.system('id')"
WISH = {"task_type": "classification", "target_column": "bought"}


@pytest.fixture
def dataset(owner):
    return owner.upload(PEOPLE, "people.csv")


@pytest.fixture
def asked(settings, owner, dataset):
    """Asks for a plan while the model gives these answers: the answer of the API, and the model's server."""

    def ask(*answers, **wish):
        with answering(*answers) as server:
            configure(settings, server.url)
            return owner.post(f"datasets/{dataset}/plan", WISH | wish), server

    return ask


def configure(settings, url):
    settings.LLM_BASE_URL, settings.LLM_API_KEY, settings.LLM_MODEL = url, KEY, "m-1"
    settings.LLM_ALLOWED_HOSTS, settings.LLM_SECONDS = ["127.0.0.1"], 5


def test_a_good_answer_becomes_the_plan(asked, owner):
    answer, server = asked(plans(FILL), planner="llm", plan_name="by the model")
    assert answer.status_code == 201, answer.content
    plan = answer.json()
    assert (plan["planner"], plan["fallback_reason"], plan["name"]) == ("llm", None, "by the model")
    assert [(one["operation"], one["name"]) for one in plan["steps"]] == [("fill_missing", "Ages")]
    assert plan["steps"][0]["params"]["strategy"] == "median"
    assert len(server.heard) == 1
    done = owner.post(f"plans/{plan['plan_id']}/execute").json()
    assert (done["status"], done["steps"][0]["cells_changed"]) == ("completed", 1)


def test_the_owner_sees_what_was_sent_and_said_and_nobody_else(asked, owner, outsider):
    answer, server = asked(plans(FILL), planner="llm")
    plan = answer.json()
    assert json.loads(plan["prompt"]) == server.heard[0].body
    assert json.loads(json.loads(plan["answer"])["choices"][0]["message"]["content"]) == {"steps": [FILL]}
    assert KEY not in plan["prompt"] + plan["answer"]
    assert "Tokyo-Minato" not in plan["prompt"]
    assert {"prompt", "answer"}.isdisjoint(owner.get("plans").json()[0])
    assert {"prompt", "answer"}.isdisjoint(owner.get(f"plans/{plan['plan_id']}/recipe").json())
    refused(outsider.get(f"plans/{plan['plan_id']}"), 403, "access_denied")
    assert outsider.get("plans").json() == []


def test_cells_go_along_only_where_the_installation_says_so(asked, settings):
    settings.LLM_SEND_SAMPLES = True
    answer, _server = asked(plans(FILL), planner="llm")
    assert "Tokyo-Minato" in answer.json()["prompt"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (complains(401), "llm_refused"),
        (complains(500), "llm_error"),
        (says(CODE), "llm_answer_not_json"),
        (plans({"operation": "run_python", "params": {"code": CODE}}), "llm_answer_invalid"),
        (plans({"operation": "drop_columns", "params": {"columns": ["bought"]}}), "llm_answer_invalid"),
        (says('{"steps": [', "length"), "llm_answer_cut_off"),
    ],
)
def test_a_bad_answer_fails_where_the_model_was_asked_for_and_falls_back_where_not(asked, owner, said, reason):
    answer, _server = asked(said, planner="llm")
    error = refused(answer, 500, "plan_generation_failed")
    assert error["details"]["reason"] == reason
    assert error["message"].startswith("The plan could not be made: The language model")
    assert KEY not in answer.content.decode()
    assert owner.get("plans").json() == []
    answer, _server = asked(said)
    plan = answer.json()
    assert (answer.status_code, plan["planner"], plan["fallback_reason"]) == (201, "rules", reason)
    assert plan["steps"]
    assert plan["prompt"]
    assert "os.system" not in json.dumps(plan["steps"])


def test_without_a_model_the_rules_plan_and_say_why(owner, dataset, settings):
    settings.LLM_BASE_URL = ""
    plan = owner.post(f"datasets/{dataset}/plan", WISH).json()
    assert (plan["planner"], plan["fallback_reason"]) == ("rules", "llm_not_configured")
    error = refused(owner.post(f"datasets/{dataset}/plan", WISH | {"planner": "llm"}), 500, "plan_generation_failed")
    assert error["details"]["reason"] == "llm_not_configured"
    rules = owner.post(f"datasets/{dataset}/plan", WISH | {"planner": "rules"}).json()
    assert rules["fallback_reason"] is None
    assert rules["steps"] == plan["steps"]


def test_a_model_that_is_not_there(owner, dataset, settings):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        configure(settings, f"http://127.0.0.1:{closed.getsockname()[1]}/v1")
    assert owner.post(f"datasets/{dataset}/plan", WISH).json()["fallback_reason"] == "llm_unreachable"


def test_in_the_background_as_well(owner, dataset, settings):
    job = owner.post(f"datasets/{dataset}/plan", WISH | {"planner": "llm"}, headers={"Prefer": "respond-async"})
    assert job.status_code == 202, job.content
    with answering(plans(FILL)) as server:
        configure(settings, server.url)
        running.run(job.json()["job_id"], beat=False)
    done = owner.get(f"jobs/{job.json()['job_id']}").json()
    assert done["status"] == "succeeded", done
    assert owner.get(f"plans/{done['result']['plan_id']}").json()["planner"] == "llm"


def test_rules_ask_nobody(asked):
    answer, server = asked(plans(FILL), planner="rules")
    assert answer.status_code == 201
    assert server.heard == []


def test_the_dialect_has_its_own_words_for_it(asked, owner, dataset, settings):
    hanako = Client(token=owner.client._credentials["HTTP_AUTHORIZATION"].removeprefix("Bearer "))
    with answering(complains(500)) as server:
        configure(settings, server.url)
        answer = hanako.speaking("ja").post(f"datasets/{dataset}/plan", WISH | {"planner": "llm"})
    assert answer.status_code == 500
    assert answer.json() == {"error": {"code": "PLAN_GENERATION_FAILED", "message": "前処理プランの生成に失敗しました"}}


def test_the_list_of_plans_costs_the_same_however_long(owner, dataset, django_assert_max_num_queries):
    for _ in range(12):
        assert owner.post(f"datasets/{dataset}/plan", WISH | {"planner": "rules"}).status_code == 201
    with django_assert_max_num_queries(5):
        assert len(owner.get("plans").json()) == 12
    number = owner.get("plans").json()[0]["plan_id"]
    with django_assert_max_num_queries(7):
        assert owner.get(f"plans/{number}").status_code == 200
    for _ in range(3):
        owner.post(f"plans/{number}/execute")
    with django_assert_max_num_queries(6):
        assert len(owner.get(f"plans/{number}/executions").json()) == 3


def test_a_dataset_that_goes_while_the_model_thinks(owner, dataset, settings, monkeypatch):
    think = planning._asked

    def deleted_meanwhile(*args):
        assert owner.delete(f"datasets/{dataset}").status_code == 204
        return think(*args)

    monkeypatch.setattr(planning, "_asked", deleted_meanwhile)
    with answering(plans(FILL)) as server:
        configure(settings, server.url)
        refused(owner.post(f"datasets/{dataset}/plan", WISH), 404, "dataset_not_found")
    assert owner.get("plans").json() == []


@pytest.mark.parametrize(("status", "reason"), [("processing", "dataset_not_ready"), ("failed", "dataset_failed")])
def test_only_what_has_been_read_can_be_cleaned(owner, dataset, status, reason):
    plan = owner.post(f"datasets/{dataset}/plan", WISH | {"planner": "rules"}).json()["plan_id"]
    Dataset.objects.filter(pk=dataset).update(status=status)
    for prefer in ({}, {"Prefer": "respond-async"}):
        refused(owner.post(f"datasets/{dataset}/plan", WISH, headers=prefer), 409, reason)
        refused(owner.post(f"plans/{plan}/dry-run", headers=prefer), 409, reason)
        refused(owner.post(f"plans/{plan}/execute", headers=prefer), 409, reason)
    assert owner.get(f"plans/{plan}").status_code == 200


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"task_type": "guessing"}, "invalid_task_type"),
        ({"task_type": None}, "validation_error"),
        ({"target_column": "nope"}, "target_column_not_found"),
        ({"target_column": ""}, "target_column_required"),
        ({"target_column": None}, "target_column_required"),
        ({"planner": "magic"}, "validation_error"),
        ({"plan_name": "two\nlines"}, "validation_error"),
        ({"plan_name": "x" * 201}, "validation_error"),
    ],
)
def test_what_cannot_be_planned_is_said_at_once(owner, dataset, wish, reason):
    for prefer in ({}, {"Prefer": "respond-async"}):
        refused(owner.post(f"datasets/{dataset}/plan", WISH | wish, headers=prefer), 400, reason)
    assert owner.get("plans").json() == []


def test_clustering_has_no_target(owner, dataset):
    wish = {"task_type": "clustering", "target_column": "nope", "planner": "rules"}
    plan = owner.post(f"datasets/{dataset}/plan", wish).json()
    assert (plan["target_column"], plan["name"]) == (None, "clustering")
