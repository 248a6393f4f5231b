"""Jobs as resources."""

from typing import Any

import orjson
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from analysis.models import AnalysisJob


@extend_schema_serializer(component_name="AnalysisJobItem")
class JobListSerializer(serializers.ModelSerializer):
    """A job without its result, for lists."""

    job_id = serializers.IntegerField(source="pk", read_only=True)
    duration = serializers.FloatField(source="milliseconds", read_only=True, help_text="Milliseconds of computing.")
    dataset_id = serializers.IntegerField(read_only=True)

    class Meta:
        model = AnalysisJob
        fields = [
            "id",
            "job_id",
            "kind",
            "status",
            "dataset_id",
            "params",
            "duration",
            "error",
            "created_at",
            "ended_at",
        ]
        read_only_fields = fields


@extend_schema_serializer(component_name="AnalysisJob")
class JobSerializer(JobListSerializer):
    """A job with its result (the very body that the question was answered with) and its receipt."""

    result = serializers.SerializerMethodField()

    class Meta(JobListSerializer.Meta):
        fields = [*JobListSerializer.Meta.fields, "result", "receipt"]
        read_only_fields = fields

    def get_result(self, job: AnalysisJob) -> dict[str, Any] | None:
        return orjson.loads(bytes(job.body)) if job.body else None
