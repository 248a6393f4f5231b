"""One row per piece of background work. The row is the truth; the queue only carries its id."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.deletion import Collector
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User


def private_goes(collector: Collector, field: Any, jobs: Any, using: str) -> None:
    """What happens when an owner is deleted: private jobs go too, those of a company's project stay."""
    kept = [job for job in jobs if job.company_id]
    gone = [job for job in jobs if not job.company_id]
    models.SET_NULL(collector, field, kept, using)  # type: ignore[arg-type]
    models.CASCADE(collector, field, gone, using)  # type: ignore[arg-type]


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: User) -> "JobQuerySet":
        """Mine, and those of my company's projects."""
        if user.company_id is None:
            return self.filter(owner=user)
        return self.filter(Q(owner=user) | Q(company_id=user.company_id))

    def listed_for(self, user: User) -> "JobQuerySet":
        return self.filter(owner=user)

    def held(self, pk: int, token: str) -> "JobQuerySet":
        """The job while the claim ``token`` still holds it: every write of a running job goes through this."""
        return self.filter(pk=pk, token=token, status=Job.Status.RUNNING)


class Job(models.Model):
    """``queued`` → ``running`` → ``succeeded``, ``failed`` or ``cancelled``; ``queued`` again when its worker is lost.

    ``token`` is new at each claim: a worker that was taken for dead finds that its token no longer fits and writes
    nothing more. ``message`` and ``error`` hold untranslated templates with their facts.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        SUCCEEDED = "succeeded", _("succeeded")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    ENDED = (Status.SUCCEEDED, Status.FAILED, Status.CANCELLED)

    kind = models.CharField(max_length=40)
    owner = models.ForeignKey(User, on_delete=private_goes, null=True, blank=True, related_name="background_jobs")
    company = models.ForeignKey(  # set: it belongs to a project of this company, whose members may follow it
        Company, on_delete=models.CASCADE, null=True, blank=True, related_name="background_jobs"
    )
    payload = models.JSONField(default=dict, blank=True)  # what the handler needs: ids and options
    links = models.JSONField(default=dict, blank=True)  # what the API shows of it: {"dataset_id": 7}

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    message = models.CharField(max_length=200, blank=True)  # a %-template, untranslated
    facts = models.JSONField(default=dict, blank=True)  # what fills the template
    counts = models.JSONField(default=dict, blank=True)
    result = models.JSONField(null=True, blank=True)
    error = models.JSONField(null=True, blank=True)  # {"reason", "message" (a template), "details"}
    traceback = models.TextField(blank=True)  # for the admin only
    version = models.PositiveIntegerField(default=1)  # grows with each visible change

    attempts = models.PositiveIntegerField(default=0)
    losses = models.PositiveSmallIntegerField(default=0)  # attempts lost in a row without any progress between
    worker = models.CharField(max_length=80, blank=True)
    token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)

    created_at = models.DateTimeField(auto_now_add=True)
    queued_at = models.DateTimeField(auto_now_add=True)  # when it was last put on the queue
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(progress__gte=0, progress__lte=100), name="job_progress_per_cent")
        ]
        indexes = [
            models.Index(fields=["owner", "-id"], name="job_newest_of_owner"),
            models.Index(fields=["status", "lease_until"], name="job_leases"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    @property
    def ended(self) -> bool:
        return self.status in self.ENDED
