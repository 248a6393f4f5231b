"""One upload in a process of its own that is killed at a chosen point. Run by test_kills.py: POINT USER_ID."""

import os
import signal
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.db import connection  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402

from accounts.models import User  # noqa: E402
from datasets import creating, ingesting, receiving, storage, workplace  # noqa: E402
from datasets.models import Dataset  # noqa: E402

ROWS = b"Date,shop,sales\n" + b"2024-01-01,Ebisu,1000\n" * 200_000


def die(*_args, **_kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


def before(module, name, at=1):
    """Dies instead of the ``at``-th call of ``module.name``."""
    real, calls = getattr(module, name), []

    def wrapped(*args, **kwargs):
        calls.append(1)
        return die() if len(calls) == at else real(*args, **kwargs)

    setattr(module, name, wrapped)


def during_parsing():
    """Dies while the child works."""
    import threading

    real = ingesting.ingest

    def started(*args):
        threading.Timer(0.05, die).start()
        return real(*args)

    ingesting.ingest = started


def before_commit():
    """Dies when the row is written and the transaction still open."""
    real = Dataset.save

    def saved(self, *args, **kwargs):
        real(self, *args, **kwargs)
        assert connection.in_atomic_block
        die()

    Dataset.save = saved


POINTS = {
    "while receiving": lambda: before(receiving._Receiver, "receive_data_chunk", at=3),
    "before parsing": lambda: before(ingesting, "ingest"),
    "while parsing": during_parsing,
    "before the original": lambda: before(storage, "keep", at=1),
    "before the original is named": lambda: before(storage.Path, "rename", at=2),
    "between the two": lambda: before(storage, "keep", at=2),
    "before the row": lambda: before(creating, "insert"),
    "before the commit": before_commit,
    "after the commit": lambda: before(workplace.Workplace, "close"),
    "while deleting": lambda: before(storage, "remove"),
}

if __name__ == "__main__":
    settings.ALLOWED_HOSTS = ["*"]
    point, user_id = sys.argv[1:]
    client = APIClient()
    client.force_login(User.objects.get(pk=user_id))
    if point == "while deleting":
        made = client.post("/api/v1/data/upload", {"file": SimpleUploadedFile("sales.csv", ROWS)}, format="multipart")
        POINTS[point]()
        client.delete(f"/api/v1/datasets/{made.json()['id']}")
    POINTS[point]()
    client.post("/api/v1/data/upload", {"file": SimpleUploadedFile("sales.csv", ROWS)}, format="multipart")
    sys.exit(f"survived {point}")
