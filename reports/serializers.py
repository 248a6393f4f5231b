"""Reports in and out."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from datasets.selecting import Moment
from datasets.serializers import DatasetListSerializer
from jobs.failure import shown
from jobs.serializers import JobErrorSerializer
from reports.eda.options import MOST_PLOTS, SMALLEST_SAMPLE
from reports.models import AccessLog, Report, ShareLink


class AnalyzeFields(serializers.Serializer[Any]):
    dataset_id = serializers.IntegerField(help_text="A dataset that I may read.")
    report_title = serializers.CharField(
        max_length=255, required=False, allow_blank=True, default="", help_text="Without one, the dataset's name."
    )
    report_description = serializers.CharField(
        max_length=5000, required=False, allow_blank=True, allow_null=True, default="", trim_whitespace=False
    )
    target_column = serializers.CharField(
        required=False, allow_null=True, default=None, trim_whitespace=False, help_text="What is to be predicted."
    )
    analysis_mode = serializers.ChoiceField(
        Report.Mode.choices, default=Report.Mode.ALL, help_text="Which pages are drawn at once, besides the results."
    )
    sample_size = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=SMALLEST_SAMPLE, max_value=2**62,
        help_text="At most so many rows, drawn at random and the same each time; without it, all of them.",
    )  # fmt: skip
    max_plots = serializers.IntegerField(default=8, min_value=0, max_value=MOST_PLOTS)


class MadeSerializer(serializers.Serializer[Any]):
    report_id = serializers.IntegerField()
    status = serializers.ChoiceField(Report.Status.choices)
    message = serializers.CharField()
    job_id = serializers.IntegerField()


class ReportSerializer(serializers.ModelSerializer[Report]):
    report_type = serializers.SerializerMethodField()
    progress = serializers.IntegerField(read_only=True)
    error = serializers.SerializerMethodField()
    dataset_id = serializers.IntegerField(allow_null=True, read_only=True)

    class Meta:
        model = Report
        fields = (
            "id", "title", "description", "report_type", "analysis_mode", "target_column", "sample_size", "max_plots",
            "status", "progress", "data_quality_score", "problem_type", "dataset_id", "is_public", "error",
            "created_at", "completed_at",
        )  # fmt: skip
        read_only_fields = [name for name in fields if name not in {"title", "description", "is_public"}]

    def get_report_type(self, report: Report) -> str:
        return "eda"

    @extend_schema_field(JobErrorSerializer(allow_null=True))
    def get_error(self, report: Report) -> dict[str, Any] | None:
        return shown(report.error)


class ReportChangeFields(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=255, required=False)
    description = serializers.CharField(max_length=5000, required=False, allow_blank=True, trim_whitespace=False)
    is_public = serializers.BooleanField(required=False)


class ResultsSerializer(serializers.Serializer[Any]):
    report_id = serializers.IntegerField()
    results = serializers.DictField(help_text="See the list of its parts in the description.")


class ShareFields(serializers.Serializer[Any]):
    is_public = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Also lists the report publicly, or no longer."
    )
    expires_at = Moment(required=False, allow_null=True, default=None)
    max_views = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=2**31 - 1
    )
    password = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, default=None, max_length=200, trim_whitespace=False
    )


class NewShareLinkSerializer(serializers.Serializer[Any]):
    share_token = serializers.CharField()
    share_url = serializers.CharField()
    is_public = serializers.BooleanField()
    expires_at = serializers.DateTimeField(allow_null=True)


class ShareAccessSerializer(serializers.ModelSerializer[AccessLog]):
    class Meta:
        model = AccessLog
        fields = ("accessed_at", "format", "address", "user_agent")


class ShareLinkSerializer(serializers.ModelSerializer[ShareLink]):
    has_password = serializers.SerializerMethodField()
    accesses = serializers.SerializerMethodField()

    class Meta:
        model = ShareLink
        fields = ("id", "created_at", "expires_at", "max_views", "views", "has_password", "revoked_at", "accesses")

    @extend_schema_field(ShareAccessSerializer(many=True))
    def get_accesses(self, link: ShareLink) -> list[dict[str, Any]]:
        known = self.context.get("accesses", {}).get(link.pk, [])
        return list(ShareAccessSerializer(known, many=True).data)

    def get_has_password(self, link: ShareLink) -> bool:
        return bool(link.password)


class CompareFields(serializers.Serializer[Any]):
    """Two of the one or two of the other."""

    report_ids = serializers.ListField(child=serializers.IntegerField(), required=False, min_length=2, max_length=2)
    dataset_ids = serializers.ListField(child=serializers.IntegerField(), required=False, min_length=2, max_length=2)


class DashboardStatsSerializer(serializers.Serializer[Any]):
    total_reports = serializers.IntegerField()
    total_datasets = serializers.IntegerField()
    recent_reports = ReportSerializer(many=True)
    recent_datasets = DatasetListSerializer(many=True)
    storage_used = serializers.IntegerField(help_text="Bytes of my originals, tables and reports.")
