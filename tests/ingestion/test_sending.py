"""Clients whose data is not on the server: multipart files and zips, safe whatever they hold."""

import io
import stat
import zipfile
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile

from datasets.models import Dataset
from ingestion.models import FileUpload
from jobs.running import run
from tests.cast import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(place):
    return place.session(local_directory=None)


def send(person, session, *files):
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return person.client.post(f"/api/v1/sessions/{session}/files", {"files": sent}, format="multipart")


def zipped(*members, compress=zipfile.ZIP_DEFLATED):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compress) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return data.getvalue()


def left():
    root = Path(configured.MEDIA_ROOT)
    return [path for path in root.rglob("*") if path.is_file() and "workers" not in path.parts]


def work(place, session):
    started = place.person.post("uploads/start", {"session_id": session})
    assert started.status_code == 202, started.content
    run(started.json()["job_id"], beat=False)
    return place.person.get(f"sessions/{session}").json()


def test_files_are_sent_listed_and_read_at_the_start(place, session):
    answer = send(place.person, session, ("b.csv", b"x\n1\n"), ("a.txt", b"hello"))
    assert answer.status_code == 201, answer.content
    assert [file["file_path"] for file in answer.json()] == ["a.txt", "b.csv"]
    assert place.person.get(f"sessions/{session}").json()["total_files"] == 2
    done = work(place, session)
    assert (done["status"], done["files_uploaded"], done["total_files"]) == ("completed", 2, 2)
    assert Dataset.objects.get().rows == 1
    refused(send(place.person, session, ("c.csv", b"x\n")), 400, "session_not_pending")


def test_a_zip_is_unpacked_with_its_folders_and_japanese_names(place, session):
    data = zipped(("2024/売上.csv", "x\n1\n"), ("__MACOSX/._x", "junk"), ("empty/", ""), ("readme.txt", "hi"))
    answer = send(place.person, session, ("data.zip", data))
    assert [file["file_path"] for file in answer.json()] == ["2024/売上.csv", "readme.txt"]
    assert work(place, session)["status"] == "completed"
    assert Dataset.objects.get().name == "2024/売上"


def test_a_zip_from_a_japanese_windows(place, session):
    data = zipped(("XXXX.csv", "x\n1\n")).replace(b"XXXX.csv", "売上.csv".encode("cp932"))
    assert [file["file_path"] for file in send(place.person, session, ("d.zip", data)).json()] == ["売上.csv"]


@pytest.mark.parametrize("name", ["../evil.csv", "/etc/passwd", "a/../../evil", "C:/evil.csv", "..\\evil.csv"])
def test_paths_that_climb_are_refused_whole(place, session, name):
    refused(send(place.person, session, ("d.zip", zipped(("good.csv", "x\n1\n"), (name, "x")))), 400, "unsafe_path")
    assert (left(), FileUpload.objects.count()) == ([], 0)
    assert place.person.get(f"sessions/{session}").json()["total_files"] == 0


def test_links_in_a_zip_are_left_out(place, session):
    info = zipfile.ZipInfo("link.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    data = zipped((info, "/etc/passwd"), ("real.csv", "x\n1\n"))
    assert [file["file_path"] for file in send(place.person, session, ("d.zip", data)).json()] == ["real.csv"]


def test_bombs_are_refused_by_their_directory_and_by_what_comes_out(place, session, settings):
    bomb = zipped(("zeros.csv", b"0" * 30_000_000))
    refused(send(place.person, session, ("d.zip", bomb)), 413, "zip_too_large")
    settings.MAX_FILE_SIZE = 1_000_000
    liar = bytearray(zipped(("a.csv", b"0" * 3_000_000)))
    for offset, signature, place_of_size in ((0, b"PK\x03\x04", 22), (liar.find(b"PK\x01\x02"), b"PK\x01\x02", 24)):
        assert liar[offset : offset + 4] == signature
        liar[offset + place_of_size : offset + place_of_size + 4] = (1000).to_bytes(4, "little")
    answer = send(place.person, session, ("d.zip", bytes(liar)))
    assert answer.status_code in {400, 413}, answer.content
    assert (left(), FileUpload.objects.count()) == ([], 0)


@pytest.mark.parametrize("data", [b"PK\x03\x04 broken", b"no zip at all"])
def test_a_damaged_zip(place, session, data):
    refused(send(place.person, session, ("d.zip", data)), 400, "zip_damaged")
    assert left() == []


def test_an_encrypted_zip(place, session):
    data = bytearray(zipped(("a.csv", "x\n1\n")))
    data[6] |= 1
    data[data.find(b"PK\x01\x02") + 8] |= 1
    refused(send(place.person, session, ("d.zip", bytes(data))), 400, "zip_damaged")


def test_a_file_that_is_too_large_stops_the_upload(place, session, settings):
    settings.MAX_FILE_SIZE = 1000
    refused(send(place.person, session, ("a.csv", b"x\n"), ("b.csv", b"x" * 1001)), 413, "file_too_large")
    assert (left(), FileUpload.objects.count()) == ([], 0)


def test_the_same_path_twice_is_a_conflict(place, session):
    refused(send(place.person, session, ("a.csv", b"x\n"), ("a.csv", b"y\n")), 409, "file_exists")
    assert send(place.person, session, ("a.csv", b"x\n1\n")).status_code == 201
    refused(send(place.person, session, ("b.csv", b"x\n"), ("a.csv", b"y\n")), 409, "file_exists")
    assert [path.name for path in left()] == [f"{FileUpload.objects.get().pk}.csv"]


def test_no_file_and_others_sessions(place, session, outsider):
    refused(send(place.person, session), 400, "file_missing")
    refused(send(outsider, session, ("a.csv", b"x\n")), 403, "access_denied")
    refused(place.person.client.post(f"/api/sessions/{session}/files", {"a": 1}, format="json"), 415,
            "unsupported_media_type")  # fmt: skip
    assert left() == []


def test_sent_files_and_a_folder_go_together(place):
    place.write("a.csv", "x\n1\n")
    session = place.session()
    send(place.person, session, ("a.csv", b"x\n2\n"), ("z.csv", b"x\n3\n"))
    done = work(place, session)
    assert (done["status"], done["total_files"], done["files_uploaded"]) == ("completed", 3, 3)
    assert Dataset.objects.count() == 3
    assert sorted(place.files(done)) == ["a (2).csv", "a.csv", "z.csv"]
