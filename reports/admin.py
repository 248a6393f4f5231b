"""Reports to look at, links to revoke. Neither tokens nor passwords can be seen: only their hashes are kept."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobs.failure import shown
from reports.models import AccessLog, Report, ShareLink


class LinkInline(admin.TabularInline[ShareLink, Report]):
    model = ShareLink
    extra = 0
    can_delete = False
    fields = readonly_fields = ("created_at", "expires_at", "max_views", "views", "revoked_at")

    def has_add_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:
        return False


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin[Report]):
    """Title, description and publicity can be changed; results can't."""

    list_display = ("id", "title", "status", "data_quality_score", "is_public", "owner", "dataset", "created_at")
    list_display_links = ("id", "title")
    list_filter = ("status", "is_public", "analysis_mode", "created_at")
    list_select_related = ("owner", "dataset")
    search_fields = ("=id", "title", "owner__username", "owner__email", "dataset__name")
    date_hierarchy = "created_at"
    ordering = ("-id",)
    inlines = (LinkInline,)
    fields = (
        "title", "description", "is_public", "owner", "dataset", "job", "status", "problem", "data_quality_score",
        "problem_type", "target_column", "sample_size", "max_plots", "analysis_mode", "created_at", "completed_at",
    )  # fmt: skip
    readonly_fields = fields[3:]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return super().get_queryset(request).defer("results")

    @admin.display(description=_("error"))
    def problem(self, report: Report) -> str:
        error = shown(report.error)
        return error["message"] if error else "–"


@admin.register(ShareLink)
class ShareLinkAdmin(admin.ModelAdmin[ShareLink]):
    list_display = ("id", "report", "created_at", "expires_at", "views", "max_views", "revoked_at")
    list_select_related = ("report",)
    list_filter = ("revoked_at", "created_at")
    fields = readonly_fields = list_display[1:]
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description=_("Revoke the selected links"), permissions=["change"])
    def revoke(self, request: HttpRequest, links: QuerySet[ShareLink]) -> None:
        links.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())


@admin.register(AccessLog)
class AccessLogAdmin(admin.ModelAdmin[AccessLog]):
    list_display = ("accessed_at", "link", "format", "address", "user_agent")
    list_select_related = ("link",)
    list_filter = ("format", "accessed_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AccessLog | None = None) -> bool:
        return False
