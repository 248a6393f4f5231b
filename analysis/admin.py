"""Jobs to look at, category labels to edit."""

import base64

import orjson
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from analysis.models import AnalysisJob, CategoryLabel
from analysis.services import charts
from core.admin import json_page


@admin.register(AnalysisJob)
class AnalysisJobAdmin(admin.ModelAdmin[AnalysisJob]):
    """A kept question and its answer; nothing here can be changed, only deleted (it is asked anew then)."""

    list_display = ["id", "kind", "status", "dataset_link", "asked_by", "milliseconds", "created_at"]
    list_display_links = ["id", "kind"]
    list_filter = ["kind", "status", "created_at"]
    list_select_related = ["dataset", "asked_by"]
    search_fields = ["=id", "kind", "dataset__name", "asked_by__username", "asked_by__email"]
    search_help_text = _("Number, kind, dataset, user name or e-mail")
    date_hierarchy = "created_at"
    ordering = ["-id"]
    fields = (
        "kind", "status", "dataset_link", "asked_by", "created_at", "ended_at", "milliseconds",
        "asked", "chart", "answer", "problem", "receipt_page", "key",
    )  # fmt: skip
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AnalysisJob | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[AnalysisJob]:
        """The list never loads the answers."""
        jobs = super().get_queryset(request)
        detail = request.resolver_match and request.resolver_match.kwargs.get("object_id")
        return jobs if detail else jobs.defer("body", "receipt", "params", "error")

    @admin.display(description=_("dataset"), ordering="dataset__name")
    def dataset_link(self, job: AnalysisJob) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:datasets_dataset_change", args=[job.dataset_id]), job.dataset
        )

    @admin.display(description=_("parameters"))
    def asked(self, job: AnalysisJob) -> SafeString | str:
        return json_page(job.params)

    @admin.display(description=_("result"))
    def answer(self, job: AnalysisJob) -> SafeString | str:
        return json_page(orjson.loads(bytes(job.body))) if job.body else "–"

    @admin.display(description=_("error"))
    def problem(self, job: AnalysisJob) -> SafeString | str:
        return json_page(job.error)

    @admin.display(description=_("receipt"))
    def receipt_page(self, job: AnalysisJob) -> SafeString | str:
        return json_page(job.receipt)

    @admin.display(description=_("chart"))
    def chart(self, job: AnalysisJob) -> SafeString | str:
        """Within the page: the chart's own address is for those who may read the dataset."""
        if not job.body or job.kind not in charts.CHARTS:
            return "–"
        drawn = charts.svg(job.kind, orjson.loads(bytes(job.body)), job.dataset.name, get_language() or "en")
        source = base64.b64encode(drawn.encode()).decode()
        return format_html('<img class="job-chart" alt="{}" src="data:image/svg+xml;base64,{}">', job, source)


@admin.register(CategoryLabel)
class CategoryLabelAdmin(admin.ModelAdmin[CategoryLabel]):
    list_display = ["category", "display_name", "company", "updated_at"]
    list_editable = ["display_name"]
    list_filter = ["company"]
    list_select_related = ["company"]
    search_fields = ["category", "display_name", "company__company_name"]
