"""``Prefer: respond-async``: 202 at once, the answer as the job's result."""

import pytest

from analysis.models import AnalysisJob
from jobs import running
from jobs.models import Job
from tests.analysis.test_asking import LEDGER, ask
from tests.cast import BASE, refused

QUESTION = {"target_column": "総売上", "store": "恵比寿"}


@pytest.fixture
def ledger(owner):
    return owner.upload(LEDGER, "ledger.csv")


def later(person, kind, dataset_id, **params):
    return person.client.post(
        f"{BASE}/analysis/{kind}", {"dataset_id": dataset_id} | params, format="json", HTTP_PREFER="respond-async"
    )


def test_the_jobs_result_is_the_answer(owner, ledger):
    promised = later(owner, "timeseries", ledger, **QUESTION)
    assert promised.status_code == 202
    assert promised["Preference-Applied"] == "respond-async"
    job_id = promised.json()["job_id"]
    assert promised["Location"] == f"/api/v1/jobs/{job_id}"
    assert owner.get(f"jobs/{job_id}").json()["status"] == "queued"
    assert not AnalysisJob.objects.exists()
    running.run(job_id, beat=False)
    job = owner.get(f"jobs/{job_id}").json()
    assert (job["status"], job["progress"]) == ("succeeded", 100)
    at_once = ask(owner, "timeseries", ledger, **QUESTION)
    assert job["result"] == at_once.json()
    assert at_once["X-Cache"] == "HIT"


def test_a_wrong_question_is_refused_before_anything_is_queued(owner, outsider, ledger):
    refused(later(owner, "histogram", ledger, column="nope"), 400, "column_not_found")
    refused(later(outsider, "histogram", ledger, column="総売上"), 403, "access_denied")
    assert not Job.objects.exists()


def test_a_dataset_deleted_meanwhile_fails_the_job_in_words(owner, ledger):
    job_id = later(owner, "histogram", ledger, column="総売上").json()["job_id"]
    owner.delete(f"datasets/{ledger}")
    running.run(job_id, beat=False)
    job = owner.get(f"jobs/{job_id}").json()
    assert job["status"] == "failed"
    assert job["error"]["reason"] == "dataset_not_found"
