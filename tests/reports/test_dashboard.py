"""What is mine at a glance, two things side by side, and the command."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.cast import PASSWORD, refused
from tests.reports.conftest import CSV

pytestmark = pytest.mark.django_db


def test_stats_are_mine_alone(owner, outsider, dataset, report):
    found = owner.get("reports/dashboard/stats").json()
    assert found.keys() == {"total_reports", "total_datasets", "recent_reports", "recent_datasets", "storage_used"}
    assert (found["total_reports"], found["total_datasets"]) == (1, 1)
    assert [one["id"] for one in found["recent_reports"]] == [report]
    assert [one["id"] for one in found["recent_datasets"]] == [dataset]
    assert found["storage_used"] > len(CSV.encode())
    theirs = outsider.get("reports/dashboard/stats").json()
    assert (theirs["total_reports"], theirs["total_datasets"], theirs["storage_used"]) == (0, 0, 0)


def test_a_page_for_people(owner, report):
    browser = Client()
    assert browser.get("/dashboard").status_code == 302
    browser.post("/login", {"username": owner.user["username"], "password": PASSWORD})
    page = browser.get("/dashboard")
    assert page.status_code == 200
    assert f"/api/v1/reports/{report}/download".encode() in page.content


def test_two_datasets_side_by_side(owner, dataset):
    other = owner.upload(CSV.replace("恵比寿", "目黒"), "later.csv")
    found = owner.post("reports/compare", {"dataset_ids": [dataset, other]}).json()
    assert (found["first"]["dataset_id"], found["second"]["dataset_id"]) == (dataset, other)
    assert "shop" in found["drifted"]
    assert "qty" not in found["drifted"]


def test_two_reports_side_by_side(owner, outsider, dataset, report):
    other = owner.post("reports/analyze", {"dataset_id": dataset, "sample_size": 100}).json()["report_id"]
    found = owner.post("reports/compare", {"report_ids": [report, other]}).json()
    assert found["overview"]["rows"] == [200, 100]
    refused(outsider.post("reports/compare", {"report_ids": [report, other]}), 403, "access_denied")
    refused(owner.post("reports/compare", {"report_ids": [report, 999]}), 404, "report_not_found")
    refused(owner.post("reports/compare", {}), 400, "two_needed")
    refused(owner.post("reports/compare", {"report_ids": [report]}), 400, "validation_error")


def test_the_command_needs_no_server(tmp_path):
    file = tmp_path / "sales.csv"
    file.write_text(CSV, encoding="utf-8")
    said = io.StringIO()
    call_command("report", str(file), target="bought", stdout=said)
    assert "200" in said.getvalue()
    assert (tmp_path / "sales.report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    call_command("report", str(file), format="json", output=tmp_path / "out.json", stdout=said)
    assert json.loads((tmp_path / "out.json").read_bytes())["overview"]["rows"] == 200
    for wrong in ({"target": "nobody"}, {"sample": 99}, {"plots": 51}):
        with pytest.raises(CommandError):
            call_command("report", str(file), stdout=said, **wrong)
    with pytest.raises(CommandError):
        call_command("report", str(tmp_path / "none.csv"), stdout=said)
