"""Making, reading, changing and deleting reports over HTTP."""

import pytest
from rest_framework.test import APIClient

from datasets.models import Dataset
from reports.models import Report
from tests.cast import refused
from tests.reports.conftest import CSV, analyze

pytestmark = pytest.mark.django_db


def test_a_report_is_made_in_the_request(owner, dataset):
    answer = analyze(owner, dataset, report_description="All of it", target_column="bought", max_plots=3)
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert body.keys() == {"report_id", "status", "message", "job_id"}
    assert body["status"] == "completed"
    assert answer["Location"].endswith(f"/api/v1/reports/{body['report_id']}")
    job = owner.get(f"jobs/{body['job_id']}").json()
    assert (job["status"], job["progress"], job["report_id"]) == ("succeeded", 100, body["report_id"])
    found = owner.get(f"reports/{body['report_id']}").json()
    assert found["title"] == "Sales"
    assert found["description"] == "All of it"
    assert (found["report_type"], found["analysis_mode"], found["status"]) == ("eda", "all", "completed")
    assert (found["progress"], found["problem_type"], found["dataset_id"]) == (100, "binary_classification", dataset)
    assert found["error"] is None
    assert 0 < found["data_quality_score"] <= 100
    assert owner.get("reports").json() == [found]


def test_results_hold_codes_and_no_names_of_the_dataset(owner, report):
    answer = owner.get(f"reports/{report}/results")
    results = answer.json()["results"]
    assert results["overview"]["rows"] == 200
    assert results["missing"]["columns"] == [{"name": "price", "cells": 20, "rate": 0.1}]
    assert b"sales.csv" not in answer.content
    again = owner.get(f"reports/{report}/results", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("wanted", ["html", "interactive"])
def test_download_is_one_page(owner, report, wanted):
    answer = owner.get(f"reports/{report}/download?format={wanted}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment")
    page = answer.content.decode()
    assert page.startswith("<!DOCTYPE html>")
    assert "恵比寿" in page
    assert 'src="' not in page
    assert wanted != "html" or "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")
    assert len(answer.content) < 3_000_000


def test_the_page_speaks_the_readers_language(owner, report):
    english = owner.get(f"reports/{report}/download").content.decode()
    japanese = owner.get(f"reports/{report}/download", headers={"Accept-Language": "ja"}).content.decode()
    assert '<html lang="en">' in english
    assert '<html lang="ja">' in japanese


def test_an_unknown_format_names_the_formats(owner, report):
    assert refused(owner.get(f"reports/{report}/download?format=pdf"), 400, "unknown_format")["details"]["formats"] == [
        "html",
        "interactive",
    ]


def test_changes_show_on_the_page(owner, report):
    changed = owner.patch(f"reports/{report}", {"title": "Tea & Co", "status": "failed", "max_plots": 1}).json()
    assert (changed["title"], changed["status"], changed["max_plots"]) == ("Tea & Co", "completed", 8)
    assert "<h1>Tea &amp; Co</h1>" in owner.get(f"reports/{report}/download").content.decode()
    refused(owner.patch(f"reports/{report}", {"title": ""}), 400, "validation_error")


def test_deleting_takes_everything_along(owner, report):
    owner.post(f"reports/{report}/share")
    assert owner.delete(f"reports/{report}").status_code == 204
    refused(owner.get(f"reports/{report}"), 404, "report_not_found")
    assert not Report.objects.exists()


def test_strangers_are_kept_out(owner, outsider, report):
    anybody = APIClient()
    for path in (f"reports/{report}", f"reports/{report}/results", f"reports/{report}/download"):
        refused(outsider.get(path), 403, "access_denied")
        refused(anybody.get(f"/api/v1/{path}"), 401, "not_authenticated")
        refused(anybody.get(f"/api/v1/{path}", headers={"Authorization": "Bearer x"}), 401, "invalid_token")
    refused(outsider.patch(f"reports/{report}", {"title": "Mine"}), 403, "access_denied")
    refused(outsider.delete(f"reports/{report}"), 403, "access_denied")
    assert outsider.get("reports").json() == []
    assert anybody.get("/api/v1/reports/public").json() == []


def test_a_public_report_needs_no_token(owner, outsider, report):
    owner.patch(f"reports/{report}", {"is_public": True})
    anybody = APIClient()
    listed = anybody.get("/api/v1/reports/public").json()
    assert [one["id"] for one in listed] == [report]
    for path in (f"reports/{report}", f"reports/{report}/results", f"reports/{report}/download"):
        assert anybody.get(f"/api/v1/{path}").status_code == 200
        assert anybody.get(f"/api/v1/{path}", headers={"Authorization": "Bearer stale"}).status_code == 200
        assert outsider.get(path).status_code == 200
    assert outsider.get(f"reports/{report}").json()["dataset_id"] is None
    refused(outsider.patch(f"reports/{report}", {"title": "Mine"}), 403, "access_denied")
    refused(anybody.delete(f"/api/v1/reports/{report}"), 401, "not_authenticated")


def test_somebody_elses_dataset_is_refused(outsider, dataset):
    refused(analyze(outsider, dataset), 403, "access_denied")
    refused(analyze(outsider, 999), 404, "dataset_not_found")


@pytest.mark.parametrize(
    "fields",
    [{"sample_size": 99}, {"max_plots": 51}, {"max_plots": -1}, {"analysis_mode": "pdf"}, {"report_title": "x" * 256}],
)
def test_wishes_out_of_bounds_are_refused(owner, dataset, fields):
    details = refused(analyze(owner, dataset, **fields), 400, "validation_error")["details"]
    assert details.keys() == fields.keys()


def test_a_missing_target_is_refused_before_anything_is_made(owner, dataset):
    details = refused(analyze(owner, dataset, target_column="Bought"), 400, "column_not_found")["details"]
    assert details["columns"] == CSV.split("\n")[0].split(",")
    assert not Report.objects.exists()


def test_a_dataset_that_is_still_read_answers_later(owner, dataset):
    Dataset.objects.filter(pk=dataset).update(status="processing")
    answer = analyze(owner, dataset)
    refused(answer, 409, "dataset_not_ready")
    assert int(answer["Retry-After"]) > 0


def test_an_unfinished_report_answers_later(owner, dataset):
    answer = owner.client.post(
        "/api/v1/reports/analyze", {"dataset_id": dataset}, format="json", headers={"Prefer": "respond-async"}
    )
    assert answer.status_code == 202
    body = answer.json()
    assert (body["status"], answer["Location"]) == ("processing", f"/api/v1/jobs/{body['job_id']}")
    assert owner.get(f"reports/{body['report_id']}").json()["status"] == "pending"
    for path in ("results", "download"):
        waiting = owner.get(f"reports/{body['report_id']}/{path}")
        refused(waiting, 409, "report_not_ready")
        assert int(waiting["Retry-After"]) > 0


def test_a_dataset_deleted_meanwhile_fails_the_report(owner, dataset):
    from jobs import running

    body = owner.client.post(
        "/api/v1/reports/analyze", {"dataset_id": dataset}, format="json", headers={"Prefer": "respond-async"}
    ).json()
    owner.delete(f"datasets/{dataset}")
    running.run(body["job_id"], beat=False)
    found = owner.get(f"reports/{body['report_id']}").json()
    assert (found["status"], found["dataset_id"], found["error"]["reason"]) == ("failed", None, "dataset_not_found")
    refused(owner.get(f"reports/{body['report_id']}/results"), 409, "report_failed")


def test_a_dataset_deleted_while_it_is_looked_at(owner, dataset, monkeypatch):
    from reports import making

    def gone(*args, **kwargs):
        Dataset.objects.filter(pk=dataset).delete()
        raise FileNotFoundError("the table")

    monkeypatch.setattr(making, "examine", gone)
    answer = analyze(owner, dataset)
    assert (answer.status_code, answer.json()["status"]) == (201, "failed")
    found = owner.get(f"reports/{answer.json()['report_id']}").json()
    assert (found["status"], found["error"]["reason"]) == ("failed", "dataset_not_found")


def test_a_report_outlives_its_dataset(owner, dataset, report):
    owner.delete(f"datasets/{dataset}")
    assert owner.get(f"reports/{report}").json()["dataset_id"] is None
    assert owner.get(f"reports/{report}/download").status_code == 200


def test_a_cancelled_report_can_be_tried_again(owner, dataset):
    from jobs import requesting, running
    from jobs.models import Job

    body = owner.client.post(
        "/api/v1/reports/analyze", {"dataset_id": dataset}, format="json", headers={"Prefer": "respond-async"}
    ).json()
    owner.post(f"jobs/{body['job_id']}/cancel")
    assert owner.get(f"reports/{body['report_id']}").json()["error"]["reason"] == "report_cancelled"
    requesting.retry(Job.objects.get(pk=body["job_id"]))
    running.run(body["job_id"], beat=False)
    assert owner.get(f"reports/{body['report_id']}").json()["status"] == "completed"


def test_a_second_report_builds_on_the_first(owner, dataset, monkeypatch):
    first, alone = (analyze(owner, dataset, target_column="bought").json()["report_id"] for _ in range(2))
    Report.objects.filter(pk=first).delete()
    monkeypatch.setattr("reports.eda.examining._looked_at", None)  # nothing is looked at again
    built = analyze(owner, dataset, target_column="kind").json()
    assert built["status"] == "completed"
    one, other = (owner.get(f"reports/{pk}/results").json()["results"] for pk in (alone, built["report_id"]))
    assert one["columns"] == other["columns"]
    assert (one["target"]["column"], other["target"]["column"]) == ("bought", "kind")


def test_changed_roles_are_looked_at_anew(owner, dataset, report):
    owner.patch(f"datasets/{dataset}", {"roles": {"measures": ["qty"]}})
    again = analyze(owner, dataset).json()["report_id"]
    found = owner.get(f"reports/{again}/results").json()["results"]
    assert {one["name"] for one in found["columns"] if one["role"] == "measure"} == {"qty"}
