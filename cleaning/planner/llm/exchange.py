"""Requests to the language model's endpoint: bounded in time, size and number, and going nowhere else.

No proxy of the environment is used, no redirect followed, nothing decompressed, and certificates are checked.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError, SSLError
from urllib3.exceptions import TimeoutError as TimedOut

from cleaning.planner.llm.endpoint import Address, Endpoint, address
from cleaning.planner.llm.failing import LlmFailed
from tabular.errors import gettext_noop

AGAIN = (429, 500, 502, 503)
PAUSE = 0.5  # seconds before the first repetition, doubled for each further one
PIECE = 65_536  # bytes
SECRET = 8  # characters: shorter keys are words such as "none", and taking them out would spoil the answer
HIDDEN = b"***"


class LlmUnreachable(LlmFailed):
    reason = "llm_unreachable"
    message = gettext_noop("The language model at %(host)s can't be reached.")


class LlmTimeout(LlmFailed):
    reason = "llm_timeout"
    message = gettext_noop("The language model did not answer within %(seconds)s seconds.")


class LlmRedirected(LlmFailed):
    reason = "llm_redirected"
    message = gettext_noop("The language model's endpoint redirects (status %(status)s); that is not followed.")


class LlmRefused(LlmFailed):
    reason = "llm_refused"
    message = gettext_noop("The language model's endpoint refuses the key (status %(status)s).")


class LlmBusy(LlmFailed):
    reason = "llm_busy"
    message = gettext_noop("The language model is busy; try again later.")


class LlmError(LlmFailed):
    reason = "llm_error"
    message = gettext_noop("The language model's endpoint answered with an error (status %(status)s).")


class LlmAnswerTooLarge(LlmFailed):
    reason = "llm_answer_too_large"
    message = gettext_noop("The language model's answer is larger than %(limit)s bytes.")


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer, without the key even if the server repeated it. ``retry_after`` in seconds."""

    status: int
    content_type: str
    retry_after: float | None
    body: bytes

    @property
    def text(self) -> str:
        """For people and the database: what is no UTF-8, and NUL, becomes a replacement character."""
        return readable(self.body)


def readable(body: bytes) -> str:
    return body.decode("utf-8", "replace").replace("\x00", "\ufffd")


class Conversation:
    """The requests of one proposal, under one deadline and one budget of repetitions."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._address = address(endpoint)
        self._ends = time.monotonic() + endpoint.seconds
        self._repeated = 0

    def ask(self, body: bytes, accepting: tuple[int, ...] = ()) -> Reply:
        """An answer of status 2xx, or of a status in ``accepting``. Raises ``LlmFailed``."""
        while True:
            failure: LlmFailed
            pause = PAUSE * 2**self._repeated
            try:
                reply = self._once(body)
            except LlmUnreachable as unreachable:
                if unreachable.details["cause"] == "certificate":
                    raise
                failure = unreachable
            else:
                if 200 <= reply.status < 300 or reply.status in accepting:
                    return reply
                failure = _failure(reply)
                if reply.status not in AGAIN:
                    raise failure
                pause = pause if reply.retry_after is None else reply.retry_after
            if self._repeated >= self._endpoint.retries or pause >= self._left():
                raise failure
            self._repeated += 1
            time.sleep(pause)

    def _left(self) -> float:
        return self._ends - time.monotonic()

    def _once(self, body: bytes) -> Reply:
        """One request, in a thread of its own: only so does the deadline hold against a slow name server and against
        bytes that trickle, each of which would restart a socket's own timeout."""
        left = self._left()
        if left <= 0:
            raise LlmTimeout(seconds=self._endpoint.seconds)
        request = _Request(self._endpoint, self._address, body, left)
        thread = threading.Thread(target=request.run, name="language-model", daemon=True)
        thread.start()
        thread.join(left)
        if thread.is_alive():
            request.line.cut()
            raise LlmTimeout(seconds=self._endpoint.seconds, answer=readable(request.came()))
        if request.failure is not None:
            raise request.failure
        assert request.reply is not None
        return request.reply


class _Line:
    """The connection in use, held so that another thread can cut it at any point, the TLS handshake included."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._is_cut = False

    def watch(self, connected: socket.socket) -> None:
        with self._lock:
            self._socket = connected.dup()  # TLS takes the original away from its object
            self._hang_up()

    def cut(self) -> None:
        with self._lock:
            self._is_cut = True
            self._hang_up()

    def _hang_up(self) -> None:
        if self._is_cut and self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with self._lock:
            if self._socket is not None:
                self._socket.close()
                self._socket = None


@dataclass(slots=True)
class _Request:
    """One request and, after ``run``, its ``reply`` or its ``failure``."""

    endpoint: Endpoint
    address: Address
    body: bytes
    seconds: float
    line: _Line = field(default_factory=_Line)
    reply: Reply | None = None
    failure: Exception | None = None
    _pieces: list[bytes] = field(default_factory=list)

    def run(self) -> None:
        try:
            self.reply = self._exchange()
        except (HTTPError, OSError) as error:
            self.failure = self._failure(error)
        except Exception as error:  # noqa: BLE001 -- it is raised again in the thread that waits
            self.failure = error
        finally:
            self.line.close()

    def came(self) -> bytes:
        """What has come so far, without the key, cut at the limit."""
        return _without(self.endpoint.api_key, b"".join(self._pieces))[: self.endpoint.max_bytes]

    def _failure(self, error: Exception) -> LlmFailed:
        came = readable(self.came())
        refused = isinstance(error, NewConnectionError)  # urllib3 counts it among the timeouts, too
        if isinstance(error, TimedOut) and not refused:
            return LlmTimeout(seconds=self.endpoint.seconds, answer=came)
        cause = "certificate" if isinstance(error, SSLError) else "connection"
        return LlmUnreachable(host=self.address.host, cause=cause, answer=came)

    def _exchange(self) -> Reply:
        with _pool(self.address, self.line, self.seconds) as pool:
            response = pool.urlopen(
                "POST", self.address.path, body=self.body, headers=self._headers(), retries=False, redirect=False,
                assert_same_host=False, preload_content=False, decode_content=False,
            )  # fmt: skip
            try:
                size = self._receive(response)
            finally:
                response.close()
        if size > self.endpoint.max_bytes and 200 <= response.status < 300:
            raise LlmAnswerTooLarge(limit=self.endpoint.max_bytes, answer=readable(self.came()))
        headers = response.headers
        after = _seconds(headers.get("Retry-After", ""))
        return Reply(response.status, headers.get("Content-Type", ""), after, self.came())

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity"}
        if self.endpoint.api_key:
            headers["Authorization"] = f"Bearer {self.endpoint.api_key}"
        return headers | {"User-Agent": "q-storm-platform"}

    def _receive(self, response: urllib3.BaseHTTPResponse) -> int:
        """How many bytes came; stops as soon as they are too many."""
        size = 0
        while size <= self.endpoint.max_bytes and (piece := response.read1(PIECE, decode_content=False)):
            self._pieces.append(piece)
            size += len(piece)
        return size


def _pool(to: Address, line: _Line, seconds: float) -> urllib3.HTTPConnectionPool:
    common: dict[str, Any] = {"timeout": urllib3.Timeout(connect=seconds, read=seconds), "maxsize": 1}
    pool: urllib3.HTTPConnectionPool
    if to.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(to.host, to.port, cert_reqs="CERT_REQUIRED", **common)
        pool.ConnectionCls = _watched(HTTPSConnection, line)
    else:
        pool = urllib3.HTTPConnectionPool(to.host, to.port, **common)
        pool.ConnectionCls = _watched(HTTPConnection, line)
    return pool


def _watched(kind: Any, line: _Line) -> Any:
    class Watched(kind):
        def _new_conn(self) -> socket.socket:
            connected: socket.socket = super()._new_conn()
            line.watch(connected)
            return connected

    return Watched


def _failure(reply: Reply) -> LlmFailed:
    known: dict[int, Callable[..., LlmFailed]] = {401: LlmRefused, 403: LlmRefused, 429: LlmBusy}
    redirected = 300 <= reply.status < 400
    return known.get(reply.status, LlmRedirected if redirected else LlmError)(status=reply.status, answer=reply.text)


def _seconds(retry_after: str) -> float | None:
    """``Retry-After`` as seconds from now: it is a number of them, or a date. None when it is neither."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _without(key: str, body: bytes) -> bytes:
    """The body without the key, and without the key's beginning where the body was cut within it."""
    if len(key) < SECRET:
        return body
    secret = key.encode()
    body = body.replace(secret, HIDDEN)
    begun = next((size for size in range(len(secret) - 1, SECRET // 2, -1) if body.endswith(secret[:size])), 0)
    return body[: len(body) - begun] + HIDDEN if begun else body
