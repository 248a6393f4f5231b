"""A folder in, datasets out: what becomes of each kind of file, and counters that add up."""

import hashlib
import io
import os
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings as configured
from django.db import transaction

from datasets.models import Dataset
from ingestion import copying, walking
from ingestion.models import FileUpload, SyncSession
from jobs.models import Job
from jobs.running import Outcome, run
from tests.cast import refused

pytestmark = pytest.mark.django_db


def stored():
    return sorted(
        path for folder in ("datasets", "projects") for path in (Path(configured.MEDIA_ROOT) / folder).rglob("*")
        if path.is_file()
    )  # fmt: skip


def adds_up(session):
    done = session["files_uploaded"] + session["files_failed"] + session["files_skipped"]
    assert done == session["total_files"]
    return session


def workbook(**sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_a_folder_becomes_datasets_of_the_company(place, colleague, outsider):
    place.write("2024/jan.csv", "shop,amount\n東京,10\n大阪,20\n")
    place.write("2024/feb.csv", "shop,amount\n東京,30\n")
    place.write("readme.md", "# hello")
    session = adds_up(place.ingest())
    assert (session["status"], session["progress"], session["files_uploaded"]) == ("completed", 100, 3)
    files = place.files(session)
    assert list(files) == ["2024/feb.csv", "2024/jan.csv", "readme.md"]
    jan = files["2024/jan.csv"]
    content = (place.folder / "2024/jan.csv").read_bytes()
    assert (jan["checksum"], jan["file_size"]) == (hashlib.sha256(content).hexdigest(), len(content))
    assert (Path(configured.MEDIA_ROOT) / jan["s3_key"]).read_bytes() == content
    assert (files["readme.md"]["dataset_id"], files["readme.md"]["dataset_ids"]) == (None, [])
    assert session["total_size_bytes"] == sum(file["file_size"] for file in files.values())
    for person in (place.person, colleague):
        dataset = person.get(f"datasets/{jan['dataset_id']}").json()
        assert (dataset["name"], dataset["project_id"], dataset["shared_with"]) == (
            "2024/jan",
            place.project,
            "company",
        )
        assert person.get(f"datasets/{jan['dataset_id']}/rows").json()["items"][0] == {"shop": "東京", "amount": 10}
    assert len(colleague.get("datasets").json()) == 2
    refused(outsider.get(f"datasets/{jan['dataset_id']}"), 403, "access_denied")
    assert outsider.get("datasets").json() == []
    assert place.job.result | {"session_id": session["id"]} == place.job.result
    assert place.job.result["datasets"] == 2


def test_each_sheet_with_rows_is_a_dataset(place):
    place.write("book.xlsx", workbook(East=[["a"], [1], [2]], Notes=[["only a heading"]], West=[["b"], ["x"]]))
    place.write("one.xlsx", workbook(Only=[["a"], [1]]))
    session = place.ingest()
    assert session["status"] == "completed", place.files(session)
    book = place.files(session)["book.xlsx"]
    names = [place.person.get(f"datasets/{pk}").json()["name"] for pk in book["dataset_ids"]]
    assert names == ["book – East", "book – West"]
    assert book["dataset_id"] == book["dataset_ids"][0]
    assert Dataset.objects.get(name="one").rows == 1
    # Each has bytes of its own: deleting one leaves the other readable.
    Dataset.objects.get(pk=book["dataset_ids"][0]).delete()
    assert place.person.get(f"datasets/{book['dataset_ids'][1]}/rows").json()["items"] == [{"b": "x"}]


def test_of_equal_files_the_first_by_path_is_the_original(place):
    for path in ("b/same.csv", "a/same.csv", "c.csv"):
        place.write(path, "x\n1\n")
    session = adds_up(place.ingest(max_workers=8))
    files = place.files(session)
    assert [(path, file["status"], file["is_duplicate"]) for path, file in files.items()] == [
        ("a/same.csv", "completed", False), ("b/same.csv", "skipped", True), ("c.csv", "skipped", True),
    ]  # fmt: skip
    assert Dataset.objects.count() == 1
    assert len(stored()) == 3  # the copy, the dataset's original, its table


def test_another_session_of_the_project_skips_what_is_there_unless_its_dataset_was_deleted(place):
    place.write("a.csv", "x\n1\n")
    first = place.files(place.ingest())["a.csv"]
    assert place.files(place.ingest())["a.csv"]["is_duplicate"] is True
    assert place.person.delete(f"datasets/{first['dataset_id']}").status_code == 204
    again = place.files(place.ingest())["a.csv"]
    assert (again["status"], again["is_duplicate"]) == ("completed", False)
    assert place.person.get(f"datasets/{again['dataset_id']}").json()["status"] == "ready"


def test_the_same_bytes_in_another_project_are_no_duplicate(place, owner):
    place.write("a.csv")
    place.ingest()
    place.project = owner.post("projects", {"project_name": "Other"}).json()["id"]
    assert place.files(place.ingest())["a.csv"]["status"] == "completed"


def test_one_unreadable_file_makes_it_incomplete_and_only_those_failed(place):
    place.write("good.csv", "x\n1\n")
    place.write("broken.xlsx", b"PK\x03\x04 this is no workbook")
    place.write("empty.csv", b"")
    place.write("notes.txt", b"hello")
    session = adds_up(place.ingest())
    assert (session["status"], session["files_uploaded"], session["files_failed"]) == ("incomplete", 2, 2)
    files = place.files(session)
    assert (files["broken.xlsx"]["status"], files["empty.csv"]["status"]) == ("failed", "failed")
    assert files["broken.xlsx"]["error_message"]
    assert files["notes.txt"]["status"] == "completed"
    assert place.job.status == "succeeded"


def test_only_unreadable_files_make_it_failed(place):
    place.write("broken.parquet", b"nothing")
    assert adds_up(place.ingest())["status"] == "failed"


def test_an_empty_folder_is_completed_with_nothing(place):
    assert adds_up(place.ingest())["status"] == "completed"


def test_links_pipes_and_what_may_not_be_read_are_listed_and_skipped(place, tmp_path):
    (tmp_path / "secret.csv").write_text("password\nx\n")
    place.write("real.csv", "x\n1\n")
    (place.folder / "out.csv").symlink_to(tmp_path / "secret.csv")
    (place.folder / "inside.csv").symlink_to(place.folder / "real.csv")
    (place.folder / "outside").symlink_to(tmp_path, target_is_directory=True)
    (place.folder / "loop").symlink_to(place.folder, target_is_directory=True)
    (place.folder / "dangling.csv").symlink_to(place.folder / "nothing")
    os.mkfifo(place.folder / "pipe.csv")
    session = adds_up(place.ingest())
    assert session["status"] == "completed"
    reasons = {path: file["error_reason"] for path, file in place.files(session).items() if file["error_reason"]}
    assert reasons == {
        "out.csv": "link_outside", "outside": "link_outside", "loop": "link_to_folder", "pipe.csv": "not_a_file",
        "dangling.csv": "file_vanished",
    }  # fmt: skip
    assert place.files(session)["real.csv"]["is_duplicate"] is True
    assert not any(b"password" in path.read_bytes() for path in stored())


def test_a_file_swapped_for_a_link_after_the_listing_is_not_followed(place, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("password\nx\n")
    (place.folder / "a.csv").symlink_to(secret)
    with pytest.raises(walking.LinkOutside):
        walking.open_inside(place.folder, b"a.csv", place.folder)


def test_a_file_that_is_gone_when_its_turn_comes_is_skipped(place, monkeypatch):
    place.write("a.csv", "x\n1\n")
    place.write("gone.csv", "x\n2\n")
    opened = walking.open_inside

    def vanishing(folder, raw, root):
        (place.folder / "gone.csv").unlink(missing_ok=True)
        return opened(folder, raw, root)

    monkeypatch.setattr(copying, "open_inside", vanishing)
    files = place.files(adds_up(place.ingest(max_workers=1)))
    assert files["gone.csv"]["error_reason"] == "file_vanished"


def test_names_that_are_no_utf8_are_shown_escaped_and_read(place):
    raw = os.fsencode(place.folder) + b"/caf\xe9.csv"
    Path(os.fsdecode(raw)).write_text("x\n1\n")
    place.write("caf\\xe9.csv", "x\n2\n")
    place.write("改行\n.csv", "x\n3\n")
    session = adds_up(place.ingest())
    assert sorted(place.files(session)) == ["caf\\xe9 (2).csv", "caf\\xe9.csv", "改行\\n.csv"]
    assert sorted(Dataset.objects.values_list("rows", flat=True)) == [1, 1, 1]


def test_a_copy_that_fails_is_tried_again_as_often_as_asked(place, monkeypatch):
    place.write("a.csv", "x\n1\n")
    tries = []
    real = copying._copy

    def unlucky(*args):
        tries.append(1)
        if len(tries) < 3:
            raise OSError(5, "Input/output error")
        return real(*args)

    monkeypatch.setattr(copying, "_copy", unlucky)
    assert place.ingest(times_to_retry=2)["status"] == "completed"
    assert len(tries) == 3
    tries.clear()
    place.write("a.csv", "x\n2\n")
    session = place.ingest(times_to_retry=1)
    assert place.files(session)["a.csv"]["error_reason"] == "copy_failed"
    assert len(tries) == 2


def test_a_full_disk_fails_the_session_and_says_so(place, monkeypatch):
    place.write("a.csv", "x\n1\n")

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copying, "_copy", full)
    assert place.ingest()["status"] == "failed"
    assert place.job.error["reason"] == "storage_full"


def test_an_interrupted_session_goes_on_where_it_was(place, monkeypatch):
    for n in range(6):
        place.write(f"f{n}.csv", f"x\n{n}\n")
    session = place.session(max_workers=1)
    job = Job.objects.get(pk=place.person.post("uploads/start", {"session_id": session}).json()["job_id"])
    real = copying._copy
    copies = []

    def dies_at_the_fourth(session, file, source, workplace):
        copies.append(file.file_path)
        if len(copies) == 4:
            raise RuntimeError("power cut")
        return real(session, file, source, workplace)

    monkeypatch.setattr(copying, "_copy", dies_at_the_fourth)
    run(job.pk, beat=False)
    done = set(FileUpload.objects.filter(status="completed").values_list("file_path", flat=True))
    assert Dataset.objects.count() == len(done) < 6
    SyncSession.objects.filter(pk=session).update(status="in_progress", completed_at=None)
    Job.objects.filter(pk=job.pk).update(status="queued", error=None, ended_at=None)
    copies[:] = ["x"] * 10
    assert run(job.pk, beat=False) is Outcome.ENDED
    assert not done & set(copies), "what was done was done again"
    assert place.person.get(f"sessions/{session}").json()["status"] == "completed"
    assert sorted(Dataset.objects.values_list("name", flat=True)) == [f"f{n}" for n in range(6)]


def test_a_folder_that_disappears_before_the_worker_comes_fails_the_session(place):
    place.write("a.csv")
    session = place.session()
    job = place.person.post("uploads/start", {"session_id": session}).json()["job_id"]
    (place.folder / "a.csv").unlink()
    place.folder.rmdir()
    run(job, beat=False)
    assert place.person.get(f"sessions/{session}").json()["status"] == "failed"
    assert place.person.get(f"uploads/status/{job}").json()["error"]["reason"] == "directory_not_found"


@pytest.mark.slow  # whether this file is too much for the bound depends on how much the machine reads ahead
def test_a_child_that_dies_over_one_file_fails_that_file_alone(place, settings):
    settings.PARSER_MEMORY_BYTES = 400_000_000
    for n in range(5):
        place.write(f"f{n}.csv", f"x\n{n}\n")
    place.write("f2-bomb.csv", "x,y\n" + "123456789,abcdefgh\n" * 9_000_000)
    session = adds_up(place.ingest(max_workers=1))
    files = place.files(session)
    assert {path: file["status"] for path, file in files.items() if file["status"] != "completed"} == {
        "f2-bomb.csv": "failed"
    }
    assert files["f2-bomb.csv"]["error_reason"] in {"parse_memory", "parse_crashed", "parse_timeout"}


def test_what_a_session_kept_goes_with_its_project(place, django_capture_on_commit_callbacks):
    place.write("a.csv")
    place.write("b.bin")
    place.ingest()
    assert len(stored()) > 2
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        assert place.person.delete(f"projects/{place.project}").status_code == 204
    assert (Dataset.objects.count(), FileUpload.objects.count(), stored()) == (0, 0, [])
