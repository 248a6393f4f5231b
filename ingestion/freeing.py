"""The copy of a file goes with its row, whichever way the row went."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete

from datasets import storage
from ingestion.models import FileUpload


def connect() -> None:
    post_delete.connect(_on_delete, sender=FileUpload, dispatch_uid="free an ingested file's bytes")


def _on_delete(instance: FileUpload, using: str, **_kwargs: Any) -> None:
    if instance.s3_key:
        transaction.on_commit(partial(storage.remove, instance.s3_key), using=using, robust=True)
