"""Signed links: the original bytes, for whoever holds one, for a quarter of an hour."""

import pytest
from django.core import signing
from rest_framework.test import APIClient

from tests.datasets.conftest import CSV, upload


@pytest.fixture
def url(owner, sales):
    body = owner.get(f"/api/v1/datasets/{sales['id']}/download-url").json()
    assert {key: body[key] for key in ("expires_in", "type", "storage")} == {
        "expires_in": 900, "type": "signed", "storage": "local",
    }  # fmt: skip
    assert body["download_url"].startswith("http://127.0.0.1:8000/api/v1/downloads/")
    return body["download_url"].removeprefix("http://127.0.0.1:8000")


def fetch(url, **headers):
    answer = APIClient().get(url, **headers)
    return answer, b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_a_link_needs_no_token(url):
    answer, body = fetch(url)
    assert (answer.status_code, body) == (200, CSV)
    assert answer["Content-Disposition"] == 'attachment; filename="sales.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Length"] == str(len(CSV))
    assert fetch(url, HTTP_AUTHORIZATION="Bearer stale", HTTP_ACCEPT="text/html")[1] == CSV


def test_names_in_any_script(owner):
    pk = upload(owner, filename="売上 “2024”.csv").json()["id"]
    url = owner.get(f"/api/v1/datasets/{pk}/download-url").json()["download_url"]
    assert fetch(url)[0]["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%A3%B2%E4%B8%8A")


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-3", 206, CSV[:4]),
        ("bytes=5-", 206, CSV[5:]),
        ("bytes=-7", 206, CSV[-7:]),
        ("bytes=0-99999", 206, CSV),
        ("bytes=99999-", 416, b""),
        ("bytes=0-1,3-4", 200, CSV),
        ("lines=1-2", 200, CSV),
        ("bytes=-", 200, CSV),
        ("bytes=5-2", 200, CSV),
    ],
)
def test_ranges(url, asked, status, part):
    answer, body = fetch(url, HTTP_RANGE=asked)
    assert (answer.status_code, body) == (status, part)


def test_a_resumed_download_of_something_else_starts_over(url):
    etag = fetch(url)[0]["ETag"]
    assert fetch(url, HTTP_RANGE="bytes=2-4", HTTP_IF_RANGE=etag)[0].status_code == 206
    assert fetch(url, HTTP_RANGE="bytes=2-4", HTTP_IF_RANGE='"other"')[0].status_code == 200


def test_tampered_links(url):
    for wrong in (
        url[:-1] + ("A" if url[-1] != "A" else "B"),
        url + "x",
        "/api/v1/downloads/x",
        "/api/v1/downloads/a:b:c",
    ):
        answer, _ = fetch(wrong)
        assert (answer.status_code, answer.json()["error"]["reason"]) == (403, "invalid_link"), wrong


def test_links_of_another_kind(sales):
    token = signing.TimestampSigner(salt="something else").sign_object({"id": sales["id"]})
    assert fetch(f"/api/v1/downloads/{token}")[0].json()["error"]["reason"] == "invalid_link"


def test_expired_links(url, settings):
    settings.DOWNLOAD_LINK_SECONDS = -1
    answer, _ = fetch(url)
    assert (answer.status_code, answer.json()["error"]["reason"]) == (403, "link_expired")


def test_a_deleted_dataset_has_no_link(owner, sales, url):
    owner.delete(f"/api/v1/datasets/{sales['id']}")
    answer, _ = fetch(url)
    assert (answer.status_code, answer.json()["error"]["reason"]) == (404, "dataset_not_found")
