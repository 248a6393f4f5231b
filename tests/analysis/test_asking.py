"""Questions through the public door: answers, the cache, who may ask, what is refused."""

import json
import threading

import pytest
from django.db import connection, connections
from django.utils import timezone

from analysis import asking, leases
from analysis.models import AnalysisJob, CategoryLabel
from datasets.models import Dataset
from tests.cast import BASE, refused

LEDGER = """年月日,店舗名,総売上,WOMEN'S_TOPS,Mens_TOPS
2024-01-01,恵比寿,100,60,40
2024-01-31,恵比寿,50,20,30
2024-01-15,新宿,70,70,0
2024-03-01,恵比寿,30,10,20
2024-03-31,新宿,10,5,5
"""


@pytest.fixture
def ledger(owner):
    return owner.upload(LEDGER, "ledger.csv")


def ask(person, kind, dataset_id, **params):
    return person.post(f"analysis/{kind}", {"dataset_id": dataset_id} | params)


def test_a_monthly_series_of_one_store(owner, ledger):
    body = ask(owner, "timeseries", ledger, target_column="総売上", store="恵比寿").json()
    assert body["timestamp"] == ["2024-01-31", "2024-02-29", "2024-03-31"]
    assert body["series"][0]["values"] == [150.0, 0.0, 30.0]
    assert body["series"][0]["statistics"]["mean"] == 60.0
    assert body["complete"] == [True, True, True]
    assert isinstance(body["job_id"], int)


def test_a_pareto_of_the_wide_columns_with_japanese_labels(owner, ledger):
    body = ask(owner, "pareto", ledger, analysis_type="product_category", period="2024-01").json()
    assert [(row["category"], row["value"]) for row in body["data"]] == [("WOMEN'S_TOPS", 150.0), ("Mens_TOPS", 70.0)]
    assert body["data"][0]["metadata"]["percentage"] == pytest.approx(100 * 150 / 220)
    assert body["total"] == 220.0
    assert body["vital_few_threshold"] == 2


def test_a_histogram(owner, ledger):
    body = ask(owner, "histogram", ledger, column="総売上", bins=2).json()
    assert body["bins"] == [10.0, 55.0, 100.0]
    assert body["counts"] == [3, 2]
    assert body["summary"]["count"] == 5


def test_the_same_question_gives_the_identical_body_from_the_cache(owner, ledger):
    first = ask(owner, "timeseries", ledger, target_column="総売上")
    again = ask(owner, "timeseries", str(ledger), target_column="総売上", aggregation="monthly", store=None)
    assert (first["X-Cache"], again["X-Cache"]) == ("MISS", "HIT")
    assert first.content == again.content
    assert first["ETag"] == again["ETag"]
    assert AnalysisJob.objects.count() == 1


def test_changed_roles_and_labels_are_other_questions(owner, ledger):
    first = ask(owner, "pareto", ledger).json()
    company = Dataset.objects.get(pk=ledger).owner.company
    CategoryLabel.objects.create(company=company, category="Mens_TOPS", display_name="紳士")
    second = ask(owner, "pareto", ledger)
    assert second["X-Cache"] == "MISS"
    names = {row["category"]: row["metadata"]["display_name"] for row in second.json()["data"]}
    assert names["Mens_TOPS"] == "紳士"
    assert first["job_id"] != second.json()["job_id"]


def test_the_session_alone_means_its_newest_dataset(owner, ledger):
    newest = owner.upload("年月日,総売上\n2024-05-01,7\n", "newer.csv")
    body = owner.post("analysis/timeseries", {"session_id": str(owner.session_id), "target_column": "総売上"}).json()
    job = owner.get(f"analysis/jobs/{body['job_id']}").json()
    assert job["dataset_id"] == newest
    assert body["series"][0]["values"] == [7.0]


def test_jobs_are_listed_newest_first_and_shown_whole(owner, ledger):
    one = ask(owner, "histogram", ledger, column="総売上").json()
    two = ask(owner, "histogram", ledger, column="総売上", bins=3).json()
    listed = owner.get("analysis/jobs")
    assert [job["id"] for job in listed.json()] == [two["job_id"], one["job_id"]]
    assert "result" not in listed.json()[0]
    assert listed["X-Total-Count"] == "2"
    shown = owner.get(f"analysis/jobs/{one['job_id']}").json()
    assert shown["result"] == one
    assert shown["kind"] == "histogram"
    assert shown["status"] == "succeeded"
    assert shown["params"]["bins"] == 20
    assert shown["receipt"]["content_hash"] == Dataset.objects.get(pk=ledger).content_hash
    assert shown["receipt"]["rows"] == shown["receipt"]["rows_used"] == 5


def test_a_job_answers_304_to_who_has_it(owner, outsider, ledger):
    body = ask(owner, "histogram", ledger, column="総売上").json()
    path = f"{BASE}/analysis/jobs/{body['job_id']}"
    tag = owner.client.get(path)["ETag"]
    assert owner.client.get(path, HTTP_IF_NONE_MATCH=tag).status_code == 304
    assert outsider.client.get(path, HTTP_IF_NONE_MATCH=tag).status_code == 403


def test_a_job_belongs_to_its_dataset(owner, outsider, ledger):
    job_id = ask(owner, "histogram", ledger, column="総売上").json()["job_id"]
    refused(ask(outsider, "histogram", ledger, column="総売上"), 403, "access_denied")
    refused(outsider.get(f"analysis/jobs/{job_id}"), 403, "access_denied")
    assert outsider.get("analysis/jobs").json() == []
    assert owner.patch(f"datasets/{ledger}", {"is_public": True}).status_code == 200
    assert outsider.get(f"analysis/jobs/{job_id}").status_code == 200
    assert outsider.get("analysis/jobs").json() == []
    assert owner.delete(f"datasets/{ledger}").status_code == 204
    refused(owner.get(f"analysis/jobs/{job_id}"), 404, "job_not_found")


@pytest.mark.parametrize(
    ("kind", "params", "reason"),
    [
        ("timeseries", {}, "missing_field"),
        ("timeseries", {"target_column": "nope"}, "column_not_found"),
        ("timeseries", {"target_column": "店舗名"}, "column_not_numeric"),
        ("timeseries", {"target_column": 5}, "text_expected"),
        ("timeseries", {"target_column": "総売上", "date_column": "店舗名"}, "column_not_date"),
        ("timeseries", {"target_column": "総売上", "aggregation": "yearly"}, "invalid_choice"),
        ("timeseries", {"target_column": "総売上", "date_range": ["2024-13-01", None]}, "invalid_date"),
        ("timeseries", {"target_column": "総売上", "date_range": ["2024-02-01", "2024-01-01"]}, "date_range_reversed"),
        ("timeseries", {"target_column": "総売上", "date_range": "2024"}, "invalid_date_range"),
        ("histogram", {"column": "総売上", "bins": 0}, "number_out_of_range"),
        ("histogram", {"column": "総売上", "bins": -1}, "number_out_of_range"),
        ("histogram", {"column": "総売上", "bins": 10**9}, "number_out_of_range"),
        ("histogram", {"column": "総売上", "bins": "x"}, "number_out_of_range"),
        ("histogram", {"column": "店舗名"}, "column_not_numeric"),
        ("pareto", {"analysis_type": "x"}, "invalid_choice"),
        ("pareto", {"period": "last week"}, "invalid_period"),
    ],
)
def test_a_wrong_question_is_refused_and_leaves_nothing(owner, ledger, kind, params, reason):
    error = refused(ask(owner, kind, ledger, **params), 400, reason)
    if reason == "column_not_found":
        assert "総売上" in error["details"]["columns"]
    assert not AnalysisJob.objects.exists()


def test_which_dataset_must_be_clear(owner, outsider, ledger):
    question = {"target_column": "総売上"}
    refused(owner.post("analysis/timeseries", question), 400, "dataset_required")
    refused(owner.post("analysis/timeseries", question | {"dataset_id": "x"}), 400, "invalid_id")
    refused(owner.post("analysis/timeseries", question | {"dataset_id": True}), 400, "invalid_id")
    refused(owner.post("analysis/timeseries", question | {"dataset_id": 999999}), 404, "dataset_not_found")
    refused(owner.post("analysis/timeseries", question | {"dataset_id": 10**30}), 404, "dataset_not_found")
    refused(owner.post("analysis/timeseries", question | {"session_id": 999999}), 404, "session_not_found")
    refused(outsider.post("analysis/timeseries", question | {"session_id": owner.session_id}), 403, "access_denied")
    empty = {"session_id": outsider.session_id}
    refused(outsider.post("analysis/timeseries", question | empty), 404, "no_dataset_in_session")
    other = outsider.upload("a\n1\n", "other.csv")
    both = {"session_id": outsider.session_id, "dataset_id": other}
    assert outsider.post("analysis/histogram", both | {"column": "a"}).status_code == 200
    outsider.patch(f"datasets/{other}", {"is_public": True})
    crossed = {"session_id": owner.session_id, "dataset_id": other, "column": "a"}
    refused(owner.post("analysis/histogram", crossed), 400, "dataset_not_in_session")


def test_a_body_that_is_no_object(owner):
    refused(owner.post("analysis/timeseries", [1]), 400, "parse_error")
    refused(owner.client.get(f"{BASE}/analysis/timeseries"), 405, "method_not_allowed")
    refused(owner.post("analysis/nothing", {}), 404, "route_not_found")


def test_a_lease_that_ran_out_is_taken_over(owner, ledger):
    """What a killed process leaves behind blocks nobody."""
    dataset = Dataset.objects.get(pk=ledger)
    asked = asking.question(dataset=dataset, kind="histogram", data={"column": "総売上"})
    dead = AnalysisJob.objects.create(
        dataset=dataset, kind="histogram", key=asked.key, lease="dead", lease_until=timezone.now()
    )
    body = ask(owner, "histogram", ledger, column="総売上").json()
    assert body["job_id"] == dead.pk


def test_a_lease_is_renewed_while_the_work_goes_on(owner, ledger, monkeypatch):
    until = []

    def slow(asked, run=asking._run):
        before = AnalysisJob.objects.get().lease_until
        monkeypatch.setattr(leases.connection, "close", lambda: None)  # the test's own connection, not a thread's
        leases.renew()
        until.append(AnalysisJob.objects.get().lease_until - before)
        return run(asked)

    monkeypatch.setattr(asking, "_run", slow)
    assert ask(owner, "histogram", ledger, column="総売上").status_code == 200
    assert until[0].total_seconds() > 0
    assert not leases._held


def test_a_crash_is_logged_and_asked_again(owner, ledger, monkeypatch):
    def crash(asked):
        raise RuntimeError("boom")

    owner.client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr(asking, "_run", crash)
        refused(ask(owner, "histogram", ledger, column="総売上"), 500, "server_error")
    assert AnalysisJob.objects.get().status == "failed"
    assert ask(owner, "histogram", ledger, column="総売上").status_code == 200
    assert AnalysisJob.objects.get().status == "succeeded"


@pytest.mark.django_db(transaction=True)
def test_many_identical_questions_at_once_compute_once(monkeypatch):
    if connection.vendor == "sqlite" and "mode=memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("one shared in-memory connection has no concurrency; runs on PostgreSQL")
    from tests.cast import register

    owner = register("owner")
    dataset = Dataset.objects.get(pk=owner.upload(LEDGER, "ledger.csv"))
    runs, bodies, start = [], [], threading.Barrier(12)
    run = asking._run
    monkeypatch.setattr(asking, "_run", lambda asked: runs.append(1) or run(asked))

    def one():
        start.wait()
        asked = asking.question(dataset=dataset, kind="histogram", data={"column": "総売上"})
        bodies.append(bytes(asking.answer(asked=asked, user=None)[0].body))
        connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs) == 1
    assert len(bodies) == 12
    assert len(set(bodies)) == 1
    assert json.loads(bodies[0])["counts"]
