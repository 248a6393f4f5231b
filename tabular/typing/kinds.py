"""What a cell's text can be: kinds, each with a vectorised test; and the column that is being asked about."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

from tabular.schema import Dtype

Family = Literal["number", "date", "boolean", "missing"]
ROW = "\x00row"


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to write a value. The kinds of all families exclude each other."""

    name: str
    family: Family
    test: Callable[[pl.Expr], pl.Expr]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A column's type with the row indices that decided it; ``expr`` turns its text into the type (None: as it is)."""

    dtype: Dtype
    reason: str
    expr: pl.Expr | None = None
    evidence: tuple[int | None, ...] = ()
    notes: tuple[tuple[str, Mapping[str, Any]], ...] = ()


@dataclass(slots=True)
class Subject:
    """A text column under question: its cells (``text``), how often each kind occurs, and what the caller said.

    ``head``: the first rows. ``first_other``: the first row whose value is of no kind.
    """

    name: str
    text: pl.Expr
    frame: pl.LazyFrame
    dayfirst: bool | None = None
    head: pl.DataFrame | None = None
    counts: dict[str, int] = field(default_factory=dict)
    filled: int = 0
    first_other: int | None = None
    answers: dict[str, Any] = field(default_factory=dict)

    def count(self, *kinds: str) -> int:
        return sum(self.counts.get(kind, 0) for kind in kinds)

    def first(self, predicate: pl.Expr) -> pl.Expr:
        """The index of the first row for which this holds, null if there is none."""
        return pl.col(ROW).filter(predicate).min()

    def find(self, wanted: pl.Expr) -> Any:
        """The answer to one more question to the whole column."""
        return self.frame.select(wanted.alias("answer")).collect(engine="streaming").item()

    def locate(self, predicate: pl.Expr) -> int | None:
        """The index of the first row for which this holds; most often one of the very first."""
        if self.head is not None:
            found = self.head.select(self.first(predicate)).item()
            if found is not None:
                return int(found)
        answer = self.find(self.first(predicate))
        return None if answer is None else int(answer)

    def batches(self, values: pl.Expr, predicate: pl.Expr) -> Iterator[list[str]]:
        """The values of the rows for which this holds, batch by batch, so that memory stays bounded."""
        found = self.frame.filter(predicate).select(values.alias("value"))
        for batch in found.collect_batches(chunk_size=100_000, maintain_order=False):
            yield batch["value"].unique().to_list()


def total(predicate: pl.Expr) -> pl.Expr:
    """How many rows hold this."""
    return predicate.fill_null(False).sum()
