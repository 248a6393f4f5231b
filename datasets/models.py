"""A dataset: immutable data (the original file and its typed Parquet) and editable metadata."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.deletion import Collector
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User, WorkSession
from datasets import roles
from tabular.schema import Column


def private_goes(collector: Collector, field: Any, datasets: models.QuerySet[Any], using: str) -> None:
    """What happens when an owner is deleted: private data goes too, what lies in a company's project stays."""
    companys = _companys()
    models.SET_NULL(collector, field, datasets.filter(companys), using)
    models.CASCADE(collector, field, datasets.exclude(companys), using)


class DatasetQuerySet(models.QuerySet["Dataset"]):
    """Visibility, said once: every view, and every id in a body, goes through these."""

    def visible_to(self, user: User) -> "DatasetQuerySet":
        """Mine, what lies in my company's projects, and what others made public."""
        return self.filter(Q(owner=user) | Q(shared_with=Dataset.Sharing.EVERYONE) | _in_company(user))

    def listed_for(self, user: User) -> "DatasetQuerySet":
        """What lists show: mine and my company's; the public ones of others are read by id only."""
        return self.filter(Q(owner=user) | _in_company(user))

    def editable_by(self, user: User) -> "DatasetQuerySet":
        """Mine; what lies in a project of a company, by that company's admins."""
        mine = Q(owner=user)
        return self.filter(mine | _in_company(user)) if user.is_company_admin else self.filter(mine)

    def public(self) -> "DatasetQuerySet":
        return self.filter(shared_with=Dataset.Sharing.EVERYONE)

    def ready(self) -> "DatasetQuerySet":
        return self.filter(status=Dataset.Status.READY)


def _in_company(user: User) -> Q:
    if user.company_id is None:
        return Q(pk__in=[])
    return Q(company_id=user.company_id) & _companys()


def _companys() -> Q:
    """What is the company's rather than one person's; a public one in a project is both."""
    return Q(shared_with=Dataset.Sharing.COMPANY) | Q(project__isnull=False)


class Dataset(models.Model):
    """One uploaded table. ``ready`` only when the original and the Parquet both lie in storage."""

    class Status(models.TextChoices):
        PROCESSING = "processing", _("processing")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    class Sharing(models.TextChoices):
        OWNER = "owner", _("owner only")
        COMPANY = "company", _("the company")
        EVERYONE = "everyone", _("everyone")

    owner = models.ForeignKey(User, on_delete=private_goes, null=True, blank=True, related_name="datasets")
    company = models.ForeignKey(Company, on_delete=models.SET_NULL, null=True, blank=True, related_name="datasets")
    # By name, since projects live upstairs: what lies in a project goes with it.
    project = models.ForeignKey(
        "ingestion.Project", on_delete=models.CASCADE, null=True, blank=True, related_name="datasets"
    )
    session = models.ForeignKey(WorkSession, on_delete=models.SET_NULL, null=True, blank=True, related_name="datasets")
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True, max_length=5000)
    shared_with = models.CharField(max_length=10, choices=Sharing.choices, default=Sharing.OWNER)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROCESSING)
    error = models.JSONField(null=True, blank=True)  # {"reason", "message", "details"}

    filename = models.CharField(max_length=255)
    file_size = models.BigIntegerField(default=0)  # bytes
    format = models.CharField(max_length=20, blank=True)
    encoding = models.CharField(max_length=40, blank=True, null=True)  # noqa: DJ001 - a workbook has none
    content_hash = models.CharField(max_length=64, blank=True, db_index=True)  # SHA-256 of the original's bytes
    options = models.JSONField(default=dict, blank=True)  # how the caller asked for it to be read
    original = models.CharField(max_length=300, blank=True)  # storage keys, never absolute
    parquet = models.CharField(max_length=300, blank=True)

    rows = models.BigIntegerField(default=0)
    schema = models.JSONField(default=list, blank=True)  # [{"name", "dtype", "role"}]
    roles = models.JSONField(default=dict, blank=True)  # the owner's overrides of detected roles
    roles_version = models.PositiveIntegerField(default=1)
    report = models.JSONField(default=dict, blank=True)  # how it was read, and why so
    # {"dataset_id", "execution_id"} at its birth; a fact that stays when either is gone. Null: it was uploaded.
    derived_from = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = DatasetQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["session", "name"], name="dataset_name_in_session")]
        indexes = [models.Index(fields=["owner", "-id"], name="dataset_newest_of_owner")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_public(self) -> bool:
        return self.shared_with == self.Sharing.EVERYONE

    @property
    def columns(self) -> tuple[Column, ...]:
        """Columns in file order, with the owner's roles where they override the detected ones."""
        return roles.overridden(self.schema, self.roles)

    @property
    def column_names(self) -> list[str]:
        return [column["name"] for column in self.schema]

    @property
    def effective_roles(self) -> dict[str, Any]:
        """Detected roles under the owner's overrides: ``{date, store, category, measures}``."""
        return roles.chosen(self.columns)
