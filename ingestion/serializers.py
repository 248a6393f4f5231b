"""Projects, cycles, sessions and files as they are shown and what may be written."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core import text
from ingestion import roots
from ingestion.models import Cycle, FileUpload, Project, SyncSession
from jobs.failure import shown
from jobs.models import Job
from jobs.serializers import JobErrorSerializer


class Words(serializers.CharField):
    """Text only: a number or a list is a mistake, not a name."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Id(serializers.IntegerField):
    """An id; ``"10"`` is one as well."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=2**63 - 1, **kwargs)


class JsonObject(serializers.JSONField):
    default_error_messages = {"object": _("Write a JSON object.")}

    def to_internal_value(self, data: Any) -> Any:
        value = super().to_internal_value(data)
        if not isinstance(value, dict):
            self.fail("object")
        return value


class ProjectSerializer(serializers.ModelSerializer[Project]):
    project_name = Words(max_length=200)
    description = Words(max_length=5000, required=False, allow_blank=True, trim_whitespace=False)
    bucket_name = Words(max_length=200, required=False, allow_blank=True)
    aws_region = Words(max_length=50, required=False, allow_blank=True)

    class Meta:
        model = Project
        fields = (
            "id", "company_id", "project_name", "description", "bucket_name", "aws_region", "is_active", "created_at",
            "updated_at",
        )  # fmt: skip
        read_only_fields = ("id", "company_id", "created_at", "updated_at")


class CycleSerializer(serializers.ModelSerializer[Cycle]):
    project_id = Id()
    cycle_name = Words(max_length=200)
    cycle_number = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    s3_prefix = Words(max_length=500, required=False, allow_blank=True)
    status = serializers.ChoiceField(choices=Cycle.Status.choices, required=False)
    description = Words(max_length=5000, required=False, allow_blank=True, trim_whitespace=False)
    cycle_metadata = JsonObject(required=False)

    class Meta:
        model = Cycle
        fields = (
            "id", "project_id", "cycle_name", "cycle_number", "s3_prefix", "status", "description", "cycle_metadata",
            "started_at", "completed_at", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = ("id", "created_at", "updated_at")
        validators: list[Any] = []  # what is taken is a conflict, told by the database


KEPT = ("aws_profile", "use_find")


class SessionSerializer(serializers.ModelSerializer[SyncSession]):
    project_id = Id()
    cycle_id = Id(required=False, allow_null=True)
    user_id = serializers.IntegerField(read_only=True, allow_null=True)
    local_directory = Words(max_length=4096, required=False, allow_blank=True, trim_whitespace=False)
    s3_prefix = Words(max_length=500, required=False, allow_blank=True)
    max_workers = serializers.IntegerField(min_value=1, max_value=50, required=False)
    times_to_retry = serializers.IntegerField(min_value=0, max_value=10, required=False)
    progress = serializers.IntegerField(read_only=True)
    job_id = serializers.IntegerField(read_only=True, allow_null=True)
    metadata = JsonObject(required=False)

    class Meta:
        model = SyncSession
        fields = (
            "id", "project_id", "cycle_id", "user_id", "job_id", "local_directory", "s3_prefix", "max_workers",
            "times_to_retry", "metadata", "status", "total_files", "files_uploaded", "files_failed", "files_skipped",
            "total_size_bytes", "progress", "started_at", "completed_at", "created_at",
        )  # fmt: skip
        read_only_fields = (
            "id", "status", "total_files", "files_uploaded", "files_failed", "files_skipped", "total_size_bytes",
            "started_at", "completed_at", "created_at",
        )  # fmt: skip

    def validate_local_directory(self, value: str) -> str:
        if value:
            text.check([value])
            roots.root_of(value, self.context["request"].user.company_id)
        return value

    def to_internal_value(self, data: Any) -> Any:
        values = super().to_internal_value(data)
        said = {name: data[name] for name in KEPT if isinstance(data.get(name), str | bool | int)}
        if said:
            values["metadata"] = values.get("metadata", {}) | said
        return values


class FileSerializer(serializers.ModelSerializer[FileUpload]):
    error_message = serializers.SerializerMethodField()
    error_reason = serializers.SerializerMethodField()
    dataset_id = serializers.SerializerMethodField()
    dataset_ids = serializers.SerializerMethodField()

    class Meta:
        model = FileUpload
        fields = (
            "id", "file_path", "s3_key", "file_size", "checksum", "status", "error_message", "error_reason",
            "is_duplicate", "dataset_id", "dataset_ids",
        )  # fmt: skip
        read_only_fields = fields

    def get_error_message(self, file: FileUpload) -> str | None:
        return (shown(file.error) or {}).get("message")

    def get_error_reason(self, file: FileUpload) -> str | None:
        return (file.error or {}).get("reason")

    def get_dataset_ids(self, file: FileUpload) -> list[int]:
        return sorted(dataset.pk for dataset in file.datasets.all())

    def get_dataset_id(self, file: FileUpload) -> int | None:
        """The first, for files with one table."""
        return next(iter(self.get_dataset_ids(file)), None)


class StatsSerializer(serializers.Serializer[Any]):
    total_sessions = serializers.IntegerField()
    active_sessions = serializers.IntegerField()
    completed_sessions = serializers.IntegerField()
    failed_sessions = serializers.IntegerField()
    total_files_uploaded = serializers.IntegerField()
    total_bytes_uploaded = serializers.IntegerField()


class StartSerializer(serializers.Serializer[Any]):
    session_id = Id()


class StartedSerializer(serializers.Serializer[Any]):
    job_id = serializers.IntegerField()
    session_id = serializers.IntegerField()
    status = serializers.CharField()
    message = serializers.CharField()


class UploadStatusSerializer(serializers.ModelSerializer[Job]):
    job_id = serializers.IntegerField(source="pk", read_only=True)
    session_id = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = (
            "job_id", "status", "session_id", "progress", "created_at", "started_at", "ended_at", "result", "error",
        )  # fmt: skip
        read_only_fields = fields

    def get_session_id(self, job: Job) -> int:
        return int(job.links["session_id"])

    @extend_schema_field(JobErrorSerializer(allow_null=True))
    def get_error(self, job: Job) -> dict[str, Any] | None:
        return shown(job.error)
