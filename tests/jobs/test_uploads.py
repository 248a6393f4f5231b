"""Large uploads: 202 at once, read by a job; what fails says so and frees its bytes."""

from pathlib import Path

import pytest
from django.conf import settings as configured

from datasets.models import Dataset
from jobs.models import Job
from jobs.running import Outcome, run
from tests.cast import refused

pytestmark = pytest.mark.django_db
CSV = "shop,amount\n" + "".join(f"s{n},{n}\n" for n in range(50))


@pytest.fixture(autouse=True)
def everything_is_large(settings):
    settings.SYNC_INGEST_MAX_BYTES = 100


def stored():
    return sorted(p for p in (Path(configured.MEDIA_ROOT) / "datasets").rglob("*") if p.is_file())


def work(body):
    job = Job.objects.get(pk=body["job_id"])
    assert run(job.pk, beat=False) is Outcome.ENDED
    job.refresh_from_db()
    return job


def test_it_is_announced_at_once_and_the_jobs_result_is_the_receipt(owner):
    response = owner.send(CSV, "large.csv", name="Large")
    body = response.json()
    assert response.status_code == 202
    assert response["Location"] == f"/api/v1/jobs/{body['job_id']}"
    assert (body["status"], body["rows"], body["columns"], body["preview"]) == ("processing", 0, [], [])
    job = work(body)
    assert job.status == "succeeded"
    receipt = owner.get(f"jobs/{job.pk}").json()["result"]
    assert set(receipt) == set(body) - {"job_id"}
    assert (receipt["id"], receipt["dataset_id"]) == (body["id"], body["dataset_id"])
    assert (receipt["status"], receipt["rows"], receipt["columns"]) == ("ready", 50, ["shop", "amount"])
    assert receipt["preview"][0] == {"shop": "s0", "amount": 0}
    assert owner.get(f"jobs/{job.pk}").json()["dataset_id"] == body["id"]
    assert owner.get(f"datasets/{body['id']}").json()["status"] == "ready"
    assert owner.get(f"datasets/{body['id']}/rows").json()["total"] == 50


def test_meanwhile_its_owner_sees_it_by_id_and_lists_and_answers_wait(owner, outsider):
    body = owner.send(CSV, "large.csv").json()
    assert owner.get(f"datasets/{body['id']}").json()["status"] == "processing"
    assert owner.get("datasets").json() == []
    waiting = owner.get(f"datasets/{body['id']}/rows")
    refused(waiting, 409, "dataset_not_ready")
    assert waiting["Retry-After"]
    refused(outsider.get(f"datasets/{body['id']}"), 403, "access_denied")


def test_small_files_are_answered_at_once_unless_the_background_is_preferred(owner):
    assert owner.send("a,b\n1,2\n").status_code == 200
    response = owner.client.post(
        "/api/v1/datasets", {"file": _file("a,b\n1,2\n")}, format="multipart", headers={"Prefer": "respond-async"}
    )
    assert (response.status_code, response["Preference-Applied"]) == (202, "respond-async")
    assert work(response.json()).result["rows"] == 1


def _file(text):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("small.csv", text.encode())


def test_an_unreadable_file_fails_in_words_and_its_bytes_go(owner, django_capture_on_commit_callbacks):
    body = owner.send(b"PK\x03\x04" + b"broken" * 100, "book.xlsx").json()
    assert len(stored()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        job = work(body)
    assert job.status == "failed"
    dataset = owner.get(f"datasets/{body['id']}").json()
    assert dataset["status"] == "failed"
    assert dataset["error"]["reason"] == job.error["reason"] != "server_error"
    assert dataset["error"]["message"]
    assert stored() == []


def test_cancelled_before_it_began_it_is_failed_and_freed(owner, django_capture_on_commit_callbacks):
    body = owner.send(CSV, "large.csv").json()
    with django_capture_on_commit_callbacks(execute=True):
        assert owner.post(f"jobs/{body['job_id']}/cancel").json()["status"] == "cancelled"
    assert owner.get(f"datasets/{body['id']}").json()["error"]["reason"] == "upload_cancelled"
    assert stored() == []


def test_deleted_before_it_was_read_nothing_stays(owner, django_capture_on_commit_callbacks):
    body = owner.send(CSV, "large.csv").json()
    with django_capture_on_commit_callbacks(execute=True):
        assert owner.delete(f"datasets/{body['id']}").status_code == 204
        assert work(body).error["reason"] == "dataset_not_found"
    assert (stored(), Dataset.objects.count()) == ([], 0)


def test_run_again_after_the_row_was_written_it_gives_the_same_receipt(owner):
    body = owner.send(CSV, "large.csv").json()
    first = work(body).result
    Job.objects.filter(pk=body["job_id"]).update(status="queued", result=None)  # its worker died before closing it
    assert work(body).result == first
    assert len(stored()) == 2


def test_a_taken_name_is_refused_at_once(owner):
    owner.send(CSV, "a.csv", name="Same")
    refused(owner.send(CSV, "b.csv", name="Same"), 409, "dataset_name_exists")
    assert len(stored()) == 1
