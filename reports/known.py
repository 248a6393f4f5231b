"""What is known of a dataset already: the profile that somebody asked for before."""

from collections.abc import Mapping
from typing import Any

import orjson

from analysis.asking import question
from analysis.models import AnalysisJob
from datasets.models import Dataset


def profile(dataset: Dataset) -> Mapping[str, Any] | None:
    """The kept profile of the whole table as it is now, or None."""
    asked = question(dataset=dataset, kind="profile", data={})
    kept = AnalysisJob.objects.filter(dataset=dataset, key=asked.key, status=AnalysisJob.Status.SUCCEEDED)
    body = kept.values_list("body", flat=True).first()
    return orjson.loads(bytes(body)) if body else None
