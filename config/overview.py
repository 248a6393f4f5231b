"""The debug overview: what the installation holds and did lately, as JSON for staff and as the admin's first page."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Company, User, WorkSession
from analysis.models import AnalysisJob
from datasets.models import Dataset
from jobs.failure import shown
from jobs.models import Job

LATEST = 10
DAYS = 14
EXAMPLE = {
    "users": 12,
    "companies": 4,
    "sessions": 87,
    "datasets": 41,
    "analysis_jobs": 356,
    "running": {"datasets": 0, "analysis_jobs": 1},
    "failed": {"datasets": 2, "analysis_jobs": 3, "background_jobs": 0},
    "background_jobs": {"queued": 1, "running": 1, "succeeded": 40, "failed": 0, "cancelled": 2},
    "queue_depth": 1,
    "latest_jobs": [{"id": 356, "type": "timeseries", "created_at": "2026-11-21T09:30:00.000000Z"}],
    "storage_used": 734003200,
    "everything": {"accounts.company": 4, "datasets.dataset": 41},
}


def counts() -> dict[str, Any]:
    """How many there are of everything, what runs, what failed; ``storage_used`` in bytes."""
    background = background_jobs()
    return {
        "users": User.objects.count(),
        "companies": Company.objects.count(),
        "sessions": WorkSession.objects.count(),
        "datasets": Dataset.objects.count(),
        "analysis_jobs": AnalysisJob.objects.count(),
        "running": {
            "datasets": Dataset.objects.filter(status=Dataset.Status.PROCESSING).count(),
            "analysis_jobs": AnalysisJob.objects.filter(status=AnalysisJob.Status.RUNNING).count(),
        },
        "failed": {
            "datasets": failed_datasets().count(),
            "analysis_jobs": failed_jobs().count(),
            "background_jobs": background[Job.Status.FAILED],
        },
        "background_jobs": background,
        "queue_depth": background[Job.Status.QUEUED],
        "everything": everything(),
        "storage_used": storage_used(),
    }


def background_jobs() -> dict[str, int]:
    """How many background jobs are in each status; none counts as 0."""
    found = dict(Job.objects.order_by().values_list("status").annotate(number=Count("pk")))
    return {status: found.get(status, 0) for status in Job.Status.values}


def everything() -> dict[str, int]:
    """How many rows each of the product's own models has: ``{"accounts.company": 4, …}``."""
    own = [app for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
    return {model._meta.label_lower: model._default_manager.count() for app in own for model in app.get_models()}


def latest_jobs() -> QuerySet[AnalysisJob]:
    return AnalysisJob.objects.select_related("dataset", "asked_by").defer("body")[:LATEST]


def failed_datasets() -> QuerySet[Dataset]:
    return Dataset.objects.filter(status=Dataset.Status.FAILED)


def failed_jobs() -> QuerySet[AnalysisJob]:
    return AnalysisJob.objects.filter(status=AnalysisJob.Status.FAILED).select_related("dataset").defer("body")


def failures() -> list[dict[str, Any]]:
    """The latest things that failed, newest first: ``{what, url, when, reason, message}``."""
    background = Job.objects.filter(status=Job.Status.FAILED)
    things = [thing for found in (failed_datasets(), failed_jobs(), background) for thing in found[:LATEST]]
    things.sort(key=lambda thing: thing.created_at, reverse=True)
    return [_failure(thing) for thing in things[:LATEST]]


def _failure(thing: Dataset | AnalysisJob | Job) -> dict[str, Any]:
    error = shown(thing.error) or {"reason": "", "message": ""}
    address = f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change"
    return {"what": str(thing), "url": reverse(address, args=[thing.pk]), "when": thing.created_at, **error}


def storage_used() -> int:
    """Bytes: what really lies in a local folder; in a remote bucket the size of the originals."""
    if isinstance(local := storages["default"], FileSystemStorage):
        return sum(_sizes(Path(local.location)))
    return Dataset.objects.aggregate(total=Sum("file_size"))["total"] or 0


def _sizes(folder: Path) -> Iterator[int]:
    if not folder.is_dir():
        return
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            yield from _sizes(Path(entry.path))
        else:
            yield entry.stat(follow_symlinks=False).st_size


def per_day(things: QuerySet[Any]) -> list[tuple[str, float | None]]:
    """How many were made on each of the last ``DAYS`` days (UTC), oldest first, empty days included."""
    today = timezone.now().date()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    recent = things.filter(created_at__date__gte=days[0]).order_by()
    found = recent.annotate(day=TruncDate("created_at")).values("day").annotate(number=Count("pk"))
    numbers = {row["day"]: row["number"] for row in found}
    return [(f"{day:%m-%d}", numbers.get(day, 0)) for day in days]


class Overview(APIView):
    """What the server holds and did lately. Staff only."""

    permission_classes = [IsAdminUser]

    @extend_schema(
        tags=["operations"],
        summary="The debug overview",
        responses={200: dict},
        examples=[OpenApiExample("Overview", value=EXAMPLE, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        jobs = [{"id": job.pk, "type": job.kind, "created_at": job.created_at} for job in latest_jobs()]
        return Response(counts() | {"latest_jobs": jobs})
