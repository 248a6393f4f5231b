"""An answer as a picture and as a script, through the public door."""

import json
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from analysis.services import KINDS
from tests.analysis.test_asking import LEDGER, ask
from tests.cast import BASE, refused

QUESTIONS = {
    "timeseries": {"target_column": "総売上", "store": "恵比寿"},
    "pareto": {},
    "histogram": {"column": "総売上", "bins": 4},
    "summary": {},
    "profile": {},
    "correlation": {},
    "trend": {"date": "年月日", "value": "総売上", "freq": "M"},
    "cohort": {"user_column": "店舗名", "activity_date_column": "年月日"},
}


@pytest.fixture
def ledger(owner):
    return owner.upload(LEDGER.encode("cp932"), "台帳.csv")


def job_of(person, kind, dataset_id):
    answer = ask(person, kind, dataset_id, **QUESTIONS[kind])
    assert answer.status_code == 200, answer.content
    return answer.json()


def fetch(person, job, path):
    return person.client.get(f"{BASE}/analysis/jobs/{job['job_id']}/{path}")


def test_every_kind_is_asked_here():
    assert set(QUESTIONS) == set(KINDS)


@pytest.mark.parametrize("kind", QUESTIONS)
def test_the_chart_of_each_kind(owner, ledger, kind):
    job = job_of(owner, kind, ledger)
    chart = fetch(owner, job, "chart")
    assert chart["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert "default-src 'none'" in chart["Content-Security-Policy"]
    assert "台帳" in "".join(ElementTree.fromstring(chart.content).itertext())
    page = fetch(owner, job, "chart?format=html")
    assert page["Content-Type"].startswith("text/html")
    assert b"<script" not in page.content
    assert owner.client.get(
        f"{BASE}/analysis/jobs/{job['job_id']}/chart", HTTP_IF_NONE_MATCH=chart["ETag"]
    ).status_code == 304  # fmt: skip


@pytest.mark.parametrize("kind", QUESTIONS)
def test_the_script_of_each_kind_recomputes_the_answer_from_the_original(owner, ledger, kind, tmp_path):
    job = job_of(owner, kind, ledger)
    script = fetch(owner, job, "code")
    assert script["Content-Type"].startswith("text/x-python")
    (tmp_path / "script.py").write_bytes(script.content)
    (tmp_path / "original.csv").write_bytes(LEDGER.encode("cp932"))
    ran = subprocess.run(
        [sys.executable, "script.py", "original.csv"], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    assert_same(job, json.loads(ran.stdout))


def assert_same(ours, theirs, path=""):
    """The script gives no words for people: those of its fields that it has must be ours."""
    if isinstance(theirs, dict):
        for name, value in theirs.items():
            assert_same(ours[name], value, f"{path}.{name}")
    elif isinstance(theirs, list):
        assert len(ours) == len(theirs), path
        for at, value in enumerate(theirs):
            assert_same(ours[at], value, f"{path}[{at}]")
    elif isinstance(theirs, float) and not isinstance(ours, bool):
        assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-9), path
    else:
        assert ours == theirs, path


def test_refusals(owner, outsider, ledger):
    job = job_of(owner, "histogram", ledger)
    refused(fetch(owner, job, "chart?format=png"), 400, "unknown_format")
    refused(fetch(outsider, job, "chart"), 403, "access_denied")
    refused(fetch(outsider, job, "code"), 403, "access_denied")
    refused(owner.get("analysis/jobs/999999/chart"), 404, "job_not_found")
