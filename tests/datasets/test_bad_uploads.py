"""What can't be taken is refused with a reason, and nothing of it is left."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from datasets.models import Dataset
from tests.datasets.conftest import CSV, upload

URLS = ["/api/v1/data/upload", "/api/v1/datasets/upload", "/api/v1/datasets", "/api/v1/datasets/inspect"]


@pytest.fixture(autouse=True)
def _nothing_is_left(owner, settings):
    """Whatever a test here sends is refused, so neither rows nor bytes may stay."""
    yield
    kept = set(Dataset.objects.values_list("original", flat=True)) | set(
        Dataset.objects.values_list("parquet", flat=True)
    )
    root = Path(settings.MEDIA_ROOT)
    assert {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()} == kept
    assert not list(root.glob("tmp/*"))


def refused(answer, status=400):
    assert answer.status_code == status, answer.content
    body = answer.json()
    assert body["detail"] == body["error"]["message"] != ""
    return body["error"]["reason"]


def book(*cells):
    workbook = openpyxl.Workbook()
    for place, value in cells:
        workbook.active[place] = value
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


@pytest.mark.parametrize("url", URLS)
def test_no_file(owner, url):
    assert refused(owner.post(url, {"name": "x"}, format="multipart")) == "file_missing"
    assert refused(owner.post(url, {"file": "not a file"}, format="multipart")) == "file_missing"
    assert refused(owner.post(url, {"data": SimpleUploadedFile("a.csv", CSV)}, format="multipart")) == "file_missing"
    assert refused(owner.post(url)) == "file_missing"
    assert refused(owner.post(url, {"file": "x"}, format="json"), 415) == "unsupported_media_type"


@pytest.mark.parametrize("url", URLS)
def test_an_empty_file(owner, url):
    assert refused(upload(owner, b"", url=url)) == "file_empty"


@pytest.mark.parametrize("content", [b"a,b\n", b"a,b", b'"a","b"\r\n'])
def test_a_header_and_no_row(owner, content):
    assert refused(upload(owner, content)) == "no_rows"


@pytest.mark.parametrize(
    ("filename", "content", "reason"),
    [
        ("sales.xlsx", b"a,b\n1,2\n", "invalid_file_format"),
        ("sales.parquet", b"a,b\n1,2\n", "invalid_file_format"),
        ("sales.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "invalid_file_format"),
        ("sales.csv", b"\x89PNG\r\n\x1a\n" + b"\x00" * 99, "invalid_file_format"),
        ("sales.csv", b"\x7fELF" + b"\x00" * 99, "invalid_file_format"),
        ("page.html", b"<!doctype html><html><body>x</body></html>", "invalid_file_format"),
        ("sales.json", b"[1, 2", "invalid_json"),
        ("sales.json", b'"text"', "json_not_tabular"),
        ("sales.parquet", b"PAR1" + b"\x00" * 50 + b"PAR1", None),
        ("sales.xlsx", b"PK\x03\x04" + b"\x00" * 50, "invalid_file_format"),
    ],
)
def test_no_table(owner, filename, content, reason):
    found = refused(upload(owner, content, filename))
    assert reason is None or found == reason


@pytest.mark.parametrize("url", URLS)
def test_over_the_limit(owner, settings, url):
    settings.MAX_FILE_SIZE = 1000
    answer = upload(owner, b"a,b\n" + b"1,2\n" * 300, url=url)
    assert refused(answer, 413) == "file_too_large"
    assert answer.json()["error"]["code"] == "payload_too_large"
    assert answer.json()["error"]["details"]["limit"] == 1000


class Unread(io.BytesIO):
    """A body whose first byte nobody may touch."""

    def read(self, *args):
        raise AssertionError("the body was read")


@pytest.mark.parametrize("url", URLS)
def test_far_over_the_limit_is_refused_unread(owner, settings, url):
    settings.MAX_FILE_SIZE = 1000
    answer = owner.generic(
        "POST", url, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="999999999",
        **{"wsgi.input": Unread()},
    )  # fmt: skip
    assert refused(answer, 413) == "file_too_large"


def multipart(content, disposition='form-data; name="file"; filename="sales.csv"'):
    return b"--x\r\nContent-Disposition: " + disposition.encode() + b"\r\n\r\n" + content + b"\r\n--x--\r\n"


class Chunked(io.BytesIO):
    """A body of unknown length, as a server hands it on: it ends by itself."""


def post_chunked(client, body):
    return client.generic(
        "POST", URLS[0], b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="",
        HTTP_TRANSFER_ENCODING="chunked", **{"wsgi.input": Chunked(body), "wsgi.input_terminated": True},
    )  # fmt: skip


def test_over_the_limit_without_a_length(owner, settings):
    settings.MAX_FILE_SIZE = 1000
    assert refused(post_chunked(owner, multipart(b"a,b\n" + b"1,2\n" * 300)), 413) == "file_too_large"
    assert refused(post_chunked(owner, multipart(b"a,b\n" + b"1,2\n" * 300_000)), 413) == "file_too_large"


def test_a_body_that_breaks_off(owner):
    body = multipart(CSV)
    for cut in (10, 60, len(body) - 30, len(body) - 6):
        answer = owner.generic(
            "POST", URLS[0], b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(len(body)),
            **{"wsgi.input": Chunked(body[:cut])},
        )  # fmt: skip
        if answer.status_code == 200:  # all of the file had come, only the closing line was cut
            assert cut == len(body) - 6
        else:
            assert refused(answer) in {"file_missing", "parse_error", "upload_broken_off"}


def test_two_files(owner):
    files = [SimpleUploadedFile("a.csv", CSV), SimpleUploadedFile("b.csv", CSV)]
    assert refused(owner.post(URLS[0], {"file": files}, format="multipart")) == "one_file_only"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "x" * 256}, "name"),
        ({"description": "x" * 5001}, "description"),
        ({"is_public": "perhaps"}, "is_public"),
        ({"header_row": "-1"}, "header_row"),
        ({"header_row": "two"}, "header_row"),
        ({"delimiter": "ab"}, "delimiter"),
        ({"dayfirst": "perhaps"}, "dayfirst"),
        ({"max_bad_rows": "1.5"}, "max_bad_rows"),
        ({"max_bad_rows": "nan"}, "max_bad_rows"),
        ({"max_bad_rows": "many"}, "max_bad_rows"),
        ({"na_values": "[1, 2]"}, "na_values"),
        ({"na_values": "[broken"}, "na_values"),
        ({"types": "text"}, "types"),
        ({"types": "[1]"}, "types"),
        ({"types": '{"a": 5}'}, "types"),
        ({"types": '{"Date": "money"}'}, "types"),
        ({"session_id": "one"}, "session_id"),
        ({"session_id": "-1"}, "session_id"),
    ],
)
def test_fields_that_make_no_sense(owner, fields, field):
    answer = upload(owner, **fields)
    assert refused(answer) == "validation_error"
    assert field in answer.json()["error"]["details"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"encoding": "klingon"}, "unknown_encoding_name"),
        ({"encoding": "base64"}, "unknown_encoding_name"),
        ({"types": '{"nowhere": "text"}'}, None),
        ({"header_row": "999999"}, None),
        ({"name": "a\x00b"}, "invalid_characters"),
    ],
)
def test_words_about_the_file_that_do_not_fit_it(owner, fields, reason):
    found = refused(upload(owner, **fields))
    assert reason is None or found == reason


def test_a_sheet_that_is_not_there(owner):
    answer = upload(owner, book(("A1", "x"), ("A2", 1)), "book.xlsx", sheet_name="Nowhere")
    refused(answer)
    assert "Sheet" in json.dumps(answer.json()["error"]["details"]), "the sheets are listed"


def test_sessions_that_are_not_mine(owner, outsider):
    assert refused(upload(owner, session_id=999999), 404) == "session_not_found"
    assert refused(upload(owner, session_id=outsider.session_id), 403) == "access_denied"


def test_a_workbook_with_two_far_corners(owner):
    assert refused(upload(owner, book(("A1", "x"), ("XFD1048576", 1)), "corner.xlsx")) == "sheet_too_sparse"


def test_bombs(owner):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.csv", b"a,b\n" + b"0,0\n" * 25_000_000)
    assert refused(upload(owner, file.getvalue(), "bomb.zip"), 413) in {"unpacked_too_large", "unpack_ratio_too_high"}
    assert refused(upload(owner, gzip.compress(b"a,b\n" + b"0,0\n" * 25_000_000), "bomb.csv.gz"), 413)


def test_a_name_that_is_taken(owner):
    kept = upload(owner, name="sales").json()["id"]
    answer = upload(owner, name="sales")
    assert refused(answer, 409) == "dataset_name_exists"
    assert answer.json()["detail"] == "Dataset name already exists in this session"
    assert refused(upload(owner, name="sales", url="/api/v1/datasets"), 409) == "dataset_name_exists"
    assert list(Dataset.objects.values_list("pk", flat=True)) == [kept]


def test_without_a_token_nothing_is_taken(client, db):
    for url in URLS:
        answer = client.post(url, {"file": SimpleUploadedFile("a.csv", CSV)})
        assert refused(answer, 401) == "not_authenticated"
