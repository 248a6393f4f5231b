"""Questions and their jobs."""

from analysis.services import KINDS
from analysis.views import Cohorts, JobChart, JobCode, Jobs, ask, ask_of_dataset
from core.api import route

ON_DATASETS = ("summary", "profile", "correlation", "trend")

urlpatterns = [
    route("analysis/jobs", Jobs.as_view({"get": "list"})),
    route("analysis/jobs/{id}", Jobs.as_view({"get": "retrieve"})),
    route("analysis/jobs/{id}/chart", JobChart.as_view()),
    route("analysis/jobs/{id}/code", JobCode.as_view()),
    *(route(f"analysis/{kind}", ask(kind)) for kind in KINDS),
    *(route(f"datasets/{{id}}/{kind}", ask_of_dataset(kind)) for kind in ON_DATASETS),
    route("datasets/{id}/cohort-analysis", Cohorts.as_view()),
]
