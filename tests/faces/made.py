"""Datasets and jobs as rows, for pages that only list them."""

import orjson

from accounts.models import User
from analysis.models import AnalysisJob
from datasets.models import Dataset

PARETO = {
    "data": [
        {
            "category": "A",
            "value": 30.0,
            "metadata": {"display_name": "Apples", "percentage": 75.0, "cumulative": 75.0},
        },
        {"category": "B", "value": 10.0, "metadata": {"display_name": "梨", "percentage": 25.0, "cumulative": 100.0}},
    ],
    "total": 40.0,
    "vital_few_threshold": 2,
}


def dataset(owner: User, name: str = "sales", **fields) -> Dataset:
    return Dataset.objects.create(owner=owner, name=name, filename=f"{name}.csv", **{"status": "ready", **fields})


def job(of: Dataset, kind: str = "pareto", **fields) -> AnalysisJob:
    fields = {"status": "succeeded", "body": orjson.dumps(PARETO), "key": f"{kind}{of.jobs.count()}", **fields}
    return AnalysisJob.objects.create(dataset=of, kind=kind, asked_by=of.owner, params={"store": "北店"}, **fields)
