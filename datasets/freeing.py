"""Deleting a dataset frees its bytes, whichever way the row went: by its route, the admin, or with its owner."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete

from datasets import storage
from datasets.models import Dataset


def connect() -> None:
    post_delete.connect(_on_delete, sender=Dataset, dispatch_uid="free a dataset's bytes")


def _on_delete(instance: Dataset, using: str, **_kwargs: Any) -> None:
    """Only schedules: the bytes go when the row is gone for good."""
    free = partial(storage.remove, instance.original, instance.parquet)
    transaction.on_commit(free, using=using, robust=True)
