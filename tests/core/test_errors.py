"""One error body, everywhere: unrouted addresses, wrong methods, unreadable bodies, crashes."""

import json

import pytest
from django.test import Client
from django.urls import re_path
from rest_framework.test import APIClient

from core import api, errors, middleware, text
from core.health import PublicView
from tabular.errors import TableError

BASE = "/api/v1"


def is_the_one_body(response, status, reason):
    assert response.status_code == status, response.content
    body = json.loads(response.content)
    assert set(body) == {"error", "detail"}
    assert set(body["error"]) == {"code", "reason", "message", "details", "request_id"}
    assert body["error"]["reason"] == reason
    assert body["detail"] == body["error"]["message"] != ""
    assert body["error"]["request_id"] == response["X-Request-Id"]
    return body["error"]


class Broken(PublicView):
    def get(self, request):
        raise RuntimeError("boom")

    def post(self, request):
        from rest_framework.response import Response

        return Response(request.data)


urlpatterns = [re_path(r"^api/v1/broken/?$", Broken.as_view())]
handler400 = "core.api.bad_request"
handler404 = "core.api.not_found"
handler500 = "core.api.crashed"


@pytest.fixture
def client(settings):
    settings.ROOT_URLCONF = __name__
    return APIClient(raise_request_exception=False)


@pytest.mark.parametrize("path", ["/nowhere", f"{BASE}/nowhere", f"{BASE}/nowhere/", "/api/none/1"])
def test_an_unrouted_address(client, path):
    error = is_the_one_body(client.get(path), 404, "route_not_found")
    assert error["code"] == "not_found"
    assert path in error["message"]


def test_a_crash_says_nothing_of_its_cause(client):
    error = is_the_one_body(client.get(f"{BASE}/broken"), 500, "server_error")
    assert "boom" not in json.dumps(error)


def test_a_wrong_method_and_a_wrong_type(client):
    is_the_one_body(client.delete(f"{BASE}/broken"), 405, "method_not_allowed")
    is_the_one_body(client.post(f"{BASE}/broken", "<a/>", content_type="text/xml"), 415, "unsupported_media_type")
    is_the_one_body(client.get(f"{BASE}/broken", HTTP_ACCEPT="image/png"), 406, "not_acceptable")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{", "parse_error"),
        (b"\xff\xfe{\x00}\x00", "parse_error"),
        (b'{"a": NaN}', "parse_error"),
        (b'{"a": -Infinity}', "parse_error"),
        (b'{"a": 1e999}', "parse_error"),
        (b"1" * 5000, "parse_error"),
        (b'{"a": "\\u0000"}', "invalid_characters"),
        (b'{"a": "\\ud800"}', "invalid_characters"),
        (b'{"\\udfff": 1}', "invalid_characters"),
        (b"[" * 100_000, "json_too_deep"),
        (b'{"a":' * 70 + b"1" + b"}" * 70, "json_too_deep"),
    ],
)
def test_unreadable_json(client, body, reason):
    is_the_one_body(client.post(f"{BASE}/broken", body, content_type="application/json"), 400, reason)


def test_json_over_the_limit(client, settings):
    settings.MAX_JSON_BYTES = 100
    body = json.dumps({"a": "x" * 200})
    is_the_one_body(client.post(f"{BASE}/broken", body, content_type="application/json"), 413, "payload_too_large")


def test_good_json_arrives_as_it_is(client):
    sent = {"店": ["恵比寿", 1, 1.5, None, True, {"😀": "\u2028"}]}
    response = client.post(f"{BASE}/broken", json.dumps(sent), content_type="application/json")
    assert json.loads(response.content) == sent


def test_a_nul_in_form_fields_names_and_queries(client):
    is_the_one_body(client.post(f"{BASE}/broken", {"name": "a\0b"}), 400, "invalid_characters")
    is_the_one_body(client.get(f"{BASE}/broken?name=a%00b"), 400, "invalid_characters")


def test_messages_follow_the_readers_language(client):
    english = client.get(f"{BASE}/nowhere").json()["error"]
    japanese = client.get(f"{BASE}/nowhere", HTTP_ACCEPT_LANGUAGE="ja").json()["error"]
    assert english["reason"] == japanese["reason"]
    assert english["message"] != japanese["message"]


def test_a_wrong_host_is_a_bad_request(client):
    is_the_one_body(client.get(f"{BASE}/broken", HTTP_HOST="evil.example"), 400, "bad_request")


def test_the_callers_request_id_is_kept_when_it_is_sane():
    client = Client()
    assert client.get("/nowhere", headers={"X-Request-Id": "abc-1"})["X-Request-Id"] == "abc-1"
    made_up = client.get("/nowhere", headers={"X-Request-Id": "a b<script>"})["X-Request-Id"]
    assert made_up.isalnum()


def test_every_reason_has_words_and_a_name_of_its_own():
    listed = errors.reasons()
    assert all(str(message) for message in listed.values())
    assert all(reason == reason.lower() and reason.isidentifier() for reason in listed)
    declared = [e for e in errors.subclasses(errors.AppError) if "reason" in vars(e)]
    statuses = {(e.reason, api.status_of(e())) for e in declared}
    statuses |= {(e.reason, {"too_large": 413}.get(e.family, 400)) for e in errors.subclasses(TableError)}
    assert len(statuses) == len({reason for reason, _ in statuses}), "one reason, one status"


def test_the_rule_for_text():
    text.check(["ok", 1, None, "日本語😀"])
    for bad in ("\0", "a\ud800", "\udfffb"):
        with pytest.raises(text.InvalidCharacters):
            text.check([bad])


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.7", "127.0.0.1"),
        (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        (2, "6.6.6.6, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "203.0.113.7", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_the_callers_address_behind_proxies(settings, rf, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", headers={"X-Forwarded-For": forwarded})
    middleware.CallersAddress(lambda request: None)(request)
    assert request.META["REMOTE_ADDR"] == expected
