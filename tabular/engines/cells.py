"""Rows as JSON: ISO dates, ``Z`` where the time is UTC, null for NaN and the infinities."""

from typing import Any

import polars as pl

from tabular.formats.cells import moments_as_text
from tabular.named import named


def json_rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """One dict per row, in the frame's column order."""
    shown = moments_as_text(frame).with_columns(
        pl.when(named(name).is_finite()).then(named(name)).alias(name)
        for name, dtype in frame.schema.items()
        if dtype.is_float()
    )
    dates = [named(name).dt.to_string("iso") for name, dtype in frame.schema.items() if dtype == pl.Date]
    return shown.with_columns(dates).to_dicts()
