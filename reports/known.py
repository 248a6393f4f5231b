"""What is known of a dataset already: earlier reports."""

from collections.abc import Mapping
from typing import Any

from datasets.models import Dataset
from reports import stored
from reports.eda import EXAMINATION_VERSION
from reports.models import Report


def results(dataset: Dataset, sample_size: int | None) -> Mapping[str, Any] | None:
    """The results of the newest report on the same sample of the dataset with the same roles, whoever asked for it.

    They are a function of the dataset alone, which never changes, so it does not matter whose they are.
    """
    made = Report.objects.filter(dataset=dataset, sample_size=sample_size, status=Report.Status.COMPLETED)
    report = made.order_by("-pk").first()
    found = stored.results(report) if report is not None else None
    if found is None or found["version"] != EXAMINATION_VERSION:
        return None
    same = [(one["name"], one["role"]) for one in found["columns"]] == [(one.name, one.role) for one in dataset.columns]
    return found if same else None
