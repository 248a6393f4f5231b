"""A company's projects, their cycles, the sessions that bring directories of files in, and each of those files."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from datasets.models import Dataset
from jobs.models import Job


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: User) -> "ProjectQuerySet":
        """My company's. Whoever is in no company sees none."""
        return self.filter(company_id=user.company_id, company__isnull=False)


class Project(models.Model):
    """What a company gathers data for. Every member of the company works on it; nobody else sees it."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="projects")
    project_name = models.CharField(max_length=200)
    description = models.TextField(blank=True, max_length=5000)
    bucket_name = models.CharField(max_length=200, blank=True)
    aws_region = models.CharField(max_length=50, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["company", "project_name"], name="project_name_in_company")]

    def __str__(self) -> str:
        return self.project_name


class CycleQuerySet(models.QuerySet["Cycle"]):
    def visible_to(self, user: User) -> "CycleQuerySet":
        return self.filter(project__in=Project.objects.visible_to(user))


class Cycle(models.Model):
    """A numbered round of a project, such as one month's delivery."""

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        IN_PROGRESS = "in_progress", _("in progress")
        COMPLETED = "completed", _("completed")
        INCOMPLETE = "incomplete", _("incomplete")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="cycles")
    cycle_name = models.CharField(max_length=200)
    cycle_number = models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(2**31 - 1)])
    s3_prefix = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PENDING)
    description = models.TextField(blank=True, max_length=5000)
    cycle_metadata = models.JSONField(default=dict, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CycleQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "cycle_name"], name="cycle_name_in_project"),
            models.UniqueConstraint(fields=["project", "cycle_number"], name="cycle_number_in_project"),
        ]

    def __str__(self) -> str:
        return self.cycle_name


class SyncSessionQuerySet(models.QuerySet["SyncSession"]):
    def visible_to(self, user: User) -> "SyncSessionQuerySet":
        return self.filter(project__in=Project.objects.visible_to(user))

    def active(self) -> "SyncSessionQuerySet":
        return self.filter(status=SyncSession.Status.IN_PROGRESS)


class SyncSession(models.Model):
    """One run that brings files in: made ``pending``, started once, worked on by a background job."""

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        IN_PROGRESS = "in_progress", _("in progress")
        COMPLETED = "completed", _("completed")
        INCOMPLETE = "incomplete", _("incomplete")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="sessions")
    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, null=True, blank=True, related_name="sessions")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="sync_sessions")
    job = models.OneToOneField(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="sync_session")
    local_directory = models.CharField(max_length=4096, blank=True)
    s3_prefix = models.CharField(max_length=500, blank=True)
    max_workers = models.PositiveSmallIntegerField(default=4, validators=[MinValueValidator(1), MaxValueValidator(50)])
    times_to_retry = models.PositiveSmallIntegerField(default=3, validators=[MaxValueValidator(10)])
    metadata = models.JSONField(default=dict, blank=True)  # further fields of documented clients, kept as they came

    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PENDING)
    listed = models.BooleanField(default=False)  # the directory was walked; its files are rows
    total_files = models.PositiveIntegerField(default=0)
    files_uploaded = models.PositiveIntegerField(default=0)
    files_failed = models.PositiveIntegerField(default=0)
    files_skipped = models.PositiveIntegerField(default=0)
    total_size_bytes = models.BigIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SyncSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"session {self.pk} of {self.project}"

    @property
    def files_done(self) -> int:
        return self.files_uploaded + self.files_failed + self.files_skipped

    @property
    def progress(self) -> int:
        """Per cent of the files that are done."""
        if self.status == self.Status.COMPLETED or not self.total_files:
            return 100 if self.status == self.Status.COMPLETED else 0
        return 100 * self.files_done // self.total_files


class FileUpload(models.Model):
    """One file of a session, by its path within the session. Done once it is completed, failed or skipped."""

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        UPLOADING = "uploading", _("uploading")
        COMPLETED = "completed", _("completed")
        FAILED = "failed", _("failed")
        SKIPPED = "skipped", _("skipped")

    OPEN = (Status.PENDING, Status.UPLOADING)

    session = models.ForeignKey(SyncSession, on_delete=models.CASCADE, related_name="files")
    file_path = models.CharField(max_length=4500)  # relative, /-separated, printable
    raw_path = models.BinaryField(null=True, blank=True)  # the name's own bytes, where they are no UTF-8
    s3_key = models.CharField(max_length=300, blank=True)  # of the copy in the project's storage
    file_size = models.BigIntegerField(default=0)
    checksum = models.CharField(max_length=64, blank=True)  # SHA-256
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    error = models.JSONField(null=True, blank=True)  # {"reason", "message" (a template), "details"}
    is_duplicate = models.BooleanField(default=False)
    datasets = models.ManyToManyField(Dataset, related_name="ingested_files", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["file_path"]
        constraints = [models.UniqueConstraint(fields=["session", "file_path"], name="file_path_in_session")]
        indexes = [models.Index(fields=["checksum"], name="file_checksum")]

    def __str__(self) -> str:
        return self.file_path
