"""One column of a profile, in the words that the rules use."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tabular.schema import NUMERIC, Dtype

EXACT = 2**53  # integers beyond are not told apart as decimals


@dataclass(frozen=True, slots=True)
class Seen:
    """``present``: its cells that hold a value; ``distinct``: its different values; ``counts``: the rows of its most
    frequent ones, of all of them when ``complete``; ``issues``: reason → the issue."""

    name: str
    dtype: Dtype
    role: str | None
    rows: int
    missing: int
    distinct: int
    statistics: Mapping[str, Any]
    issues: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, rows: int, column: Mapping[str, Any]) -> "Seen":
        return cls(
            name=column["name"],
            dtype=column["dtype"],
            role=column.get("role"),
            rows=rows,
            missing=column["missing_count"],
            distinct=column["unique_count"],
            statistics=column["statistics"],
            issues={one["reason"]: one for one in column["issues"]},
        )

    @property
    def present(self) -> int:
        return self.rows - self.missing

    @property
    def missing_share(self) -> float:
        return self.missing / self.rows if self.rows else 0.0

    @property
    def numeric(self) -> bool:
        return self.dtype in NUMERIC

    @property
    def counts(self) -> Mapping[str, int]:
        counts: Mapping[str, int] = self.statistics.get("value_counts") or {}
        return counts

    @property
    def complete(self) -> bool:
        return len(self.counts) == self.distinct

    @property
    def low(self) -> Any:
        return self.statistics.get("min")

    @property
    def high(self) -> Any:
        return self.statistics.get("max")

    @property
    def yes_or_no(self) -> bool:
        """0 and 1, and both of them."""
        return self.numeric and self.distinct == 2 and (self.low, self.high) == (0, 1)
