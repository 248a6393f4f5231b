"""The job resource."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api import fill
from jobs.failure import shown
from jobs.models import Job


class AcceptedSerializer(serializers.Serializer[Any]):
    """202: the work is done in the background; `Location` says where to follow it."""

    job_id = serializers.IntegerField()
    status = serializers.ChoiceField(Job.Status.choices)


class JobErrorSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField()
    message = serializers.CharField()
    details = serializers.DictField()


class JobSerializer(serializers.ModelSerializer[Job]):
    """``links`` join the resource: ``dataset_id``, ``report_id``, ``session_id`` where the job has them."""

    job_id = serializers.IntegerField(source="pk", read_only=True)
    message = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()
    counts = serializers.DictField(child=serializers.IntegerField())
    result = serializers.JSONField(allow_null=True)
    dataset_id = serializers.IntegerField(required=False, help_text="Only where the job is about a dataset.")
    report_id = serializers.IntegerField(required=False, help_text="Only where the job is about a report.")
    session_id = serializers.IntegerField(required=False, help_text="Only where the job is about an ingest session.")

    class Meta:
        model = Job
        fields = [
            "id", "job_id", "kind", "status", "progress", "message", "counts", "result", "error", "dataset_id",
            "report_id", "session_id", "created_at", "started_at", "ended_at",
        ]  # fmt: skip
        read_only_fields = fields

    def to_representation(self, instance: Job) -> dict[str, Any]:
        # The links lie in one JSON column, so the three declared fields find no attribute and leave themselves out.
        return super().to_representation(instance) | instance.links

    def get_message(self, job: Job) -> str:
        return fill(_(job.message), job.facts) if job.message else ""

    @extend_schema_field(JobErrorSerializer(allow_null=True))
    def get_error(self, job: Job) -> dict[str, Any] | None:
        return shown(job.error)
