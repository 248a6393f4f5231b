"""Projects, cycles and sessions over HTTP: who may, what is refused, what is listed, what dies with what."""

import pytest

from datasets.models import Dataset
from ingestion import checks
from ingestion.models import Cycle, Project, SyncSession
from jobs.models import Job
from jobs.running import run
from tests import cast
from tests.cast import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle(place):
    body = {"project_id": place.project, "cycle_name": "January", "cycle_number": 1}
    made = place.person.post("cycles", body)
    assert made.status_code == 201, made.content
    return made.json()["id"]


def paths(place, cycle):
    session = place.session(cycle_id=cycle)
    return [f"projects/{place.project}", f"cycles/{cycle}", f"sessions/{session}", f"sessions/{session}/files"]


def test_a_colleague_without_the_admin_role_works_on_all_of_it(place, cycle, colleague):
    for path in paths(place, cycle):
        assert colleague.get(path).status_code == 200
    assert colleague.patch(f"projects/{place.project}", {"description": "ours"}).json()["description"] == "ours"
    assert [found["id"] for found in colleague.get("projects").json()] == [place.project]
    started = colleague.post("uploads/start", {"session_id": SyncSession.objects.get().pk})
    assert started.status_code == 202
    assert place.person.get(f"uploads/status/{started.json()['job_id']}").json()["status"] == "queued"
    assert place.person.get(f"jobs/{started.json()['job_id']}").status_code == 200


def test_others_are_denied_everywhere_and_lists_are_empty(place, cycle, outsider):
    for path in paths(place, cycle):
        refused(outsider.get(path), 403, "access_denied")
        if not path.endswith("files"):
            refused(outsider.patch(path, {"description": "mine"}), 403, "access_denied")
            refused(outsider.delete(path), 403, "access_denied")
    session = SyncSession.objects.get().pk
    refused(outsider.post("uploads/start", {"session_id": session}), 403, "access_denied")
    refused(outsider.post("sessions", {"project_id": place.project}), 403, "access_denied")
    body = {"project_id": place.project, "cycle_name": "x", "cycle_number": 9}
    refused(outsider.post("cycles", body), 403, "access_denied")
    for kind in ("projects", "cycles", "sessions"):
        assert outsider.get(kind).json() == []
    refused(outsider.get(f"sessions?project_id={place.project}"), 403, "access_denied")
    refused(outsider.get(f"sessions/stats?project_id={place.project}"), 403, "access_denied")
    job = place.person.post("uploads/start", {"session_id": session}).json()["job_id"]
    refused(outsider.get(f"uploads/status/{job}"), 403, "access_denied")
    refused(outsider.post(f"jobs/{job}/cancel"), 403, "access_denied")
    assert Project.objects.get().description == ""


def test_names_and_numbers_are_unique_where_they_live(place, cycle, outsider):
    refused(place.person.post("projects", {"project_name": "Sales"}), 409, "name_exists")
    assert outsider.post("projects", {"project_name": "Sales"}).status_code == 201
    body = {"project_id": place.project, "cycle_name": "February", "cycle_number": 1}
    refused(place.person.post("cycles", body), 409, "name_exists")
    refused(place.person.post("cycles", body | {"cycle_name": "January", "cycle_number": 2}), 409, "name_exists")
    second = place.person.post("cycles", body | {"cycle_number": 2}).json()
    refused(place.person.patch(f"cycles/{second['id']}", {"cycle_number": 1}), 409, "name_exists")
    assert Cycle.objects.get(pk=second["id"]).cycle_number == 2


def test_a_put_changes_only_what_it_holds_and_never_whose_it_is(place, cycle, owner):
    other = owner.post("projects", {"project_name": "Other"}).json()["id"]
    body = {"cycle_name": "J", "project_id": other, "company_id": 999, "id": 5}
    changed = owner.client.put(f"/api/cycles/{cycle}/", body, format="json").json()
    assert (changed["cycle_name"], changed["cycle_number"], changed["project_id"]) == ("J", 1, place.project)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("projects", {}),
        ("projects", {"project_name": ""}),
        ("projects", {"project_name": ["a"]}),
        ("projects", {"project_name": "x" * 201}),
        ("cycles", {"cycle_name": "x", "cycle_number": 1}),
        ("cycles", {"project_id": 1, "cycle_name": "x", "cycle_number": 0}),
        ("cycles", {"project_id": 1, "cycle_name": "x", "cycle_number": 2**40}),
        ("cycles", {"project_id": 1, "cycle_name": "x", "cycle_number": 1, "status": "done"}),
        ("cycles", {"project_id": 1, "cycle_name": "x", "cycle_number": 1, "cycle_metadata": [1]}),
        ("sessions", {}),
        ("sessions", {"project_id": True, "max_workers": "many"}),
        ("sessions", {"project_id": 1, "max_workers": 0}),
        ("sessions", {"project_id": 1, "max_workers": 51}),
        ("sessions", {"project_id": 1, "times_to_retry": 11}),
        ("sessions", {"project_id": 2**70}),
        ("uploads/start", {}),
    ],
)
def test_bodies_that_make_no_sense(owner, path, body):
    refused(owner.post(path, body), 400, "validation_error")


def test_ids_that_are_not_there(place):
    for path, reason in (("projects/999", "project_not_found"), ("cycles/999", "cycle_not_found"),
                         ("sessions/999", "session_not_found"), ("uploads/status/999", "job_not_found")):  # fmt: skip
        refused(place.person.get(path), 404, reason)
    refused(place.person.post("sessions", {"project_id": 999}), 404, "project_not_found")
    refused(place.person.post("sessions", {"project_id": place.project, "cycle_id": 999}), 404, "cycle_not_found")
    refused(place.person.post("uploads/start", {"session_id": "999"}), 404, "session_not_found")
    refused(place.person.get("sessions?project_id=abc"), 400, "invalid_filter")
    refused(place.person.get("sessions?status=odd"), 400, "invalid_filter")


def test_the_cycle_of_another_project_is_refused(place, cycle, owner):
    other = owner.post("projects", {"project_name": "Other"}).json()["id"]
    body = {"project_id": other, "cycle_id": cycle}
    refused(owner.post("sessions", body), 400, "cycle_not_in_project")


def test_lists_filter_by_parent_and_status(place, cycle, owner):
    other = owner.post("projects", {"project_name": "Other"}).json()["id"]
    mine, bare = place.session(cycle_id=cycle), place.session(project_id=other)
    assert [s["id"] for s in owner.get("sessions").json()] == [bare, mine]
    assert [s["id"] for s in owner.get(f"sessions?project_id={other}").json()] == [bare]
    assert [s["id"] for s in owner.get(f"sessions?cycle_id={cycle}").json()] == [mine]
    assert owner.get("sessions?status=completed").json() == []
    assert [c["id"] for c in owner.get(f"cycles?project_id={place.project}&status=pending").json()] == [cycle]
    assert [p["id"] for p in owner.get("projects?q=oth").json()] == [other]


def test_the_session_resource_and_further_fields_of_documented_clients(place):
    body = {
        "project_id": str(place.project), "local_directory": str(place.folder), "s3_prefix": "in/", "max_workers": 2,
        "aws_profile": "default", "use_find": True, "status": "completed", "files_uploaded": 99,
    }  # fmt: skip
    made = place.person.post("sessions", body).json()
    expected = {
        "project_id": place.project, "cycle_id": None, "user_id": place.person.user["id"], "status": "pending",
        "max_workers": 2, "times_to_retry": 3, "total_files": 0, "files_uploaded": 0, "files_failed": 0,
        "files_skipped": 0, "total_size_bytes": 0, "progress": 0, "started_at": None, "completed_at": None,
        "metadata": {"aws_profile": "default", "use_find": True},
    }  # fmt: skip
    assert made | expected == made


# --- folders ---------------------------------------------------------------------------------------------------------


def test_folders_outside_of_the_companys_root_are_refused(place, root, tmp_path):
    foreign = root / "999"
    foreign.mkdir()
    (place.folder / "link").symlink_to(tmp_path)
    for directory in ("/etc", str(tmp_path), str(foreign), str(root), f"{place.folder}/../999", "relative",
                      f"{place.folder}/link", f"{place.folder}x", "/"):  # fmt: skip
        body = {"project_id": place.project, "local_directory": directory}
        refused(place.person.post("sessions", body), 400, "directory_not_allowed")
    assert SyncSession.objects.count() == 0


def test_without_roots_the_feature_says_that_it_is_off(place, settings):
    settings.INGEST_ROOTS = []
    body = {"project_id": place.project, "local_directory": "/tmp"}
    refused(place.person.post("sessions", body), 400, "ingest_roots_empty")
    assert place.person.post("sessions", {"project_id": place.project}).status_code == 201


def test_a_folder_that_is_missing_is_refused_at_the_start(place):
    session = place.session(local_directory=str(place.folder / "later"))
    refused(place.person.post("uploads/start", {"session_id": session}), 400, "directory_not_found")
    assert place.person.get(f"sessions/{session}").json()["status"] == "pending"
    (place.folder / "later").mkdir()
    assert place.person.post("uploads/start", {"session_id": session}).status_code == 202


def test_a_folder_that_became_a_link_outwards_is_refused_at_the_start(place, tmp_path):
    session = place.session(local_directory=str(place.folder / "later"))
    (place.folder / "later").symlink_to(tmp_path)
    refused(place.person.post("uploads/start", {"session_id": session}), 400, "directory_not_allowed")


def test_a_plain_root_warns_where_anybody_may_register(settings):
    settings.INGEST_ROOTS, settings.REGISTRATION = ["/srv/in", "/srv/{company_id}"], "open"
    assert [warning.id for warning in checks.plain_roots(None)] == ["ingestion.W001"]
    settings.REGISTRATION = "closed"
    assert checks.plain_roots(None) == []
    settings.INGEST_ROOTS, settings.REGISTRATION = ["/srv/{company_id}"], "open"
    assert checks.plain_roots(None) == []


# --- starting and ending ---------------------------------------------------------------------------------------------


def test_a_session_starts_once(place):
    place.write("a.csv")
    session = place.session()
    first = place.person.post("uploads/start", {"session_id": session})
    assert first.status_code == 202
    assert first["Location"] == f"/api/v1/jobs/{first.json()['job_id']}"
    assert set(first.json()) == {"job_id", "session_id", "status", "message"}
    assert first.json()["status"] == "queued"
    refused(place.person.post("uploads/start", {"session_id": session}), 400, "session_not_pending")
    assert Job.objects.count() == 1
    refused(place.person.patch(f"sessions/{session}", {"max_workers": 2}), 400, "session_not_pending")


def test_nothing_to_upload(place):
    session = place.session(local_directory=None)
    refused(place.person.post("uploads/start", {"session_id": session}), 400, "nothing_to_upload")


def test_what_runs_is_not_deleted_and_cancelling_frees_it(place, cycle):
    place.write("a.csv")
    session = place.session(cycle_id=cycle)
    job = place.person.post("uploads/start", {"session_id": session}).json()["job_id"]
    refused(place.person.delete(f"sessions/{session}"), 400, "session_active")
    refused(place.person.delete(f"projects/{place.project}"), 409, "project_in_use")
    refused(place.person.delete(f"cycles/{cycle}"), 409, "project_in_use")
    assert place.person.post(f"jobs/{job}/cancel").json()["status"] == "cancelled"
    assert place.person.get(f"sessions/{session}").json()["status"] == "cancelled"
    assert place.person.delete(f"sessions/{session}").status_code == 204
    assert place.person.delete(f"projects/{place.project}").status_code == 204


def test_a_cycle_takes_its_datasets_and_a_session_leaves_them(place, cycle, owner):
    place.write("a.csv", "x\n1\n")
    kept = place.ingest()
    place.write("b.csv", "x\n2\n")
    place.ingest(cycle_id=cycle)
    assert owner.delete(f"cycles/{cycle}").status_code == 204
    assert list(Dataset.objects.values_list("name", flat=True)) == ["a"]
    assert owner.delete(f"sessions/{kept['id']}").status_code == 204
    assert Dataset.objects.get().project_id == place.project
    assert SyncSession.objects.count() == 0


def test_when_a_user_goes_what_lies_in_projects_stays(place, owner):
    member = cast.register("member")
    from accounts.models import User

    user = User.objects.get(pk=member.user["id"])
    User.objects.filter(pk=user.pk).update(company_id=owner.user["company_id"])
    place.write("a.csv")
    session = member.post("sessions", {"project_id": place.project, "local_directory": str(place.folder)}).json()["id"]
    run(member.post("uploads/start", {"session_id": session}).json()["job_id"], beat=False)
    user.delete()
    assert owner.get(f"sessions/{session}").json()["user_id"] is None
    dataset = owner.get("datasets").json()[0]
    assert (dataset["owner_id"], dataset["project_id"]) == (None, place.project)
    assert Job.objects.get().owner_id is None


def test_stats_add_up(place, owner):
    place.write("a.csv", "x\n1\n")
    place.write("b.csv", "x\n1\n")
    place.write("c.txt", "hello")
    place.ingest()
    place.session()
    assert owner.get("sessions/stats").json() == {
        "total_sessions": 2, "active_sessions": 0, "completed_sessions": 1, "failed_sessions": 0,
        "total_files_uploaded": 2, "total_bytes_uploaded": 4 + 5,
    }  # fmt: skip
    other = owner.post("projects", {"project_name": "Other"}).json()["id"]
    assert owner.get(f"sessions/stats?project_id={other}").json()["total_sessions"] == 0
    assert cast.register("somebody").get("sessions/stats").json()["total_sessions"] == 0


def test_uploads_status_speaks_the_documented_names(place):
    place.write("a.csv")
    session = place.ingest()
    status = place.person.get(f"uploads/status/{place.job.pk}").json()
    assert set(status) == {
        "job_id", "status", "session_id", "progress", "created_at", "started_at", "ended_at", "result", "error",
    }  # fmt: skip
    assert (status["status"], status["progress"], status["session_id"]) == ("succeeded", 100, session["id"])
    assert place.person.get(f"jobs/{place.job.pk}").json()["session_id"] == session["id"]
