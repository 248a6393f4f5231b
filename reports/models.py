"""Reports on datasets, the links by which they are shared, and who used them."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from datasets.models import Dataset
from jobs.models import Job


class ReportQuerySet(models.QuerySet["Report"]):
    """Mine are mine; a public one may be read by anybody. Results are loaded only where they are asked for."""

    def visible_to(self, user: User) -> "ReportQuerySet":
        return self.filter(Q(owner=user) | Q(is_public=True))

    def listed_for(self, user: User) -> "ReportQuerySet":
        return self.filter(owner=user)

    def editable_by(self, user: User) -> "ReportQuerySet":
        return self.filter(owner=user)

    def public(self) -> "ReportQuerySet":
        return self.filter(is_public=True)

    def light(self) -> "ReportQuerySet":
        """Without the results, with the job that tells the progress."""
        return self.defer("results").select_related("job")


class Report(models.Model):
    """What was found in one dataset at one time. It outlives the dataset and goes with its owner."""

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        PROCESSING = "processing", _("processing")
        COMPLETED = "completed", _("completed")
        FAILED = "failed", _("failed")

    class Mode(models.TextChoices):
        CONSOLE = "console", _("results only")
        HTML = "html", _("page")
        INTERACTIVE = "interactive", _("interactive page")
        ALL = "all", _("everything")

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reports")
    dataset = models.ForeignKey(Dataset, on_delete=models.SET_NULL, null=True, blank=True, related_name="reports")
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="reports")
    title = models.CharField(max_length=255)
    description = models.TextField(blank=True, max_length=5000)
    analysis_mode = models.CharField(max_length=12, choices=Mode.choices, default=Mode.ALL)
    target_column = models.TextField(null=True, blank=True)  # noqa: DJ001 - no target is not a nameless one
    sample_size = models.PositiveBigIntegerField(null=True, blank=True)
    max_plots = models.PositiveSmallIntegerField(default=8)
    is_public = models.BooleanField(default=False)

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    error = models.JSONField(null=True, blank=True)  # {"reason", "message" (a template), "details"}
    data_quality_score = models.FloatField(null=True, blank=True)
    problem_type = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001 - null: no target was asked for
    results = models.BinaryField(null=True, blank=True)  # zlib of JSON
    created_at = models.DateTimeField(auto_now_add=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["owner", "-id"], name="report_newest_of_owner"),
            models.Index(fields=["-id"], condition=Q(is_public=True), name="report_public"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def progress(self) -> int:
        if self.status == self.Status.COMPLETED:
            return 100
        return self.job.progress if self.job else 0


class Page(models.Model):
    """A finished page of a report in one format and language, kept so that it need not be drawn again."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="pages")
    format = models.CharField(max_length=12)
    language = models.CharField(max_length=10)
    drawn_by = models.CharField(max_length=40)  # which version of the drawing
    body = models.BinaryField()  # zlib of HTML

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "format", "language"], name="page_once")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.format} {self.language}"


class ShareLinkQuerySet(models.QuerySet["ShareLink"]):
    def open_at(self, moment: Any) -> "ShareLinkQuerySet":
        """Neither revoked nor expired nor used up."""
        lasting = Q(expires_at__isnull=True) | Q(expires_at__gt=moment)
        unspent = Q(max_views__isnull=True) | Q(views__lt=models.F("max_views"))
        return self.filter(lasting, unspent, revoked_at__isnull=True)


class ShareLink(models.Model):
    """Whoever holds the token may read the report. Only the token's SHA-256 is kept: nobody can read it from here."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    max_views = models.PositiveIntegerField(null=True, blank=True)
    views = models.PositiveIntegerField(default=0)
    password = models.CharField(max_length=128, blank=True)  # hashed
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.report_id} #{self.pk}"


class AccessLog(models.Model):
    """One view of a shared report, for its owner to see."""

    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="accesses")
    format = models.CharField(max_length=12)
    address = models.CharField(max_length=45, blank=True)
    user_agent = models.CharField(max_length=200, blank=True)
    accessed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.link_id} {self.accessed_at}"
