"""The kept question and its answer; a company's own words for its categories."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from datasets.models import Dataset


class AnalysisJobQuerySet(models.QuerySet["AnalysisJob"]):
    def visible_to(self, user: User) -> "AnalysisJobQuerySet":
        """Whoever may read the dataset may read its jobs, nobody else."""
        return self.filter(dataset__in=Dataset.objects.visible_to(user))

    def listed_for(self, user: User) -> "AnalysisJobQuerySet":
        return self.filter(dataset__in=Dataset.objects.listed_for(user))


class AnalysisJob(models.Model):
    """One question to one dataset. The key makes it unique: asked again, it answers with the same bytes.

    A running job holds a lease; whoever computes it renders ``body`` once. A lease that ran out (its process was
    killed) may be taken over by the next asker.
    """

    class Status(models.TextChoices):
        RUNNING = "running", _("running")
        SUCCEEDED = "succeeded", _("succeeded")
        FAILED = "failed", _("failed")

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="jobs")
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=30)
    params = models.JSONField(default=dict)
    key = models.CharField(max_length=64)  # SHA-256 of kind, canonical params, roles, labels and engine version
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    lease = models.CharField(max_length=32, blank=True)  # who computes
    lease_until = models.DateTimeField(null=True, blank=True)
    body = models.BinaryField(null=True, blank=True)  # the JSON answer as sent
    receipt = models.JSONField(default=dict, blank=True)
    error = models.JSONField(null=True, blank=True)
    milliseconds = models.FloatField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AnalysisJobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["dataset", "key"], name="analysis_job_once")]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class CategoryLabel(models.Model):
    """What a company calls a category in its charts and paretos."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="category_labels")
    category = models.CharField(max_length=255)
    display_name = models.CharField(max_length=255)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["category"]
        constraints = [models.UniqueConstraint(fields=["company", "category"], name="category_label_once")]

    def __str__(self) -> str:
        return f"{self.category} → {self.display_name}"
