"""Is it alive, and is it ready? Each dependency is tried and timed."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def _storage() -> None:
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=root) as file:
        file.write(b"ready")


def _cache() -> None:
    cache.set("health", "ready", 10)
    if cache.get("health") != "ready":
        raise RuntimeError("the cache forgot what it was told")


CHECKS: dict[str, Callable[[], None]] = {"database": _database, "storage": _storage, "cache": _cache}


def _try(check: Callable[[], None]) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        check()
        state = "ok"
    except Exception as error:  # noqa: BLE001 - whatever is broken, the answer must say so
        state = f"failed: {type(error).__name__}"
    return {"status": state, "milliseconds": round((time.perf_counter() - started) * 1000, 2)}


class PublicView(APIView):
    """A route that needs no token and ignores a stale one."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_classes: list[Any] = []


@extend_schema(tags=["operations"], summary="Is the server alive?", responses={200: dict, 503: dict})
class Health(PublicView):
    def get(self, request: Request) -> Response:
        result = _try(_database)
        body = {"status": result["status"], "name": settings.APP_NAME, "version": settings.VERSION}
        return Response(body, status=200 if result["status"] == "ok" else 503)


@extend_schema(tags=["operations"], summary="Are all dependencies ready?", responses={200: dict, 503: dict})
class Ready(PublicView):
    def get(self, request: Request) -> Response:
        checks = {name: _try(check) for name, check in CHECKS.items()}
        good = all(check["status"] == "ok" for check in checks.values())
        body = {"status": "ok" if good else "failed", "name": settings.APP_NAME, "version": settings.VERSION}
        return Response(body | {"checks": checks}, status=200 if good else 503)
