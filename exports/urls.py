"""Answers as files."""

from core.api import route
from exports.views import ExportJob

urlpatterns = [route("export/{job_id}", ExportJob.as_view())]
