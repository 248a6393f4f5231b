"""The first rows, as JSON cells."""

from typing import Any

import polars as pl

from datasets import storage
from datasets.models import Dataset
from tabular.values import to_json


def first_rows(dataset: Dataset, count: int) -> list[dict[str, Any]]:
    frame = pl.scan_parquet(storage.local_parquet(dataset), glob=False).head(count).collect()
    return [{name: to_json(value) for name, value in row.items()} for row in frame.iter_rows(named=True)]
