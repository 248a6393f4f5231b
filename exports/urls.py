"""Answers and rows as files."""

from core.api import route
from exports.views import ExportedFile, ExportJob, ExportRows

urlpatterns = [
    route("export/{job_id}", ExportJob.as_view()),
    route("export/files/{id}", ExportedFile.as_view()),
    route("datasets/{id}/export", ExportRows.as_view()),
]
