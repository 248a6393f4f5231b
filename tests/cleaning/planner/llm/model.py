"""A language model's endpoint on this machine: a real HTTP server that answers as each test says."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cleaning.planner.llm import Endpoint

KEY = "sk-hush-0123456789abcdef"
STREAM = 10.0  # seconds for which a slow answer would go on

Answer = Callable[["Handler"], None]


@dataclass
class Heard:
    """One request as the server got it; ``at`` is ``time.monotonic()``."""

    path: str
    headers: dict[str, str]
    raw: bytes
    at: float

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.raw)

    @property
    def document(self) -> dict[str, Any]:
        """What the user message describes."""
        return json.loads(self.body["messages"][1]["content"])


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.heard.append(Heard(self.path, dict(self.headers), raw, time.monotonic()))
        place = min(len(self.server.heard), len(self.server.answers)) - 1
        try:
            self.server.answers[place](self)
        except OSError:
            self.server.hung_up.set()
        self.close_connection = True

    def do_GET(self) -> None:
        self.do_POST()  # a redirect that is followed would arrive so

    def log_message(self, *args: Any) -> None:
        """Silent."""


class Server(ThreadingHTTPServer):
    """Gives its answers one after the other, the last for ever. ``hung_up``: a client left while it was answered."""

    daemon_threads = True

    def __init__(self, answers: list[Answer]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = answers
        self.heard: list[Heard] = []
        self.hung_up = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def endpoint(self, **changes: Any) -> Endpoint:
        known = {"base_url": self.url, "api_key": KEY, "model": "m-1", "allowed_hosts": ("127.0.0.1",), "seconds": 5.0}
        return Endpoint(**{**known, **changes})


@contextmanager
def answering(*answers: Answer) -> Iterator[Server]:
    server = Server(list(answers))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


# --- answers ----------------------------------------------------------------------------------------------------------


def raw(body: bytes, status: int = 200, content_type: str | None = "application/json", **headers: str) -> Answer:
    def answer(handler: Handler) -> None:
        handler.send_response(status)
        if content_type is not None:
            handler.send_header("Content-Type", content_type)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def envelope(content: Any, finish_reason: str = "stop", **message: Any) -> dict[str, Any]:
    said = {"role": "assistant", "content": content, **message}
    choice = {"index": 0, "message": said, "finish_reason": finish_reason}
    return {"id": "c-1", "object": "chat.completion", "model": "m-1", "choices": [choice]}


def says(content: Any, finish_reason: str = "stop", **message: Any) -> Answer:
    """A well-formed chat completion with this text."""
    return raw(json.dumps(envelope(content, finish_reason, **message)).encode())


def plans(*steps: dict[str, Any]) -> Answer:
    return says(json.dumps({"steps": list(steps)}))


def complains(status: int, message: str = "no", **headers: str) -> Answer:
    return raw(json.dumps({"error": {"message": message}}).encode(), status, **headers)


def hangs_up(handler: Handler) -> None:
    handler.connection.shutdown(2)


def slow_head(handler: Handler) -> None:
    """A header that never ends, one byte at a time, so that no single wait is long."""
    _trickle(handler, b"HTTP/1.1 200 OK\r\nX-Padding: ", b"a")


def drip(handler: Handler) -> None:
    """A body that never ends, one byte at a time."""
    _trickle(handler, b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"choices"', b" ")


def drip_in_chunks(handler: Handler) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    _trickle(handler, head, b"1\r\n \r\n")


def informs_for_ever(handler: Handler) -> None:
    _trickle(handler, b"", b"HTTP/1.1 100 Continue\r\n\r\n")


def silent(handler: Handler) -> None:
    handler.server.hung_up.wait(STREAM)


def flood(handler: Handler) -> None:
    """A body without an end, as fast as it goes."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    ends = time.monotonic() + STREAM
    while time.monotonic() < ends:
        handler.wfile.write(b" " * 65_536)


def _trickle(handler: Handler, head: bytes, drop: bytes) -> None:
    handler.wfile.write(head)
    ends = time.monotonic() + STREAM
    while time.monotonic() < ends:
        handler.wfile.write(drop)
        handler.wfile.flush()
        time.sleep(0.02)
