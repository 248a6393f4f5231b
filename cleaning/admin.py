"""Plans and executions to look at: what was proposed, what was run, what came of what. Nothing can be changed here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cleaning.models import Execution, Plan
from cleaning.serializers import ExecutionSerializer, PlanSerializer
from datasets.admin import link
from jobs.failure import shown


class LookOnly(admin.ModelAdmin[Any]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ExecutionInline(admin.TabularInline[Execution, Plan]):
    model = Execution
    extra = 0
    can_delete = False
    show_change_link = True
    fields = readonly_fields = ("status", "dataset", "output", "seconds", "created_at")

    def has_add_permission(self, request: HttpRequest, obj: Plan | None = None) -> bool:
        return False


@admin.register(Plan)
class PlanAdmin(LookOnly):
    """What a language model was told is its owner's alone and not shown here."""

    list_display = ("id", "name", "task_type", "planner", "fallback_reason", "owner", "dataset", "created_at")
    list_display_links = ("id", "name")
    list_filter = ("task_type", "planner", "fallback_reason", "created_at")
    list_select_related = ("owner", "dataset")
    search_fields = ("=id", "name", "owner__username", "owner__email", "dataset__name")
    date_hierarchy = "created_at"
    ordering = ("-id",)
    inlines = (ExecutionInline,)
    fields = (
        "name", "owner", "source", "task_type", "target_column", "planner", "fallback_reason", "steps_shown",
        "created_at", "updated_at",
    )  # fmt: skip

    @admin.display(description=_("dataset"))
    def source(self, plan: Plan) -> SafeString | str:
        return link(plan.dataset)

    @admin.display(description=_("steps"))
    def steps_shown(self, plan: Plan) -> SafeString:
        return render_to_string("cleaning/steps.html", {"steps": PlanSerializer(plan).data["steps"]})


@admin.register(Execution)
class ExecutionAdmin(LookOnly):
    list_display = ("id", "plan", "status", "dataset", "output", "owner", "seconds", "created_at")
    list_filter = ("status", "created_at")
    list_select_related = ("plan", "dataset", "output", "owner")
    search_fields = ("=id", "plan__name", "owner__username", "owner__email", "dataset__name", "output__name")
    date_hierarchy = "created_at"
    ordering = ("-id",)
    fields = (
        "plan", "owner", "status", "lineage", "column_mapping", "fitted_from", "before", "after", "steps_shown",
        "problem", "seconds", "created_at",
    )  # fmt: skip

    @admin.display(description=_("lineage"))
    def lineage(self, execution: Execution) -> SafeString:
        return format_html("{} → {}", link(execution.dataset), link(execution.output))

    @admin.display(description=_("steps"))
    def steps_shown(self, execution: Execution) -> SafeString:
        return render_to_string("cleaning/ran.html", {"steps": ExecutionSerializer(execution).data["steps"]})

    @admin.display(description=_("error"))
    def problem(self, execution: Execution) -> str:
        error = shown(execution.error)
        return error["message"] if error else "–"
