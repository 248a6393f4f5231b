"""What somebody has here: how many, how much, and the newest."""

from typing import Any

from django.db.models import Sum
from django.db.models.functions import Length

from accounts.models import User
from datasets import storage
from datasets.models import Dataset
from datasets.selecting import with_duplicates
from reports.models import Page, Report

NEWEST = 5


def stats(user: User) -> dict[str, Any]:
    """``{total_reports, total_datasets, recent_reports, recent_datasets, storage_used}`` as objects of mine."""
    reports = Report.objects.light().listed_for(user)
    datasets = Dataset.objects.listed_for(user).exclude(status=Dataset.Status.PROCESSING)
    newest = with_duplicates(datasets, user).defer("report", "options").order_by("-pk")
    return {
        "total_reports": reports.count(),
        "total_datasets": datasets.count(),
        "recent_reports": reports[:NEWEST],
        "recent_datasets": newest[:NEWEST],
        "storage_used": storage_used(user),
    }


def storage_used(user: User) -> int:
    """Bytes of what is mine: originals, typed tables (where they lie on this machine), results and pages."""
    mine = Dataset.objects.filter(owner=user).order_by()
    originals = mine.aggregate(total=Sum("file_size"))["total"] or 0
    tables = sum(_size(key) for key in mine.values_list("parquet", flat=True).iterator())
    results = Report.objects.filter(owner=user).order_by().aggregate(total=Sum(Length("results")))["total"] or 0
    pages = Page.objects.filter(report__owner=user).aggregate(total=Sum(Length("body")))["total"] or 0
    return int(originals + tables + results + pages)


def _size(key: str) -> int:
    path = storage.on_disk(key) if key else None
    return path.stat().st_size if path is not None and path.is_file() else 0
