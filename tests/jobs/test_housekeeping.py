"""The worker's chores, and the admin's list."""

import os
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from datasets.workplace import Workplace, root
from jobs import presence, requesting, transport
from jobs.models import Job
from jobs.registry import CHORES
from jobs.running import run

pytestmark = pytest.mark.django_db


def request(kind="count", **payload):
    return requesting.request(kind=kind, owner=None, payload=payload)


def test_every_chore_can_be_done_on_an_empty_installation():
    assert {"old jobs", "deliveries", "dead workers", "abandoned uploads", "expired tokens"} <= set(CHORES)
    for chore in CHORES.values():
        chore.do()


def test_ended_jobs_are_kept_thirty_days_and_others_for_ever():
    young, old, waiting = request(), request(), request()
    for job in (young, old):
        run(job.pk, beat=False)
    long_ago = timezone.now() - timedelta(days=31)
    Job.objects.filter(pk=old.pk).update(ended_at=long_ago)
    Job.objects.filter(pk=waiting.pk).update(created_at=long_ago, queued_at=long_ago)
    CHORES["old jobs"].do()
    assert set(Job.objects.values_list("pk", flat=True)) == {young.pk, waiting.pk}


def test_deliveries_go_once_they_are_done_or_hopelessly_stuck():
    for _ in range(4):
        transport.send(request().pk)
    done, stuck, running, _waiting = DBTaskResult.objects.order_by("enqueued_at")
    now = timezone.now()
    DBTaskResult.objects.filter(pk=done.pk).update(status="SUCCESSFUL", finished_at=now - timedelta(hours=2))
    DBTaskResult.objects.filter(pk=stuck.pk).update(status="RUNNING", started_at=now - timedelta(days=8))
    DBTaskResult.objects.filter(pk=running.pk).update(status="RUNNING", started_at=now)
    CHORES["deliveries"].do()
    assert DBTaskResult.objects.count() == 2


def test_what_dead_processes_left_goes_and_what_is_in_use_stays():
    alive, dead = Workplace(), Workplace()
    dead_folder = dead.folder
    os.close(dead._lock)  # the kernel does this when a process is killed
    dead._lock = -1
    mine = presence.mine()
    (presence.folder() / "dead-worker").touch()
    CHORES["abandoned uploads"].do()
    CHORES["dead workers"].do()
    assert (alive.folder.exists(), dead_folder.exists()) == (True, False)
    assert [path.name for path in presence.folder().iterdir()] == [mine]
    alive.close()
    assert list(root().iterdir()) == []


def test_the_admin_lists_jobs_with_bars_and_cancels_and_retries_them(admin_user):
    client = Client()
    client.force_login(admin_user)
    waiting, failed = request(), request("refuse")
    run(failed.pk, beat=False)
    page = client.get("/admin/jobs/job/").content.decode()
    assert page.count('<progress max="100"') == 2
    assert "The file a.csv is refused." in page
    assert client.get(f"/admin/jobs/job/{failed.pk}/change/").status_code == 200
    for action, job, status in (("cancel", waiting, "cancelled"), ("retry", failed, "queued")):
        said = client.post("/admin/jobs/job/", {"action": action, "_selected_action": [job.pk]}, follow=True)
        assert said.status_code == 200
        job.refresh_from_db()
        assert job.status == status
    again = client.post("/admin/jobs/job/", {"action": "retry", "_selected_action": [failed.pk]}, follow=True)
    assert "be run again" in again.content.decode()


@pytest.fixture
def admin_user(db):
    return User.objects.create_superuser("operator", "operator@example.com", "x")
