"""Request limits that hold over all server processes: one upsert per counted request.

A fixed window per key. DRF's own throttles keep a list per key in the cache, which is per process in memory and
several queries in the database cache; this is one statement on SQLite and PostgreSQL alike.
"""

import hashlib
import time
from typing import Any

from django.conf import settings
from django.db import connection
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

COUNT = """
INSERT INTO core_request_count (key, "window", count) VALUES (%s, %s, 1)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN core_request_count."window" = excluded."window" THEN core_request_count.count + 1 ELSE 1 END,
  "window" = excluded."window"
RETURNING count
"""


class WindowThrottle(BaseThrottle):
    """At most ``limit`` requests per ``seconds`` and key; ``scope`` names the rate in ``settings.THROTTLE_RATES``."""

    scope = "user"

    def keys(self, request: Request, view: Any) -> list[str]:
        raise NotImplementedError

    def allow_request(self, request: Request, view: Any) -> bool:
        if not settings.THROTTLE:
            return True
        limit, seconds = settings.THROTTLE_RATES[self.scope]
        now = time.time()
        window = int(now // seconds)
        self.left = seconds - now % seconds
        return all(count(f"{self.scope}:{key}", window) <= limit for key in self.keys(request, view))

    def wait(self) -> float:
        return self.left


def count(key: str, window: int) -> int:
    """Counts one request and returns how many this window has seen."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [key, window])
        return int(cursor.fetchone()[0])


def address(request: Request) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


class UserThrottle(WindowThrottle):
    """Everything: per user; per address for callers without one."""

    scope = "user"

    def keys(self, request: Request, view: Any) -> list[str]:
        user = request.user
        return [f"u{user.pk}" if user and user.is_authenticated else f"a{address(request)}"]


class UploadThrottle(UserThrottle):
    scope = "upload"


class AccountThrottle(WindowThrottle):
    """Login, register and token routes: per account and per address."""

    scope = "account"

    def keys(self, request: Request, view: Any) -> list[str]:
        data = request.data if isinstance(request.data, dict) else {}
        name = str(data.get("username") or data.get("email") or "").strip().lower()
        keys = [f"a{address(request)}"]
        if name:
            keys.append("n" + hashlib.sha256(name.encode()).hexdigest()[:32])
        return keys
