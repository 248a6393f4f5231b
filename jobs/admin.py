"""Every background job, with progress bars; cancel and retry."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core.api import fill
from core.errors import AppError
from jobs import requesting
from jobs.failure import shown
from jobs.models import Job


@admin.register(Job)
class JobAdmin(admin.ModelAdmin[Job]):
    list_display = ("id", "kind", "status", "bar", "said", "owner", "attempts", "created_at", "ended_at")
    list_filter = ("status", "kind", "created_at")
    search_fields = ("=id", "kind", "owner__username")
    list_select_related = ("owner",)
    actions = ("cancel", "retry")
    readonly_fields = [field.name for field in Job._meta.fields if field.name != "token"]
    exclude = ("token",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("progress"), ordering="progress")
    def bar(self, job: Job) -> str:
        return format_html('<progress max="100" value="{}"></progress> {} %', job.progress, job.progress)

    @admin.display(description=_("message"))
    def said(self, job: Job) -> str:
        error = shown(job.error)
        return error["message"] if error else fill(job.message, job.facts)

    @admin.action(description=_("Cancel the selected jobs"), permissions=["change"])
    def cancel(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._each(request, jobs, requesting.cancel)

    @admin.action(description=_("Run the selected jobs again"), permissions=["change"])
    def retry(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._each(request, jobs, requesting.retry)

    def _each(self, request: HttpRequest, jobs: QuerySet[Job], action: object) -> None:
        for job in jobs:
            try:
                action(job)  # type: ignore[operator]
            except AppError as error:
                self.message_user(request, f"{job}: {fill(error.message, error.details)}", messages.WARNING)
            else:
                self.message_user(request, f"{job}: {_('done')}", messages.SUCCESS)
