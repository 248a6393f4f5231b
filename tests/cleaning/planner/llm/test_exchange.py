"""How the endpoint is spoken to: one place, bounded time, size and number of requests."""

import json
import logging
import socket
import ssl
import subprocess
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from cleaning.planner.llm import Endpoint, LlmFailed, Proposal, propose
from tests.cleaning.planner.llm.model import (
    KEY,
    Answer,
    Server,
    answering,
    complains,
    drip,
    drip_in_chunks,
    envelope,
    flood,
    hangs_up,
    informs_for_ever,
    plans,
    raw,
    says,
    silent,
    slow_head,
)
from tests.cleaning.planner.llm.shop import TARGET, facts

DROP = {"operation": "drop_columns", "params": {"columns": ["email"]}}
GOOD = plans(DROP)


def ask(endpoint: Endpoint) -> Proposal:
    return propose(endpoint, facts(), "classification", TARGET)


def refused(*answers: Answer, **changes: Any) -> tuple[LlmFailed, Server]:
    with answering(*answers) as server:
        return failing(server.endpoint(**changes)), server


def failing(endpoint: Endpoint) -> LlmFailed:
    with pytest.raises(LlmFailed) as caught:
        ask(endpoint)
    assert str(caught.value) == caught.value.message % caught.value.details
    return caught.value


def test_the_request():
    with answering(GOOD) as server:
        found = ask(server.endpoint(base_url=server.url + "/"))
    (heard,) = server.heard
    assert heard.path == "/v1/chat/completions"
    assert heard.headers["Authorization"] == f"Bearer {KEY}"
    assert heard.headers["Content-Type"] == "application/json"
    assert heard.headers["Accept-Encoding"] == "identity"
    assert heard.raw.decode() == found.prompt
    assert (heard.body["model"], heard.body["temperature"]) == ("m-1", 0)


def test_without_a_key_none_is_sent():
    with answering(GOOD) as server:
        ask(server.endpoint(api_key=""))
    assert "Authorization" not in server.heard[0].headers


# --- time -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [drip, drip_in_chunks, slow_head, informs_for_ever, silent])
def test_slow_answers_are_cut_off(answer):
    before, begun = threading.active_count(), time.monotonic()
    with answering(answer) as server:
        failure = failing(server.endpoint(seconds=0.6))
        took = time.monotonic() - begun
        assert failure.reason == "llm_timeout"
        assert 0.5 < took < 2.0
        assert len(server.heard) == 1
        if answer is not silent:
            assert server.hung_up.wait(2), "the connection was left open"
        if answer is drip:
            assert failure.answer.startswith('{"choices"')
        server.hung_up.set()
    assert json.loads(failure.prompt)
    ends = time.monotonic() + 3
    while threading.active_count() > before and time.monotonic() < ends:
        time.sleep(0.02)
    assert threading.active_count() <= before, "a thread was left behind"


def test_a_slow_name_server_does_not_hold_the_answer_up(monkeypatch):
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: released.wait(5) and [])
    begun = time.monotonic()
    failure = failing(Endpoint("http://llm.example.com/v1", KEY, "m", ("llm.example.com",), seconds=0.4))
    assert failure.reason == "llm_timeout"
    assert time.monotonic() - begun < 1.5
    released.set()


def test_a_handshake_that_never_ends():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        begun = time.monotonic()
        url = f"https://127.0.0.1:{listening.getsockname()[1]}/v1"
        failure = failing(Endpoint(url, KEY, "m", ("127.0.0.1",), seconds=0.5))
        assert failure.reason == "llm_timeout"
        assert time.monotonic() - begun < 1.5


def test_the_deadline_is_for_all_requests_together():
    def slow_failure(handler: Any) -> None:
        time.sleep(0.4)
        complains(500)(handler)

    begun = time.monotonic()
    failure, server = refused(slow_failure, seconds=1.2, retries=50)
    assert failure.reason in ("llm_timeout", "llm_error")
    assert time.monotonic() - begun < 2.0
    assert 1 < len(server.heard) < 4


# --- size -------------------------------------------------------------------------------------------------------------


def test_an_answer_without_an_end():
    begun = time.monotonic()
    failure, server = refused(flood, max_bytes=200_000)
    assert failure.reason == "llm_answer_too_large"
    assert failure.details == {"limit": 200_000}
    assert len(failure.answer) == 200_000
    assert time.monotonic() - begun < 3
    assert server.hung_up.wait(2)


def test_the_limit_of_size_is_exact():
    body = json.dumps(envelope(json.dumps({"steps": [DROP]}))).encode()
    with answering(raw(body)) as server:
        assert ask(server.endpoint(max_bytes=len(body))).answer == body.decode()
    failure, _server = refused(raw(body), max_bytes=len(body) - 1)
    assert failure.reason == "llm_answer_too_large"
    assert failure.answer == body.decode()[:-1]


def test_a_byte_too_many_that_comes_late():
    body = json.dumps(envelope(json.dumps({"steps": [DROP]}))).encode()

    def late(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + body)
        time.sleep(0.1)
        handler.wfile.write(b" ")

    failure, _server = refused(late, max_bytes=len(body))
    assert failure.reason == "llm_answer_too_large"
    with answering(late) as server:
        assert ask(server.endpoint(max_bytes=len(body) + 1)).steps


def test_an_error_page_is_cut():
    failure, _server = refused(raw(b"x" * 500_000, 404), max_bytes=1000)
    assert (failure.reason, failure.answer) == ("llm_error", "x" * 1000)


# --- statuses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, "llm_refused"),
        (403, "llm_refused"),
        (404, "llm_error"),
        (413, "llm_error"),
        (418, "llm_error"),
        (501, "llm_error"),
        (504, "llm_error"),
        (300, "llm_redirected"),
        (304, "llm_redirected"),
    ],
)
def test_statuses_that_are_final(status, reason):
    failure, server = refused(complains(status, "no such thing"))
    assert (failure.reason, failure.details) == (reason, {"status": status})
    assert len(server.heard) == 1
    if status != 304:
        assert "no such thing" in failure.answer


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_passing_failure_is_asked_again(status):
    with answering(complains(status), GOOD) as server:
        assert len(ask(server.endpoint()).steps) == 1
    first, second = server.heard
    assert first.raw == second.raw
    assert second.at - first.at >= 0.45


@pytest.mark.parametrize(("status", "reason"), [(429, "llm_busy"), (500, "llm_error"), (503, "llm_error")])
def test_a_lasting_failure_is_given_up(status, reason):
    failure, server = refused(complains(status, "still no", Retry_After="0"), retries=3)
    assert (failure.reason, failure.details) == (reason, {"status": status})
    assert "still no" in failure.answer
    assert len(server.heard) == 4


def test_no_repetition_where_none_is_allowed():
    failure, server = refused(complains(503), retries=0)
    assert (failure.reason, len(server.heard)) == ("llm_error", 1)


def test_retry_after_is_waited_for():
    with answering(complains(429, Retry_After="1"), GOOD) as server:
        ask(server.endpoint())
    assert 0.95 < server.heard[1].at - server.heard[0].at < 2


def test_retry_after_as_a_date():
    when = format_datetime((datetime.now(UTC) + timedelta(seconds=2)).replace(microsecond=0), usegmt=True)
    with answering(complains(429, Retry_After=when), GOOD) as server:
        ask(server.endpoint())
    assert 0.8 < server.heard[1].at - server.heard[0].at < 2.5


@pytest.mark.parametrize("when", ["soon", "-1", "²", "1e3"])
def test_a_retry_after_that_says_nothing(when):
    with answering(raw(b"", 429, Retry_After=when.encode().decode("latin-1")), GOOD) as server:
        ask(server.endpoint())
    assert 0.45 < server.heard[1].at - server.heard[0].at < 2


@pytest.mark.parametrize("when", ["3600", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_retry_after_beyond_the_deadline_is_not_waited_for(when):
    begun = time.monotonic()
    failure, server = refused(complains(429, Retry_After=when))
    assert (failure.reason, len(server.heard)) == ("llm_busy", 1)
    assert time.monotonic() - begun < 1


def test_a_connection_that_is_closed_is_made_again():
    with answering(hangs_up, GOOD) as server:
        assert len(ask(server.endpoint()).steps) == 1
    failure, server = refused(hangs_up, retries=1)
    assert failure.reason == "llm_unreachable"
    assert failure.details == {"host": "127.0.0.1", "cause": "connection"}
    assert len(server.heard) == 2


def test_a_body_shorter_than_promised():
    def stops(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{}")

    failure, server = refused(stops, retries=0)
    assert (failure.reason, failure.answer, len(server.heard)) == ("llm_unreachable", "{}", 1)


def test_something_that_does_not_speak_http():
    failure, _server = refused(lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n"), retries=0)
    assert failure.reason == "llm_unreachable"


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    failure = failing(Endpoint(f"http://127.0.0.1:{port}/v1", KEY, "m", ("127.0.0.1",), seconds=5, retries=1))
    assert failure.reason == "llm_unreachable"
    assert (json.loads(failure.prompt)["model"], failure.answer) == ("m", "")


# --- servers that can't hold an answer to a schema --------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 422])
def test_an_endpoint_that_knows_no_schema_is_asked_more_simply(status):
    with answering(complains(status, "unknown response_format json_schema"), GOOD) as server:
        found = ask(server.endpoint())
    first, second = server.heard
    assert first.body["response_format"]["type"] == "json_schema"
    assert second.body["response_format"] == {"type": "json_object"}
    told = second.body["messages"][0]["content"]
    assert told.startswith(first.body["messages"][0]["content"])
    given = first.body["response_format"]["json_schema"]["schema"]
    assert json.loads(told[told.index('{"type": "object"') :]) == given
    assert second.body["messages"][1] == first.body["messages"][1]
    assert second.body["temperature"] == 0
    assert found.prompt == second.raw.decode()


def test_an_endpoint_that_wants_no_temperature():
    with answering(complains(400, "Unsupported value: 'temperature'"), GOOD) as server:
        ask(server.endpoint())
    first, second = server.heard
    assert first.body == second.body | {"temperature": 0}
    assert "temperature" not in second.body


def test_a_complaint_is_kept_when_nothing_comes_after_it():
    failure, _server = refused(complains(400, "no such format"), hangs_up, retries=0)
    assert failure.reason == "llm_unreachable"
    assert "no such format" in failure.answer


def test_an_endpoint_that_complains_again():
    failure, server = refused(complains(400, "first"), complains(400, "second"))
    assert (failure.reason, failure.details, len(server.heard)) == ("llm_error", {"status": 400}, 2)
    assert "second" in failure.answer
    assert failure.prompt == server.heard[1].raw.decode()


# --- where to ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status):
    with answering(GOOD) as elsewhere, answering(raw(b"", status, Location=elsewhere.url)) as server:
        failure = failing(server.endpoint())
        assert (failure.reason, failure.details) == ("llm_redirected", {"status": status})
        assert (len(server.heard), elsewhere.heard) == (1, [])


def test_the_environments_proxies_are_not_used(monkeypatch):
    with answering(complains(502)) as proxy, answering(GOOD) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "https_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.server_port}")
        monkeypatch.delenv("no_proxy", raising=False)
        ask(server.endpoint())
        assert (len(server.heard), proxy.heard) == (1, [])


@pytest.mark.parametrize("allowed", [(), ("localhost",), ("127.0.0.1.example.com",), ("27.0.0.1",), ("*",), ("",)])
def test_a_host_that_is_not_allowed(allowed):
    failure, server = refused(GOOD, allowed_hosts=allowed)
    assert (failure.reason, server.heard) == ("llm_host_not_allowed", [])


def test_hosts_are_compared_without_regard_to_case():
    with answering(GOOD) as server:
        url = f"http://LocalHost:{server.server_port}/v1"
        assert ask(server.endpoint(base_url=url, allowed_hosts=("x.example", "LOCALHOST"))).steps
        assert server.heard[0].headers["Host"] == f"localhost:{server.server_port}"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:{port}/v1",
        "ftp://127.0.0.1:{port}/v1",
        "file:///etc/passwd",
        "http:///v1",
        "http://user@127.0.0.1:{port}/v1",
        "http://user:word@127.0.0.1:{port}/v1",
        "http://127.0.0.1:{port}@example.com/v1",
        "http://127.0.0.1:{port}\\@example.com/v1",
        "http://127.0.0.1:{port}/v1?key=1",
        "http://127.0.0.1:{port}/v1#a",
        "http://127.0.0.1:port/v1",
        "http://127.0.0.1:99999/v1",
        "http://127.0.0.1:{port}/v1 HTTP/1.1\r\nX: y",
        "http://１２７.0.0.1:{port}/v1",
        "http://[::1/v1",
    ],
)
def test_an_address_that_is_none(url):
    with answering(GOOD) as server:
        url = url.replace("{port}", str(server.server_port))
        failure = failing(server.endpoint(base_url=url, allowed_hosts=("127.0.0.1", "example.com", "user")))
        assert (failure.reason, failure.details) == ("llm_not_configured", {"settings": ["LLM_BASE_URL"]})
        assert server.heard == []


@pytest.mark.parametrize(
    ("changes", "name"), [({"model": ""}, "LLM_MODEL"), ({"api_key": "a b\r\nX: y"}, "LLM_API_KEY")]
)
def test_settings_that_are_missing_or_wrong(changes, name):
    failure, server = refused(GOOD, **changes)
    assert (failure.reason, failure.details, server.heard) == ("llm_not_configured", {"settings": [name]}, [])


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that no authority signed, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    names = ["-subj", "/CN=here", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names,
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True, capture_output=True,
    )  # fmt: skip
    return folder


def _over_tls(server: Server, folder: Any) -> Endpoint:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return server.endpoint(base_url=server.url.replace("http:", "https:"))


def test_a_certificate_that_nobody_signed_is_refused_at_once(certificate):
    begun = time.monotonic()
    with answering(GOOD) as server:
        failure = failing(_over_tls(server, certificate))
    assert time.monotonic() - begun < 1.4, "it was tried again"
    assert (failure.reason, failure.details) == ("llm_unreachable", {"host": "127.0.0.1", "cause": "certificate"})
    assert server.heard == []


def test_a_certificate_that_is_trusted(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    with answering(GOOD) as server:
        assert len(ask(_over_tls(server, certificate)).steps) == 1


def test_a_drip_over_tls_is_cut_off(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    with answering(drip) as server:
        begun = time.monotonic()
        failure = failing(replace(_over_tls(server, certificate), seconds=0.8))
        assert (failure.reason, time.monotonic() - begun < 2) == ("llm_timeout", True)
        assert failure.answer.startswith('{"choices"')
        assert server.hung_up.wait(2)


# --- the key ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 401, 404, 500])
def test_an_answer_that_repeats_the_key_is_kept_without_it(status):
    failure, _server = refused(complains(status, f"Incorrect API key provided: {KEY}."), retries=0)
    assert "Incorrect API key provided: ***." in failure.answer
    assert KEY not in failure.answer + failure.prompt + str(failure) + repr(failure) + repr(failure.details)


def test_the_key_does_not_come_back_in_a_plan():
    with answering(says(json.dumps({"steps": [DROP | {"name": KEY, "description": f"x{KEY}"}]}))) as server:
        found = ask(server.endpoint())
    assert (found.steps[0].name, found.steps[0].description) == ("***", "x***")
    assert KEY not in found.prompt + found.answer


@pytest.mark.parametrize("size", range(1, 40))
def test_no_part_of_the_key_is_left_where_an_answer_was_cut(size):
    failure, _server = refused(raw(b"a" * 20 + KEY.encode() + b"b" * 20, 401), max_bytes=size)
    kept = failure.answer.removeprefix("a" * min(size, 20)).rstrip("b")
    assert len(kept) <= max(3, len(KEY) // 2), kept


def test_a_short_key_is_a_word_and_spoils_nothing():
    with answering(plans(DROP | {"name": "none of them"})) as server:
        assert ask(server.endpoint(api_key="none")).steps[0].name == "none of them"


def test_nothing_secret_is_logged(caplog):
    caplog.set_level(logging.DEBUG)
    with answering(complains(500), GOOD) as server:
        ask(server.endpoint())
        refused(complains(401, KEY))
        assert KEY not in repr(server.endpoint())
    assert caplog.text, "urllib3 says something"
    assert KEY not in caplog.text
    assert "email" not in caplog.text
