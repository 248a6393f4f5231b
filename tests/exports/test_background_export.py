"""``Prefer: respond-async``: a worker writes the file, its owner fetches it for a day."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from exports import background
from jobs import running
from jobs.models import Job
from tests.analysis.test_asking import LEDGER, ask
from tests.cast import BASE, refused


@pytest.fixture
def ledger(owner):
    return owner.upload(LEDGER, "台帳.csv")


def later(person, path):
    return person.client.get(f"{BASE}/{path}", HTTP_PREFER="respond-async")


def written(person, path):
    """Asks, lets a worker write, and gives the job's result."""
    promised = later(person, path)
    assert promised.status_code == 202, promised.content
    job_id = promised.json()["job_id"]
    running.run(job_id, beat=False)
    job = person.get(f"jobs/{job_id}").json()
    assert job["status"] == "succeeded", job
    return job_id, job["result"]


def test_rows_are_written_as_they_would_have_been_sent(owner, outsider, ledger):
    query = f"datasets/{ledger}/export?format=csv&f=店舗名,eq,恵比寿&sort=-総売上&columns=総売上,年月日"
    at_once = b"".join(owner.get(query).streaming_content)
    job_id, result = written(owner, query)
    assert result["filename"] == "台帳.csv"
    assert result["file_size"] == len(at_once)
    assert result["download_url"].endswith(f"/api/v1/export/files/{job_id}")
    file = owner.get(f"export/files/{job_id}")
    assert b"".join(file.streaming_content) == at_once
    assert "attachment" in file["Content-Disposition"]
    refused(outsider.get(f"export/files/{job_id}"), 403, "access_denied")


def test_an_answer_as_a_workbook(owner, ledger):
    series = ask(owner, "timeseries", ledger, target_column="総売上").json()
    job_id, result = written(owner, f"export/{series['job_id']}?format=xlsx")
    assert result["filename"] == "台帳 timeseries.xlsx"
    assert b"".join(owner.get(f"export/files/{job_id}").streaming_content).startswith(b"PK")


def test_a_wrong_export_is_refused_before_anything_is_queued(owner, outsider, ledger):
    refused(later(owner, f"datasets/{ledger}/export?format=pdf"), 400, "unknown_format")
    refused(later(owner, f"datasets/{ledger}/export?columns=nope"), 400, "column_not_found")
    refused(later(outsider, f"datasets/{ledger}/export"), 403, "access_denied")
    assert not Job.objects.exists()


def test_files_go_after_a_day(owner, ledger):
    old, _ = written(owner, f"datasets/{ledger}/export")
    young, _ = written(owner, f"datasets/{ledger}/export?format=ndjson")
    key = Job.objects.get(pk=old).payload["key"]
    Job.objects.filter(pk=old).update(
        ended_at=Job.objects.get(pk=old).ended_at - background.KEPT - timedelta(minutes=1)
    )
    refused(owner.get(f"export/files/{old}"), 404, "export_not_found")
    background.free_old()
    assert not default_storage.exists(key)
    assert owner.get(f"export/files/{young}").status_code == 200


def test_other_jobs_have_no_file(owner, ledger):
    refused(owner.get("export/files/999999"), 404, "job_not_found")
    asked = owner.client.post(
        f"{BASE}/analysis/histogram", {"dataset_id": ledger, "column": "総売上"}, HTTP_PREFER="respond-async"
    )
    refused(owner.get(f"export/files/{asked.json()['job_id']}"), 404, "export_not_found")
