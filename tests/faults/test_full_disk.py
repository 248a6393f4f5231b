"""A full disk: said as such, and nothing half-written stays."""

import errno
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import User
from datasets import receiving, storage
from datasets.models import Dataset

CSV = b"Date,shop,sales\n2024-01-01,Ebisu,1000\n"


def no_space(*_args, **_kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def client(db):
    client = APIClient(raise_request_exception=False)
    client.force_login(User.objects.create_user("owner", "owner@example.com", "pass-word-1"))
    return client


def while_receiving(monkeypatch):
    """The kernel's own full device, behind the name of the file that is received."""
    real = receiving.Path.open
    monkeypatch.setattr(
        receiving.Path,
        "open",
        lambda path, *a, **k: real(Path("/dev/full") if path.name == "original" else path, *a, **k),
    )


def while_making_a_place(monkeypatch):
    monkeypatch.setattr(Path, "mkdir", no_space)


def while_keeping_the_original(monkeypatch):
    monkeypatch.setattr(storage, "sync", no_space)


def while_keeping_the_table(monkeypatch):
    real = storage.keep
    monkeypatch.setattr(
        storage, "keep", lambda source, key: no_space() if key.endswith(storage.TABLE_SUFFIX) else real(source, key)
    )


@pytest.mark.parametrize(
    "full", [while_receiving, while_making_a_place, while_keeping_the_original, while_keeping_the_table]
)
def test_a_full_disk_refuses_an_upload(client, monkeypatch, settings, full):
    with monkeypatch.context() as patch:
        full(patch)
        answer = client.post("/api/v1/data/upload", {"file": SimpleUploadedFile("sales.csv", CSV)}, format="multipart")
    assert (answer.status_code, answer.json()["error"]["reason"]) == (503, "storage_full")
    assert int(answer["Retry-After"]) > 0
    assert Dataset.objects.count() == 0
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []
    answer = client.post("/api/v1/data/upload", {"file": SimpleUploadedFile("sales.csv", CSV)}, format="multipart")
    assert answer.status_code == 200, "and with space again all is well"
