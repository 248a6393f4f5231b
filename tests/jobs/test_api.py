"""Jobs over HTTP: who sees which, the 202 that announces one, cancel, and the event stream."""

import pytest
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from accounts.models import User
from jobs import closing, events, http, requesting
from jobs.models import Job
from jobs.running import claim, run
from tests import cast
from tests.cast import refused

pytestmark = pytest.mark.django_db

FIELDS = {
    "id", "job_id", "kind", "status", "progress", "message", "counts", "result", "error", "created_at", "started_at",
    "ended_at",
}  # fmt: skip


def job_of(person, kind="count", company=False, links=None, **payload):
    user = User.objects.get(pk=person.user["id"])
    return requesting.request(
        kind=kind, owner=user, company=user.company if company else None, links=links, payload=payload
    )


def test_the_resource_and_its_links(owner):
    job = job_of(owner, links={"dataset_id": 7})
    run(job.pk, beat=False)
    body = owner.get(f"jobs/{job.pk}").json()
    assert set(body) == FIELDS | {"dataset_id"}
    assert (body["id"], body["job_id"], body["dataset_id"], body["status"]) == (job.pk, job.pk, 7, "succeeded")
    assert body["result"] == {"counted": 3}
    assert body["error"] is None


def test_a_failure_is_shown_in_the_readers_language_without_its_inside(owner):
    refusal, crash = job_of(owner, "refuse"), job_of(owner, "crash")
    for job in (refusal, crash):
        run(job.pk, beat=False)
    assert owner.get(f"jobs/{refusal.pk}").json()["error"] == {
        "reason": "sample_refused", "message": "The file a.csv is refused.", "details": {"name": "a.csv"},
    }  # fmt: skip
    assert "secret" not in owner.get(f"jobs/{crash.pk}").content.decode()


def test_a_private_job_is_its_owners_alone(owner, outsider):
    job = job_of(owner)
    for path, method in (
        ("", "get"),
        ("/cancel", "post"),
        ("/events", "get"),
    ):
        refused(getattr(outsider, method)(f"jobs/{job.pk}{path}"), 403, "access_denied")
    assert outsider.get("jobs").json() == []
    assert [found["id"] for found in owner.get("jobs").json()] == [job.pk]
    job.refresh_from_db()
    assert job.status == "queued"


def test_a_companys_job_may_be_followed_by_its_members_and_nobody_else(owner, outsider):
    colleague = cast.register("colleague")
    User.objects.filter(pk=colleague.user["id"]).update(company_id=owner.user["company_id"], role="user")
    job = job_of(owner, company=True)
    assert colleague.get(f"jobs/{job.pk}").json()["id"] == job.pk
    assert colleague.get("jobs").json() == []  # the list is what I asked for myself
    assert colleague.post(f"jobs/{job.pk}/cancel").json()["status"] == "cancelled"
    refused(outsider.get(f"jobs/{job.pk}"), 403, "access_denied")


def test_a_job_that_is_not_there(owner):
    refused(owner.get("jobs/999999"), 404, "job_not_found")
    refused(owner.get("jobs/x"), 404, "route_not_found")
    assert owner.client.get("/api/jobs/999999/").status_code == 404


def test_the_list_is_filtered_and_paged(owner):
    jobs = [job_of(owner, kind) for kind in ("count", "refuse", "count")]
    run(jobs[0].pk, beat=False)
    assert [found["id"] for found in owner.get("jobs").json()] == [job.pk for job in reversed(jobs)]
    assert [found["id"] for found in owner.get("jobs?status=succeeded").json()] == [jobs[0].pk]
    assert [found["id"] for found in owner.get("jobs?kind=refuse").json()] == [jobs[1].pk]
    page = owner.get("jobs?limit=2")
    assert (len(page.json()), page["X-Total-Count"]) == (2, "3")
    refused(owner.get("jobs?status=done"), 400, "invalid_filter")


def test_cancel(owner):
    job = job_of(owner)
    assert owner.post(f"jobs/{job.pk}/cancel").json()["status"] == "cancelled"
    assert owner.post(f"jobs/{job.pk}/cancel").status_code == 200
    done = job_of(owner)
    run(done.pk, beat=False)
    refused(owner.post(f"jobs/{done.pk}/cancel"), 409, "job_ended")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", False),
        ("respond-async", True),
        ("Respond-Async", True),
        ("return=minimal, respond-async; wait=10", True),
        ('handling=lenient;a="x,y" , respond-async', True),
        ("wait=10", False),
        ('foo="respond-async"', False),
        ("not-respond-async", False),
    ],
)
def test_prefer(header, expected):
    request = Request(APIRequestFactory().post("/", HTTP_PREFER=header))
    assert http.wants_async(request) is expected


def test_accepted_says_where_to_look(owner):
    job = job_of(owner)
    request = Request(APIRequestFactory().post("/", HTTP_PREFER="respond-async"))
    response = http.accepted(job, request, dataset_id=7, status="processing")
    assert response.status_code == 202
    assert response.data == {"job_id": job.pk, "status": "processing", "dataset_id": 7}
    assert response["Location"] == f"/api/v1/jobs/{job.pk}"
    assert response["Preference-Applied"] == "respond-async"
    assert owner.client.get(response["Location"]).json()["id"] == job.pk


# --- events ----------------------------------------------------------------------------------------------------------


def blocks(response):
    return [block for block in b"".join(response.streaming_content).decode().split("\n\n") if block]


def test_events_of_an_ended_job_close_and_tell_a_returning_reader_to_stop(owner):
    job = job_of(owner)
    run(job.pk, beat=False)
    response = owner.get(f"jobs/{job.pk}/events", HTTP_ACCEPT="text/event-stream")
    assert (response["Content-Type"], response["Cache-Control"]) == ("text/event-stream", "no-store")
    retry, event = blocks(response)
    assert retry == "retry: 1000"
    number, name, data = event.split("\n")
    assert name == "event: end"
    assert '"status":"succeeded"' in data
    again = owner.client.get(f"/api/v1/jobs/{job.pk}/events", headers={"Last-Event-ID": number.removeprefix("id: ")})
    assert again.status_code == 204
    assert events.places.taken == 0


def test_a_reader_that_comes_back_gets_only_what_is_new(owner, monkeypatch):
    monkeypatch.setattr(events, "LONGEST", 0.2)
    monkeypatch.setattr(events, "POLL", 0.02)
    job = job_of(owner)
    first = blocks(owner.get(f"jobs/{job.pk}/events"))
    assert [line.split("\n")[1] for line in first[1:]] == ["event: progress"]
    seen = first[1].split("\n")[0].removeprefix("id: ")
    quiet = owner.client.get(f"/api/v1/jobs/{job.pk}/events", headers={"Last-Event-ID": seen})
    assert blocks(quiet) == ["retry: 1000"]
    claim(job.pk)
    later = owner.client.get(f"/api/v1/jobs/{job.pk}/events", headers={"Last-Event-ID": seen})
    assert '"status":"running"' in blocks(later)[1]


def test_changes_arrive_while_the_stream_is_open(owner, monkeypatch):
    monkeypatch.setattr(events, "POLL", 0.01)
    job = job_of(owner)
    stream = owner.get(f"jobs/{job.pk}/events").streaming_content
    assert next(stream).startswith(b"retry")
    assert b'"status":"queued"' in next(stream)
    claim(job.pk)
    assert b'"status":"running"' in next(stream)
    closing.close(Job.objects.filter(pk=job.pk), Job.Status.CANCELLED)
    assert b"event: end" in next(stream)
    assert list(stream) == []


def test_streams_end_when_the_server_stops(owner):
    job = job_of(owner)
    stream = owner.get(f"jobs/{job.pk}/events").streaming_content
    next(stream)
    events.stopping.set()
    try:
        assert list(stream) == []
    finally:
        events.stopping.clear()


@pytest.mark.django_db(transaction=True)  # a stream that ends lets go of its connection, which no transaction survives
def test_a_quarter_of_the_threads_at_most_and_places_are_given_back(owner, settings):
    settings.EVENT_STREAMS = 2
    job = job_of(owner)
    open_ones = [owner.get(f"jobs/{job.pk}/events") for _ in range(2)]
    full = owner.get(f"jobs/{job.pk}/events")
    refused(full, 503, "too_many_streams")
    assert full["Retry-After"] == "5"
    open_ones[0].close()  # its reader went away before the first byte
    response = owner.get(f"jobs/{job.pk}/events")
    assert response.status_code == 200
    response.close()
    open_ones[1].close()
    assert events.places.taken == 0
