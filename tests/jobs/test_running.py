"""Claim, run, close: each job once, whatever is delivered, cancelled, crashed or taken over."""

import errno
from datetime import timedelta

import pytest
from django.db import OperationalError, transaction
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from core.errors import AppError
from jobs import presence, progress, reaping, requesting, transport
from jobs.failure import describe, shown
from jobs.models import Job
from jobs.running import Outcome, claim, run
from tests.jobs.sample import handlers

pytestmark = pytest.mark.django_db


def request(kind, **payload):
    return requesting.request(kind=kind, owner=None, payload=payload)


def lines(path):
    return path.read_text().split("\n")[:-1] if path.exists() else []


def test_a_job_runs_and_keeps_its_result():
    job = request("count", to=4)
    assert run(job.pk, beat=False) is Outcome.ENDED
    job.refresh_from_db()
    assert (job.status, job.progress, job.counts, job.result) == ("succeeded", 100, {"done": 4}, {"counted": 4})
    assert job.created_at <= job.started_at <= job.ended_at
    assert (job.attempts, job.token, job.worker, job.lease_until) == (1, "", "", None)


def test_delivered_twice_it_runs_once(tmp_path):
    job = request("count", log=str(tmp_path / "log"))
    assert [run(job.pk, beat=False), run(job.pk, beat=False)] == [Outcome.ENDED, Outcome.SKIPPED]
    assert lines(tmp_path / "log")[1:] == ["0", "1", "2"]


def test_a_claimed_job_is_not_to_be_had():
    job = request("count")
    assert claim(job.pk).token
    assert claim(job.pk) is None
    assert run(job.pk, beat=False) is Outcome.SKIPPED


def test_a_job_that_is_gone_is_skipped():
    assert run(987654, beat=False) is Outcome.SKIPPED


def test_a_refusal_is_told_in_the_readers_language_and_a_crash_tells_nothing(monkeypatch):
    refused, crashed = request("refuse"), request("crash")
    for job in (refused, crashed):
        run(job.pk, beat=False)
        job.refresh_from_db()
    assert refused.error == {
        "reason": "sample_refused", "message": "The file %(name)s is refused.", "details": {"name": "a.csv"},
    }  # fmt: skip
    assert shown(refused.error)["message"] == "The file a.csv is refused."
    assert crashed.error["reason"] == "server_error"
    assert "secret" not in str(shown(crashed.error))
    assert "RuntimeError: secret internals" in crashed.traceback


def test_errors_are_kept_untranslated_whoever_caused_them():
    with translation.override("ja"):
        assert describe(requesting.JobEnded(id=3))["message"] == "The job %(id)s has ended already."
    assert describe(OSError(errno.ENOSPC, "full"))["reason"] == "storage_full"


def test_whoever_lost_the_claim_writes_nothing_more(monkeypatch):
    job = request("count")

    def taken_over(job, progress):
        progress(30, done=1)
        Job.objects.filter(pk=job.pk).update(token="another", worker="other")
        with progress.fenced():
            raise AssertionError("the fence let a lost claim through")

    monkeypatch.setattr(handlers, "count", taken_over)
    assert run(job.pk, beat=False) is Outcome.SKIPPED
    job.refresh_from_db()
    assert (job.status, job.token, job.result, job.ended_at) == ("running", "another", None, None)


def test_progress_never_goes_back(monkeypatch):
    job = request("count")
    seen = []

    def zigzag(job, progress):
        for percent in (10, 60, 20, 150, -5):
            progress(percent)
            seen.append(progress.percent)

    monkeypatch.setattr(handlers, "count", zigzag)
    run(job.pk, beat=False)
    assert seen == [10, 60, 60, 100, 100]


def test_cancelled_while_queued_it_never_runs(tmp_path):
    job = request("count", log=str(tmp_path / "log"))
    assert requesting.cancel(job).status == "cancelled"
    assert run(job.pk, beat=False) is Outcome.SKIPPED
    assert lines(tmp_path / "log") == ["ended cancelled"]
    assert requesting.cancel(job).status == "cancelled"  # a second time changes nothing


def test_cancelled_while_running_it_ends_at_its_next_word(tmp_path, monkeypatch):
    job = request("count", log=str(tmp_path / "log"))

    def works(job, progress):
        assert requesting.cancel(Job.objects.get(pk=job.pk)).status == "running"
        progress.beat()
        progress(50)
        raise AssertionError("it went on")

    monkeypatch.setattr(handlers, "count", works)
    run(job.pk, beat=False)
    job.refresh_from_db()
    assert (job.status, job.error) == ("cancelled", None)
    assert lines(tmp_path / "log") == ["ended cancelled"]


def test_an_ended_job_is_not_cancelled():
    job = request("count")
    run(job.pk, beat=False)
    with pytest.raises(requesting.JobEnded):
        requesting.cancel(job)


def test_a_stopping_process_gives_its_job_back_without_a_loss():
    job = request("count")
    progress.shutdown.set()
    assert run(job.pk, beat=False) is Outcome.RELEASED
    job.refresh_from_db()
    assert (job.status, job.losses, job.token) == ("queued", 0, "")
    progress.shutdown.clear()
    assert run(job.pk, beat=False) is Outcome.ENDED


def test_a_database_that_went_away_gives_it_back_three_times_at_most(monkeypatch):
    job = request("count")

    def unlucky(job, progress):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(handlers, "count", unlucky)
    monkeypatch.setattr("jobs.running.connection.close", lambda: None)  # it is the test's own transaction
    assert [run(job.pk, beat=False) for _ in range(4)] == [
        Outcome.RELEASED, Outcome.RELEASED, Outcome.ENDED, Outcome.SKIPPED,
    ]  # fmt: skip
    job.refresh_from_db()
    assert (job.status, job.error["reason"]) == ("failed", "worker_lost")


def test_an_unknown_kind_fails_in_words():
    job = Job.objects.create(kind="removed")
    run(job.pk, beat=False)
    job.refresh_from_db()
    assert job.error["reason"] == "job_kind_unknown"
    with pytest.raises(LookupError):
        request("removed")


def test_a_failing_clean_up_does_not_keep_a_job_alive(monkeypatch):
    job = request("refuse")

    def broken(job):
        raise AppError

    monkeypatch.setattr(handlers, "ended", broken)
    run(job.pk, beat=False)
    job.refresh_from_db()
    assert job.status == "failed"


def expire(job, **changes):
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1), **changes)


def test_an_expired_lease_is_taken_back_and_the_job_is_on_the_queue_again():
    job = request("count")
    claim(job.pk)
    assert reaping.take_back() == 0
    expire(job, worker="another-machine")
    assert reaping.take_back() == 1
    job.refresh_from_db()
    assert (job.status, job.losses) == ("queued", 1)
    assert transport.held() == {job.pk}


def test_the_dead_are_known_at_once_and_the_living_are_left_alone():
    job = request("count")
    claim(job.pk)
    assert presence.dead([presence.mine(), "elsewhere", "", "../../etc/passwd"]) == set()
    name = presence.mine()
    presence._mine.pop(next(iter(presence._mine)))[1].close()  # the kernel does this when a process is killed
    assert presence.dead([name]) == {name}
    assert reaping.take_back() == 1
    job.refresh_from_db()
    assert job.status == "queued"


def test_without_progress_three_losses_end_it_and_with_progress_none(tmp_path):
    stuck, moving = request("count", log=str(tmp_path / "log")), request("count", to=9)
    for _ in range(3):
        for job in (stuck, moving):
            assert claim(job.pk)
            if job is moving:
                held = Job.objects.get(pk=job.pk)
                going = progress.Progress(held)
                going._written = 0  # long ago
                going(held.progress + 10, done=held.counts.get("done", 0) + 1)
            expire(job, worker="")
        reaping.take_back()
    stuck.refresh_from_db()
    moving.refresh_from_db()
    assert (stuck.status, stuck.error["reason"]) == ("failed", "worker_lost")
    assert lines(tmp_path / "log") == ["ended failed"]
    assert (moving.status, moving.losses, moving.progress, moving.attempts) == ("queued", 1, 30, 3)


def test_a_lost_job_that_was_cancelled_ends_cancelled():
    job = request("count")
    claim(job.pk)
    requesting.cancel(job)
    expire(job, worker="")
    reaping.take_back()
    job.refresh_from_db()
    assert job.status == "cancelled"


def test_what_the_queue_forgot_is_sent_again_once():
    job = request("count")
    assert transport.held() == set()  # this test's transaction never commits, so nothing was sent
    reaping.send_forgotten()
    assert transport.held() == set()  # it is too young to be forgotten
    Job.objects.filter(pk=job.pk).update(queued_at=timezone.now() - timedelta(minutes=1))
    reaping.send_forgotten()
    reaping.send_forgotten()
    assert transport.held() == {job.pk}
    assert DBTaskResult.objects.count() == 1


def test_it_is_queued_when_the_callers_transaction_commits(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        job = request("endless")
        assert transport.held() == set()
    assert transport.held() == {job.pk}
    assert DBTaskResult.objects.get().queue_name == "long"
    assert DBTaskResult.objects.get().args_kwargs == {"args": [job.pk], "kwargs": {}}


def test_a_retry_runs_again_what_failed_and_knows_how(tmp_path, monkeypatch):
    job = request("refuse", log=str(tmp_path / "log"))
    run(job.pk, beat=False)
    requesting.retry(job)
    job.refresh_from_db()
    assert (job.status, job.error, job.ended_at) == ("queued", None, None)
    assert lines(tmp_path / "log") == ["ended failed", "again"]
    monkeypatch.setattr(handlers, "refuse", lambda job, progress: "fine")
    run(job.pk, beat=False)
    job.refresh_from_db()
    assert (job.status, job.result) == ("succeeded", "fine")
    with pytest.raises(requesting.JobNotRetryable):
        requesting.retry(job)
    once = request("once")
    requesting.cancel(once)
    with pytest.raises(requesting.JobNotRetryable):
        requesting.retry(once)
