"""What a report is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_PLOTS = 50
SMALLEST_SAMPLE = 100


@dataclass(frozen=True, slots=True)
class Options:
    """``sample_size``: at most so many rows are looked at (None: all of them); ``seed`` decides which.

    ``roles``: ``{date, store, category, measures}``, which column plays which part. ``rejected``: how many records of
    the file could not be read and are not in the table.
    """

    target: str | None = None
    sample_size: int | None = None
    max_plots: int = 8
    seed: str = ""
    roles: Mapping[str, Any] = field(default_factory=dict)
    rejected: int = 0
