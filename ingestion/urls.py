"""The routes of ingestion."""

from typing import Any

from core.api import route
from ingestion.views.resources import Cycles, Projects, Sessions
from ingestion.views.uploads import SessionFiles, StartUpload, UploadStatus

LIST: dict[str, Any] = {"get": "list", "post": "create"}
ONE: dict[str, Any] = {"get": "retrieve", "put": "update", "patch": "partial_update", "delete": "destroy"}

urlpatterns = [
    route("projects", Projects.as_view(LIST)),
    route("projects/{id}", Projects.as_view(ONE)),
    route("cycles", Cycles.as_view(LIST)),
    route("cycles/{id}", Cycles.as_view(ONE)),
    route("sessions", Sessions.as_view(LIST)),
    route("sessions/stats", Sessions.as_view({"get": "stats"})),
    route("sessions/{id}", Sessions.as_view(ONE)),
    route("sessions/{id}/files", SessionFiles.as_view()),
    route("uploads/start", StartUpload.as_view()),
    route("uploads/status/{job_id}", UploadStatus.as_view()),
]
