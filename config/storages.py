"""Where files lie, by environment alone: a folder (MEDIA_ROOT), a bucket of S3, or one of Google Cloud Storage."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config import env

ROLLED_OVER = 8 * 1024 * 1024  # bytes of a fetched file that may stay in memory


def chosen() -> tuple[str, dict[str, Any]]:
    """``("local" | "s3" | "gcs", Django's STORAGES entry)``. Credentials are found by boto3 and Google's own rules."""
    if env.switch("USE_GCS", False):
        return "gcs", _gcs()
    if env.text("AWS_STORAGE_BUCKET_NAME"):
        return "s3", _s3()
    return "local", {"BACKEND": "django.core.files.storage.FileSystemStorage"}


def _s3() -> dict[str, Any]:
    options = {
        "bucket_name": env.text("AWS_STORAGE_BUCKET_NAME"),
        "region_name": env.text("AWS_S3_REGION_NAME", "AWS_REGION", "AWS_DEFAULT_REGION") or None,
        "endpoint_url": env.text("AWS_S3_ENDPOINT_URL", "AWS_ENDPOINT_URL") or None,
        "location": env.text("AWS_LOCATION"),
        "addressing_style": env.text("AWS_S3_ADDRESSING_STYLE") or None,
        "max_memory_size": ROLLED_OVER,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def _gcs() -> dict[str, Any]:
    bucket = env.text("GS_BUCKET_NAME")
    if not bucket:
        raise ImproperlyConfigured("USE_GCS is on, so GS_BUCKET_NAME must name the bucket.")
    options = {
        "bucket_name": bucket,
        "location": env.text("GS_LOCATION"),
        "project_id": env.text("GS_PROJECT_ID") or None,
        "custom_endpoint": env.text("GS_CUSTOM_ENDPOINT") or None,
        "max_memory_size": ROLLED_OVER,
    }
    return {"BACKEND": "storages.backends.gcloud.GoogleCloudStorage", "OPTIONS": options}
