"""Projects, cycles, sessions and files for operators: to look at, hardly to change."""

from django.contrib import admin

from ingestion.models import Cycle, FileUpload, Project, SyncSession


@admin.register(Project)
class ProjectAdmin(admin.ModelAdmin[Project]):
    list_display = ("id", "project_name", "company", "is_active", "created_at")
    list_filter = ("is_active",)
    list_select_related = ("company",)
    search_fields = ("project_name", "company__company_name")


@admin.register(Cycle)
class CycleAdmin(admin.ModelAdmin[Cycle]):
    list_display = ("id", "cycle_name", "cycle_number", "project", "status", "created_at")
    list_filter = ("status",)
    list_select_related = ("project",)
    search_fields = ("cycle_name", "project__project_name")
    autocomplete_fields = ("project",)


@admin.register(SyncSession)
class SyncSessionAdmin(admin.ModelAdmin[SyncSession]):
    list_display = (
        "id", "project", "status", "total_files", "files_uploaded", "files_failed", "files_skipped", "created_at",
    )  # fmt: skip
    list_filter = ("status", "created_at")
    list_select_related = ("project",)
    search_fields = ("=id", "project__project_name", "local_directory")
    readonly_fields = [field.name for field in SyncSession._meta.fields]

    def has_add_permission(self, request: object) -> bool:
        return False


@admin.register(FileUpload)
class FileUploadAdmin(admin.ModelAdmin[FileUpload]):
    list_display = ("id", "file_path", "session", "status", "file_size", "is_duplicate", "updated_at")
    list_filter = ("status", "is_duplicate")
    search_fields = ("file_path", "checksum", "=session__id")
    exclude = ("raw_path", "datasets")
    readonly_fields = [field.name for field in FileUpload._meta.fields if field.name != "raw_path"]

    def has_add_permission(self, request: object) -> bool:
        return False
