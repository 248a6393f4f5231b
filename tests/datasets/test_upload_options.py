"""What a caller may say about an upload, and which names people and storage see."""

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from accounts.models import WorkSession
from datasets import naming
from datasets.models import Dataset
from datasets.receiving import display_name, stem
from datasets.storage import keys
from tests.datasets.conftest import CSV, client_of, make_user, upload

JAPANESE = '年月日,店舗名,売上\n2024年1月5日,恵比寿,"1,200円"\n2024年1月6日,渋谷,▲300円\n'.encode("cp932")


def detail(client, receipt):
    assert receipt.status_code == 200, receipt.content
    return client.get(f"/api/v1/datasets/{receipt.json()['id']}").json()


def test_a_japanese_ledger(owner):
    body = detail(owner, upload(owner, JAPANESE, "売上台帳.csv"))
    assert (body["name"], body["filename"], body["encoding"]) == ("売上台帳", "売上台帳.csv", "cp932")
    assert [column["dtype"] for column in body["schema"]] == ["date", "text", "integer"]
    assert body["roles"] == {"date": "年月日", "store": "店舗名", "category": None, "measures": ["売上"]}
    assert body["path"].isascii()


def test_everything_may_be_said(owner):
    content = b"junk\nid;when;amount\n007;03/04/2024;?\n008;05/06/2024;5\n"
    receipt = upload(
        owner, content, "x.csv", name="  said  ", description="d", is_public="true", header_row="2", delimiter=";",
        encoding="utf-8", dayfirst="true", na_values="?,none", max_bad_rows="0.5", types='{"id": "text"}',
        session_id=owner.session_id,
    )  # fmt: skip
    body = detail(owner, receipt)
    assert (body["name"], body["description"], body["is_public"]) == ("said", "d", True)
    assert body["session_id"] == owner.session_id
    assert receipt.json()["preview"] == [
        {"id": "007", "when": "2024-04-03", "amount": None},
        {"id": "008", "when": "2024-06-05", "amount": 5},
    ]
    assert Dataset.objects.get().options == {
        "filename": "x.csv", "header_row": 2, "delimiter": ";", "encoding": "utf-8", "dayfirst": True,
        "na_values": ["?", "none"], "max_bad_rows": 0.5, "types": {"id": "text"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "public"), [("False", False), ("false", False), ("0", False), ("True", True), ("1", True)]
)
def test_is_public_is_read_as_people_write_it(owner, said, public):
    assert detail(owner, upload(owner, is_public=said))["is_public"] is public


def test_blank_fields_of_a_form_say_nothing(owner):
    blank = dict.fromkeys(["name", "description", "session_id", "sheet_name", "encoding", "delimiter"], "")
    assert detail(owner, upload(owner, **blank))["name"] == "sales"


@pytest.mark.parametrize(("written", "delimiter"), [("\t", "\t"), ("\\t", "\t"), ("tab", "\t"), ("|", "|")])
def test_delimiters_as_people_write_them(owner, written, delimiter):
    content = CSV.replace(b",", delimiter.encode())
    assert upload(owner, content, "x.txt", delimiter=written).json()["columns"] == ["Date", "shop", "Total_Sales"]


def test_names_found_get_a_number(owner):
    assert [upload(owner).json()["name"] for _ in range(3)] == ["sales", "sales (2)", "sales (3)"]
    assert upload(owner, name="sales (4)").status_code == 200
    assert upload(owner).json()["name"] == "sales (5)"


def test_names_are_unique_within_a_session_only(owner, colleague):
    assert upload(owner, name="same").status_code == 200
    assert upload(colleague, name="same").status_code == 200


def test_a_name_that_was_free_a_moment_ago_is_not_insisted_on(owner, sales, monkeypatch):
    """As if somebody else had taken ``sales`` after the look: the database decides, the next name is tried."""
    monkeypatch.setattr(naming, "candidates", lambda session, base: iter([base, f"{base} (2)"]))
    assert upload(owner).json()["name"] == "sales (2)"


@pytest.mark.django_db(transaction=True)
def test_names_found_by_many_at_once_all_differ():
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("an in-memory SQLite database has one connection only; PostgreSQL interleaves")
    owner = client_of(make_user("racer"))
    answers = []

    def run():
        try:
            answers.append(upload(owner).json().get("name"))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["sales", "sales (2)", "sales (3)", "sales (4)"]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("sales.csv", "sales.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\sales.csv", "sales.csv"),
        ("a\x00b.csv", "ab.csv"),
        ("\u202efdp.csv", "fdp.csv"),
        ("مبيعات.csv", "مبيعات.csv"),
        ("...", "file"),
        ("", "file"),
        (" . ", "file"),
        ("売" * 300 + ".csv", "売" * 251 + ".csv"),
        ("x" * 300, "x" * 255),
        ("x." + "y" * 300, "x." + "y" * 253),
    ],
)
def test_display_names(raw, shown):
    assert display_name(raw) == shown


@pytest.mark.parametrize(
    ("filename", "name"),
    [("sales.csv", "sales"), ("sales.csv.gz", "sales"), ("a.b.xlsx", "a.b"), (".csv", ".csv"), ("x", "x")],
)
def test_default_names(filename, name):
    assert stem(filename) == name


@pytest.mark.parametrize(
    ("filename", "key"),
    [
        ("Sales_2024.xlsx", "datasets/20240131/t-Sales_2024.xlsx"),
        ("売上.csv", "datasets/20240131/t.csv"),
        ("a b/../c'.CSV", "datasets/20240131/t-c.csv"),
        ("x" * 300 + ".csv", f"datasets/20240131/t-{'x' * 40}.csv"),
        ("x.;rm -rf", "datasets/20240131/t-x.rmrf"),
        ("noextension", "datasets/20240131/t-noextension.bin"),
    ],
)
def test_storage_keys_hold_no_text_of_the_users(filename, key):
    assert keys("t", filename, "20240131").original == key
    assert keys("t", filename, "20240131").parquet.endswith(".table.parquet")


@pytest.mark.parametrize(
    "filename",
    [
        "../../etc/passwd.csv",
        "..%2f..%2fx.csv",
        "a\\b.csv",
        "\u202excod.csv",
        "売" * 255 + ".csv",
        "x" * 100_000 + ".csv",
    ],
)
def test_hostile_names_over_the_wire(owner, settings, filename):
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="' + filename.encode() + b'"\r\n\r\n'
    answer = owner.generic(
        "POST", "/api/v1/data/upload", body + CSV + b"\r\n--x--\r\n", content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 200, answer.content
    shown = answer.json()["filename"]
    assert shown.endswith(".csv") and len(shown) <= 255 and "/" not in shown and "\\" not in shown
    for path in settings.MEDIA_ROOT.rglob("*"):
        assert path.resolve().is_relative_to(settings.MEDIA_ROOT.resolve()) and path.name.isascii()


def test_a_body_of_unknown_length(owner):
    import io

    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + CSV + b"\r\n--x--\r\n"
    answer = owner.generic(
        "POST", "/api/v1/data/upload", b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="",
        HTTP_TRANSFER_ENCODING="chunked", **{"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True},
    )  # fmt: skip
    assert answer.status_code == 200, answer.content


def test_an_expired_session_takes_nothing_more(owner):
    WorkSession.objects.filter(pk=owner.session_id).update(expires_at=timezone.now())
    answer = upload(owner, session_id=owner.session_id)
    assert (answer.status_code, answer.json()["error"]["reason"]) == (400, "session_expired")
    receipt = upload(owner).json()
    assert receipt["session_id"] != owner.session_id, "without an id: a new session"


def test_inspecting_keeps_nothing(owner, settings):
    answer = upload(owner, JAPANESE, "売上台帳.csv", url="/api/v1/datasets/inspect")
    body = answer.json()
    assert answer.status_code == 200, body
    assert set(body) == {"format", "encoding", "delimiter", "header_row", "sheets", "columns", "sample", "warnings"}
    assert (body["format"], body["encoding"], body["delimiter"], body["header_row"]) == ("csv", "cp932", ",", 1)
    assert [(c["name"], c["dtype"], c["role"]) for c in body["columns"]] == [
        ("年月日", "date", "date"), ("店舗名", "text", "store"), ("売上", "integer", "measure"),
    ]  # fmt: skip
    assert body["sample"][1] == {"年月日": "2024-01-06", "店舗名": "渋谷", "売上": -300}
    assert Dataset.objects.count() == 0
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_uploads_by_a_signed_in_browser(client, owner):
    """Django's CSRF check reads the form before we do; the file must come through all the same."""
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(owner.user)
    browser.cookies["csrftoken"] = token = "a" * 32
    fields = {"csrfmiddlewaretoken": token, "file": SimpleUploadedFile("sales.csv", CSV)}
    assert browser.post("/api/v1/data/upload", fields).status_code == 200
    fields = {"csrfmiddlewaretoken": token, "file": SimpleUploadedFile("sales.csv", CSV)}
    page = browser.post("/api/v1/datasets", fields, HTTP_ACCEPT="text/html")
    assert page.status_code == 201 and "sales (2)" in page.content.decode()
    fields = {"csrfmiddlewaretoken": "b" * 32, "file": SimpleUploadedFile("sales.csv", CSV)}
    assert browser.post("/api/v1/data/upload", fields).status_code == 403


def test_uploads_are_throttled(owner, settings):
    settings.THROTTLE = True
    settings.THROTTLE_RATES = settings.THROTTLE_RATES | {"upload": (2, 3600)}
    assert [upload(owner).status_code for _ in range(3)] == [200, 200, 429]
    assert int(upload(owner)["Retry-After"]) > 0
    assert owner.get("/api/v1/datasets").status_code == 200
