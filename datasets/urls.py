"""The routes of datasets."""

from typing import Any

from core.api import route
from datasets.views.data import Facets, IngestReport, Preview, Rows
from datasets.views.datasets import Datasets, SessionDatasets
from datasets.views.links import Download, DownloadUrl
from datasets.views.uploads import Inspect, Upload

CHANGE: dict[str, Any] = {"put": "update", "patch": "partial_update"}

urlpatterns = [
    route("data/upload", Upload.as_view()),
    route("data/datasets", SessionDatasets.as_view({"get": "list"})),
    route("data/datasets/{id}", SessionDatasets.as_view(CHANGE)),
    route("datasets/upload", Upload.as_view()),
    route("datasets/inspect", Inspect.as_view()),
    route("datasets", Datasets.as_view({"get": "list", "post": "create"})),
    route("datasets/{id}", Datasets.as_view({"get": "retrieve", "delete": "destroy"} | CHANGE)),
    route("datasets/{id}/preview", Preview.as_view()),
    route("datasets/{id}/rows", Rows.as_view()),
    route("datasets/{id}/facets", Facets.as_view()),
    route("datasets/{id}/ingest-report", IngestReport.as_view()),
    route("datasets/{id}/download-url", DownloadUrl.as_view()),
    route("downloads/{token}", Download.as_view()),
]
