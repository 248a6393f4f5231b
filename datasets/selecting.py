"""Which datasets a list shows."""

from datetime import UTC, datetime, time
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import dateparse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from accounts.authentication import caller
from accounts.models import User
from accounts.sessions import readable_session
from datasets.models import Dataset


@extend_schema_field({"type": "string", "format": "date-time"})
class Moment(serializers.Field[Any, Any, Any, Any]):
    """A date or a datetime; without an offset it is UTC."""

    default_error_messages = {"invalid": _("Write a date (2024-01-31) or a datetime (2024-01-31T15:04:05Z).")}

    def to_internal_value(self, data: Any) -> datetime:
        found = _moment(str(data)) or _moment(str(data).replace(" ", "+"))  # an unescaped + arrives as a space
        if found is None:
            self.fail("invalid")
        return found


def _moment(text: str) -> datetime | None:
    try:
        found = dateparse.parse_datetime(text)
        if found is None:
            day = dateparse.parse_date(text)
            found = datetime.combine(day, time.min) if day else None
        if found is None:
            return None
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


class ListQuery(serializers.Serializer[Any]):
    session_id = serializers.CharField(required=False, help_text="Those of one session of mine.")
    name = serializers.CharField(required=False, help_text="Those of exactly this name.", trim_whitespace=False)
    is_public = serializers.BooleanField(required=False, allow_null=True, default=None)
    scope = serializers.ChoiceField(
        choices=["public"], required=False, help_text="`public`: what others made public as well."
    )
    created_after = Moment(required=False)
    created_before = Moment(required=False)


def with_duplicates(datasets: QuerySet[Dataset], user: User) -> QuerySet[Dataset]:
    """Adds ``duplicate_of``: the oldest dataset with the same bytes that the user may list."""
    same = _older(user, OuterRef("content_hash"), OuterRef("pk"))
    return datasets.annotate(duplicate_of=Subquery(same.values("pk")[:1]))


def duplicate_of(dataset: Dataset, user: User) -> int | None:
    """As ``with_duplicates``, for one."""
    return _older(user, dataset.content_hash, dataset.pk).values_list("pk", flat=True).first()


def _older(user: User, content_hash: Any, pk: Any) -> QuerySet[Dataset]:
    same = Dataset.objects.listed_for(user).filter(content_hash=content_hash, pk__lt=pk)
    return same.exclude(content_hash="").order_by("pk")


def listed(request: Request) -> QuerySet[Dataset]:
    """The list of ``GET /datasets``: finished or failed ones, filtered by the query."""
    query = ListQuery(data=request.query_params)
    query.is_valid(raise_exception=True)
    asked = query.validated_data
    found = Dataset.objects.public() if asked.get("scope") else Dataset.objects.listed_for(caller(request))
    found = found.exclude(status=Dataset.Status.PROCESSING)
    if "session_id" in asked:
        found = found.filter(session=readable_session(request, session_id=asked["session_id"]))
    if "name" in asked:
        found = found.filter(name=asked["name"])
    if asked["is_public"] is not None:
        public = {"shared_with": Dataset.Sharing.EVERYONE}
        found = found.filter(**public) if asked["is_public"] else found.exclude(**public)
    if "created_after" in asked:
        found = found.filter(created_at__gte=asked["created_after"])
    if "created_before" in asked:
        found = found.filter(created_at__lt=asked["created_before"])
    return found.defer("report", "options")
