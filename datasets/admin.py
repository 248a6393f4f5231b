"""Datasets to look at: what they are, how they were read. Names and sharing can be changed, data never."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.api import fill
from datasets import links, naming
from datasets.models import Dataset
from tabular.errors import NOTICES

SHOWN = 200  # columns and rejected lines on a page


def link(dataset: Dataset | None) -> SafeString | str:
    """Where the admin shows it."""
    if dataset is None:
        return "–"
    return format_html('<a href="{}">{}</a>', reverse("admin:datasets_dataset_change", args=[dataset.pk]), dataset)


class DatasetForm(forms.ModelForm[Dataset]):
    class Meta:
        model = Dataset
        fields = ("name", "description", "shared_with")

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not name.isprintable():
            raise forms.ValidationError(_("Write one line without control characters."))
        if name != self.instance.name and naming.taken(self.instance.session, name):
            raise forms.ValidationError(naming.DatasetNameExists.message)
        return name


@admin.register(Dataset)
class DatasetAdmin(admin.ModelAdmin):
    """Deleting one frees its bytes."""

    form = DatasetForm
    list_display = ["id", "name", "rows", "size", "format", "status", "shared_with", "owner", "company", "created_at"]
    list_display_links = ["id", "name"]
    list_filter = ["status", "shared_with", "format", "created_at", "company"]
    list_select_related = ["owner", "company"]
    search_fields = ["=id", "name", "filename", "owner__username", "owner__email", "=content_hash"]
    search_help_text = _("Number, name, file name, owner's name or e-mail, SHA-256")
    date_hierarchy = "created_at"
    ordering = ["-id"]
    fieldsets = (
        (None, {"fields": ("name", "description", "shared_with")}),
        (_("Whose"), {"fields": ("owner", "company", "session", "derived", "created_at", "updated_at")}),
        (_("The file"), {"fields": (
            "status", "problem", "filename", "size", "format", "encoding", "content_hash", "original", "parquet",
            "download",
        )}),
        (_("The table"), {"fields": ("rows", "roles_shown", "columns_shown")}),
        (_("How it was read"), {"fields": ("reading", "options")}),
    )  # fmt: skip
    readonly_fields = (
        "owner", "company", "session", "derived", "created_at", "updated_at", "status", "problem", "filename", "size",
        "format", "encoding", "content_hash", "original", "parquet", "download", "rows", "roles_shown", "columns_shown",
        "reading", "options",
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dataset]:
        """The list never loads the reports."""
        datasets = super().get_queryset(request)
        detail = request.resolver_match and request.resolver_match.kwargs.get("object_id")
        return datasets if detail else datasets.defer("report", "schema", "options", "roles", "error")

    @admin.display(description=_("size"), ordering="file_size")
    def size(self, dataset: Dataset) -> str:
        return filesizeformat(dataset.file_size)

    @admin.display(description=_("problem"))
    def problem(self, dataset: Dataset) -> str:
        error = dataset.error or {}
        return fill(gettext(error["message"]), error.get("details", {})) if error.get("message") else "–"

    @admin.display(description=_("made from"))
    def derived(self, dataset: Dataset) -> SafeString | str:
        """The dataset it was cleaned from, as long as that is there."""
        source = Dataset.objects.filter(pk=dataset.derived_from["dataset_id"]).first() if dataset.derived_from else None
        return link(source)

    @admin.display(description=_("original file"))
    def download(self, dataset: Dataset) -> SafeString | str:
        if not dataset.original:
            return "–"
        return format_html('<a href="{}">{}</a>', links.link(dataset), dataset.filename)

    @admin.display(description=_("roles"))
    def roles_shown(self, dataset: Dataset) -> str:
        said = {role: dataset.effective_roles[role] for role in ("date", "store", "category")}
        said["measures"] = ", ".join(dataset.effective_roles["measures"])
        return " · ".join(f"{role}: {name or '–'}" for role, name in said.items())

    @admin.display(description=_("columns"))
    def columns_shown(self, dataset: Dataset) -> SafeString:
        reasons = {column["name"]: column for column in dataset.report.get("columns", [])}
        columns: list[dict[str, Any]] = [reasons.get(c.name, {}) | c.to_dict() for c in dataset.columns[:SHOWN]]
        hidden = max(0, len(dataset.schema) - SHOWN)
        return render_to_string("datasets/columns.html", {"columns": columns, "hidden": hidden})

    @admin.display(description=_("report"))
    def reading(self, dataset: Dataset) -> SafeString:
        report = dataset.report
        names = {"encoding": _("encoding"), "delimiter": _("delimiter"), "header_row": _("header row"),
                 "rows": _("rows"), "lossless": _("lossless")}  # fmt: skip
        context = {
            "facts": [(label, report[name]) for name, label in names.items() if report.get(name) is not None],
            "warnings": [{"message": _warning(warning)} for warning in report.get("warnings", [])],
            "rejected": report.get("rejected", [])[:SHOWN],
        }
        return render_to_string("datasets/reading.html", context)


def _warning(warning: dict[str, Any]) -> str:
    return fill(gettext(NOTICES.get(warning["reason"], warning["reason"])), warning.get("details", {}))
