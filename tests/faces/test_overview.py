"""The debug overview, as JSON and as the admin's first page: the numbers are true, and for staff only."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import User, WorkSession
from analysis.models import AnalysisJob
from config import overview
from jobs.models import Job
from tests.faces import made
from tests.faces.people import page, staff, visitor

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/admin/debug/overview"
JSON = {"accept": "application/json"}


@pytest.fixture
def busy(settings):
    """Two datasets (one failed), three jobs (one failed, one running), 1500 bytes on disk; the staff's browser."""
    client = staff()
    owner = User.objects.get()
    WorkSession.objects.create(user=owner)
    good = made.dataset(owner, "good", file_size=1000)
    Job.objects.create(kind="ingest", owner=owner)
    lost = {"reason": "worker_lost", "message": "Lost %(times)s times.", "details": {"times": 3}}
    Job.objects.create(kind="ingest", owner=owner, status="failed", error=lost)
    made.dataset(owner, "bad", status="failed", error={"reason": "no_rows", "message": "Nothing <here>."})
    made.job(good)
    made.job(good, "histogram", status="failed", body=None, error={"reason": "column_not_numeric", "message": "Text."})
    made.job(good, "timeseries", status="running", body=None)
    folder = Path(settings.MEDIA_ROOT) / "datasets" / "20260101"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_bytes(b"x" * 1000)
    (folder / "a.table.parquet").write_bytes(b"x" * 500)
    return client


def test_json_counts(busy):
    body = busy.get(ADDRESS, headers=JSON).json()
    jobs = list(AnalysisJob.objects.values_list("pk", "kind"))
    assert {name: body[name] for name in ("users", "sessions", "datasets", "analysis_jobs")} == {
        "users": 1, "sessions": 1, "datasets": 2, "analysis_jobs": 3,
    }  # fmt: skip
    assert [(job["id"], job["type"]) for job in body["latest_jobs"]] == jobs
    assert body["latest_jobs"][0]["created_at"].startswith(f"{timezone.now():%Y-%m-%dT}")
    assert body["failed"] == {"datasets": 1, "analysis_jobs": 1, "background_jobs": 1}
    assert body["background_jobs"] == {"queued": 1, "running": 0, "succeeded": 0, "failed": 1, "cancelled": 0}
    assert body["queue_depth"] == 1
    assert body["everything"]["datasets.dataset"] == 2
    assert body["everything"]["analysis.categorylabel"] == 0
    assert "auth.group" not in body["everything"]
    assert body["running"] == {"datasets": 0, "analysis_jobs": 1}
    assert body["storage_used"] == 1500


def test_latest_jobs_are_ten_newest_first(db):
    client = staff()
    dataset = made.dataset(User.objects.get())
    made_jobs = [made.job(dataset, key=str(number)).pk for number in range(12)]
    assert [job["id"] for job in client.get(ADDRESS, headers=JSON).json()["latest_jobs"]] == made_jobs[:1:-1]


def test_people_without_staff_are_refused():
    assert visitor().get(ADDRESS).status_code == 401
    refusal = visitor("hana", role="admin").get(ADDRESS, headers=JSON)
    assert refusal.status_code == 403
    assert refusal.json()["error"]["reason"] == "access_denied"


def test_admin_index_shows_the_same(busy):
    html = page(busy, "/admin/")
    tiles = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", html))
    assert tiles == {
        "Users": "1", "Sessions": "1", "Datasets": "2", "Analyses": "3", "Storage used": "1.5\xa0KB", "Queue": "1",
        "Failures": "3",
    }  # fmt: skip
    assert "Nothing &lt;here&gt;." in html
    assert "column_not_numeric" in html
    assert "Lost 3 times." in html
    assert html.count("<rect") == 2 * overview.DAYS


def test_admin_index_hides_the_numbers_from_staff_without_permission(busy):
    html = page(visitor("clerk", is_staff=True), "/admin/")
    assert 'id="overview"' not in html
    assert "Nothing" not in html


def test_days_are_counted_in_order_and_old_things_left_out(db):
    staff()
    dataset = made.dataset(User.objects.get())
    ages = [0, 0, 3, overview.DAYS - 1, overview.DAYS, 400]
    for number, age in enumerate(ages):
        job = made.job(dataset, key=str(number))
        AnalysisJob.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(days=age))
    counted = overview.per_day(AnalysisJob.objects.all())
    expected = [0] * overview.DAYS
    expected[-1], expected[-4], expected[0] = 2, 1, 1
    assert [number for _, number in counted] == expected
    assert counted[-1][0] == f"{timezone.now():%m-%d}"


def test_storage_of_a_missing_folder_is_empty(settings, tmp_path, db):
    settings.MEDIA_ROOT = tmp_path / "nowhere"
    assert overview.storage_used() == 0
