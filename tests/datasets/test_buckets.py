"""Originals and tables in a bucket: the whole way, against a server that speaks S3."""

from datetime import timedelta

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from moto.server import ThreadedMotoServer
from rest_framework.test import APIClient

from config import storages
from datasets import cache
from datasets.models import Dataset
from tests.datasets.conftest import CSV, upload


@pytest.fixture(scope="module")
def server():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(server, settings, monkeypatch):
    """The product's own settings, made from the environment that its documentation names."""
    for name, value in {
        "AWS_STORAGE_BUCKET_NAME": "tables", "AWS_S3_REGION_NAME": "ap-northeast-1", "AWS_S3_ENDPOINT_URL": server,
        "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_LOCATION": "platform",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    kind, entry = storages.chosen()
    settings.STORAGE_KIND = kind
    settings.STORAGES = settings.STORAGES | {"default": entry}
    client = boto3.client("s3", endpoint_url=server, region_name="ap-northeast-1")
    client.create_bucket(Bucket="tables", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"})

    def keys():
        return sorted(item["Key"] for item in client.list_objects_v2(Bucket="tables").get("Contents", []))

    keys.client = client
    yield keys
    for key in keys():
        client.delete_object(Bucket="tables", Key=key)
    client.delete_bucket(Bucket="tables")


def local_files(settings, folder=""):
    return [path for path in (settings.MEDIA_ROOT / folder).rglob("*") if path.is_file()]


def test_the_whole_way(bucket, owner, settings, django_capture_on_commit_callbacks):
    body = upload(owner, name="in a bucket").json()
    dataset = Dataset.objects.get(pk=body["id"])
    assert bucket() == sorted(f"platform/{key}" for key in (dataset.original, dataset.parquet))
    assert local_files(settings) == [], "nothing stays on this machine before somebody asks"

    url = f"/api/v1/datasets/{body['id']}"
    assert owner.get(f"{url}/rows?f=shop,eq,恵比寿").json()["total"] == 2
    copies = local_files(settings, "cache")
    assert len(copies) == 1
    before = copies[0].stat().st_ino
    assert owner.get(f"{url}/preview").json()["total_rows"] == 3
    assert local_files(settings, "cache")[0].stat().st_ino == before, "fetched once"

    link = owner.get(f"{url}/download-url").json()
    assert link["storage"] == "s3"
    answer = APIClient().get(link["download_url"].split("8000", 1)[1])
    assert b"".join(answer.streaming_content) == CSV

    with django_capture_on_commit_callbacks(execute=True):
        assert owner.delete(url).status_code == 204
    assert bucket() == []
    assert local_files(settings) == []


def test_the_cache_is_bounded(bucket, owner, settings, monkeypatch):
    monkeypatch.setattr(cache, "IN_USE_SECONDS", -1)
    ids = [upload(owner, CSV + f"2024-03-0{n},x,{n}\n".encode()).json()["id"] for n in range(1, 4)]
    settings.STORAGE_CACHE_BYTES = 1
    for pk in ids:
        assert owner.get(f"/api/v1/datasets/{pk}/rows").status_code == 200
        assert len(local_files(settings, "cache")) == 1, "the one in use stays, the others go"
    settings.STORAGE_CACHE_BYTES = 10_000_000
    for pk in ids:
        assert owner.get(f"/api/v1/datasets/{pk}/rows").json()["total"] == 4
    assert len(local_files(settings, "cache")) == 3


def test_reconciling_a_bucket(bucket, owner, settings, monkeypatch, capsys):
    body = upload(owner).json()
    call_command("reconcile")
    dataset = Dataset.objects.get(pk=body["id"])
    bucket.client.put_object(Bucket="tables", Key="platform/datasets/20240101/abc-left.csv", Body=b"x")
    call_command("reconcile")
    assert capsys.readouterr().out == "", "it may be an upload under way on another machine"
    monkeypatch.setattr("datasets.reconciling.PATIENCE", timedelta(0))
    bucket.client.delete_object(Bucket="tables", Key=f"platform/{dataset.parquet}")
    with pytest.raises(CommandError):
        call_command("reconcile")
    said = capsys.readouterr().out
    assert "bytes without a row: datasets/20240101/abc-left.csv" in said
    assert f"row without its bytes: dataset {dataset.pk} ({dataset.parquet})" in said


def test_a_bucket_that_can_not_be_reached(bucket, owner, settings):
    body = upload(owner).json()
    entry = settings.STORAGES["default"]
    gone = {"endpoint_url": "http://127.0.0.1:9", "client_config": boto3.session.Config(retries={"max_attempts": 0})}
    settings.STORAGES = settings.STORAGES | {"default": entry | {"OPTIONS": entry["OPTIONS"] | gone}}
    for answer in (upload(owner), owner.get(f"/api/v1/datasets/{body['id']}/rows")):
        assert (answer.status_code, answer.json()["error"]["reason"]) == (503, "storage_unavailable")
        assert answer.has_header("Retry-After")
    assert Dataset.objects.count() == 1


def test_bytes_that_a_bucket_lost(bucket, owner):
    body = upload(owner).json()
    default_storage.delete(Dataset.objects.get(pk=body["id"]).parquet)
    answer = owner.get(f"/api/v1/datasets/{body['id']}/rows")
    assert (answer.status_code, answer.json()["error"]["reason"]) == (503, "dataset_data_missing")
    assert not list(cache.root().glob("part-*"))


def test_google_by_environment(monkeypatch):
    monkeypatch.setenv("USE_GCS", "true")
    with pytest.raises(ImproperlyConfigured, match="GS_BUCKET_NAME"):
        storages.chosen()
    monkeypatch.setenv("GS_BUCKET_NAME", "tables")
    kind, entry = storages.chosen()
    assert (kind, entry["OPTIONS"]["bucket_name"]) == ("gcs", "tables")
    assert entry["BACKEND"] == "storages.backends.gcloud.GoogleCloudStorage"


def test_a_folder_by_default():
    assert storages.chosen()[0] == "local"
