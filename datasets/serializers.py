"""Datasets as they are shown, and what may be written about them."""

import json
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from datasets.models import Dataset
from jobs.failure import shown
from jobs.serializers import JobErrorSerializer
from tabular.options import Options
from tabular.schema import DTYPES

DTYPE_WORDS = (*DTYPES, "int64")
WRITTEN_DELIMITERS = {"\\t": "\t", "tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}


class Text(serializers.CharField):
    """Text only: a number or a list is a mistake, not a name."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


def one_line(value: str) -> None:
    """A name is shown in lists and becomes a file name."""
    if not value.isprintable():
        raise serializers.ValidationError(_("Write one line without control characters."))


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class Types(serializers.Field[Any, Any, Any, Any]):
    """``{"column": "dtype"}``, in a form as JSON text."""

    default_error_messages = {
        "invalid": _("Write a JSON object of column names and types."),
        "unknown": _("{dtype} is not a type. The types are: {dtypes}."),
    }

    def to_internal_value(self, data: Any) -> dict[str, str]:
        value = _json(data)
        if not isinstance(value, dict) or not all(isinstance(dtype, str) for dtype in value.values()):
            self.fail("invalid")
        for dtype in value.values():
            if dtype not in DTYPE_WORDS:
                self.fail("unknown", dtype=dtype[:100], dtypes=", ".join(DTYPE_WORDS))
        return value

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class Markers(serializers.Field[Any, Any, Any, Any]):
    """Texts that mean "missing": a comma list or a JSON list."""

    default_error_messages = {"invalid": _("Write texts separated by commas, or a JSON list of texts.")}

    def to_internal_value(self, data: Any) -> tuple[str, ...]:
        value = _json(data) if isinstance(data, str) and data.lstrip().startswith("[") else data
        if isinstance(value, str):
            value = value.split(",")
        if not isinstance(value, list) or not all(isinstance(marker, str) for marker in value):
            self.fail("invalid")
        return tuple(value)

    def to_representation(self, value: Any) -> Any:
        return value


def _json(data: Any) -> Any:
    if not isinstance(data, str):
        return data
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


class ReadingFields(serializers.Serializer[Any]):
    """The caller's own words about how a file is to be read; whatever is left out is found out."""

    sheet_name = Text(required=False, allow_blank=True, max_length=255, trim_whitespace=False)
    header_row = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=1_000_000)
    encoding = Text(required=False, allow_blank=True, max_length=40)
    delimiter = Text(required=False, allow_blank=True, max_length=10, trim_whitespace=False)
    dayfirst = serializers.BooleanField(required=False, allow_null=True)
    na_values = Markers(required=False)
    max_bad_rows = serializers.FloatField(required=False, min_value=0, max_value=1)
    types = Types(required=False)

    def validate_delimiter(self, value: str) -> str:
        value = WRITTEN_DELIMITERS.get(value.lower(), value)
        if len(value) > 1:
            raise serializers.ValidationError(_("Write one character."))
        return value

    def options(self, filename: str) -> Options:
        said = {str(name): self.validated_data.get(name) for name in ReadingFields().fields}
        return Options(filename=filename, **{name: value for name, value in said.items() if value not in (None, "")})


class UploadFields(ReadingFields):
    file = serializers.FileField(required=False, help_text="The table: CSV, XLSX, XLS, ODS, JSON, NDJSON or Parquet.")
    session_id = Text(required=False, allow_blank=True, help_text="Where it lands; the token's session by default.")
    name = Text(
        required=False, allow_blank=True, max_length=255, validators=[one_line], help_text="The file's stem by default."
    )
    description = Text(required=False, allow_blank=True, max_length=5000, trim_whitespace=False)
    is_public = serializers.BooleanField(required=False, default=False)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        return {"file": fields.pop("file"), **fields}


class InspectFields(ReadingFields):
    file = serializers.FileField(required=False, help_text="The table to look at; nothing is kept.")


class ColumnSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    dtype = serializers.ChoiceField(choices=DTYPES)
    role = serializers.CharField(allow_null=True)


class RolesSerializer(serializers.Serializer[Any]):
    date = serializers.CharField(allow_null=True)
    store = serializers.CharField(allow_null=True)
    category = serializers.CharField(allow_null=True)
    measures = serializers.ListField(child=serializers.CharField())


class DerivedFromSerializer(serializers.Serializer[Any]):
    """The dataset that was cleaned and the execution that did it, either of which may be gone by now."""

    dataset_id = serializers.IntegerField()
    execution_id = serializers.IntegerField()


class DatasetListSerializer(serializers.ModelSerializer[Dataset]):
    dataset_id = serializers.IntegerField(source="pk", read_only=True)
    columns = serializers.ListField(source="column_names", child=serializers.CharField(), read_only=True)
    roles = RolesSerializer(source="effective_roles", read_only=True)
    is_public = serializers.BooleanField(read_only=True)
    project_id = serializers.IntegerField(read_only=True, allow_null=True)
    derived_from = DerivedFromSerializer(read_only=True, allow_null=True)
    duplicate_of = serializers.IntegerField(read_only=True, allow_null=True)
    path = serializers.CharField(source="original", read_only=True)
    error = serializers.SerializerMethodField()

    class Meta:
        model = Dataset
        fields = (
            "id", "dataset_id", "name", "description", "filename", "file_size", "format", "encoding", "status", "error",
            "rows", "columns", "roles", "is_public", "shared_with", "session_id", "owner_id", "company_id",
            "project_id", "content_hash", "derived_from", "duplicate_of", "path", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(JobErrorSerializer(allow_null=True))
    def get_error(self, dataset: Dataset) -> dict[str, Any] | None:
        return shown(dataset.error)


class DatasetSerializer(DatasetListSerializer):
    schema = serializers.SerializerMethodField()

    class Meta:
        model = Dataset
        fields = (*DatasetListSerializer.Meta.fields, "schema")
        read_only_fields = fields

    @extend_schema_field(ColumnSerializer(many=True))
    def get_schema(self, dataset: Dataset) -> list[dict[str, Any]]:
        return [column.to_dict() for column in dataset.columns]


class ChangeFields(serializers.Serializer[Any]):
    """Everything about a dataset that may be changed; what is absent stays."""

    name = Text(required=False, max_length=255, validators=[one_line])
    description = Text(required=False, allow_blank=True, max_length=5000, trim_whitespace=False)
    is_public = serializers.BooleanField(required=False)
    roles = serializers.JSONField(
        required=False, allow_null=True, help_text='{"store": "店舗名"} overrides, null gives a role back to detection.'
    )


class ReceiptSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()
    id = serializers.IntegerField()
    dataset_id = serializers.IntegerField()
    session_id = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()
    filename = serializers.CharField()
    file_size = serializers.IntegerField()
    status = serializers.ChoiceField(choices=Dataset.Status.choices)
    rows = serializers.IntegerField()
    columns = serializers.ListField(child=serializers.CharField())
    preview = serializers.ListField(child=serializers.DictField())
    duplicate_of = serializers.IntegerField(allow_null=True)
    warnings = serializers.ListField(child=serializers.DictField())


class AcceptedUploadSerializer(ReceiptSerializer):
    job_id = serializers.IntegerField()


class SessionDatasetSerializer(serializers.ModelSerializer[Dataset]):
    path = serializers.CharField(source="original", read_only=True)

    class Meta:
        model = Dataset
        fields = ("id", "name", "created_at", "path")
        read_only_fields = fields


class PreviewSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    columns = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(child=serializers.DictField())
    total_rows = serializers.IntegerField()
    preview_rows = serializers.IntegerField()


class DownloadLinkSerializer(serializers.Serializer[Any]):
    download_url = serializers.URLField()
    expires_in = serializers.IntegerField(help_text="Seconds.")
    type = serializers.ChoiceField(choices=["signed"])
    storage = serializers.ChoiceField(choices=["local", "s3", "gcs"])


class RowsSerializer(serializers.Serializer[Any]):
    page = serializers.IntegerField()
    page_size = serializers.IntegerField()
    total = serializers.IntegerField()
    pages = serializers.IntegerField()
    has_next = serializers.BooleanField()
    has_prev = serializers.BooleanField()
    next_page = serializers.IntegerField(allow_null=True)
    prev_page = serializers.IntegerField(allow_null=True)
    items = serializers.ListField(child=serializers.DictField())


class FacetValueSerializer(serializers.Serializer[Any]):
    value = serializers.JSONField()
    count = serializers.IntegerField()


class FacetSerializer(serializers.Serializer[Any]):
    values = FacetValueSerializer(many=True)
    unique = serializers.IntegerField(help_text="How many different values there are, without null.")
    missing = serializers.IntegerField(help_text="How many rows have none.")


class FacetsSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    facets = serializers.DictField(child=FacetSerializer())
