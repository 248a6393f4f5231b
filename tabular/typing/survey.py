"""Which kinds of value a column holds, counted over all of its rows.

The first rows only suggest what to count; a kind is believed when the count over the whole file says so.
"""

from collections.abc import Sequence

import polars as pl

from tabular.typing import booleans, dates, missing, numbers
from tabular.typing.asking import ask
from tabular.typing.kinds import ROW, Kind, Subject, total

KINDS: tuple[Kind, ...] = (*numbers.KINDS, *dates.KINDS, *booleans.KINDS, *missing.KINDS)
FAMILY = {kind.name: kind.family for kind in KINDS}
_HEAD_ROWS = 1_000
_HEAD_CELLS = 300_000


def survey(subjects: Sequence[Subject], frame: pl.LazyFrame) -> None:
    """Fill ``counts`` and ``filled``. A column whose first rows refute every type is not read further."""
    if not subjects:
        return
    rows = max(50, min(_HEAD_ROWS, _HEAD_CELLS // len(subjects)))
    head = frame.head(rows).collect()
    _count_head(subjects, head)
    if head.height < rows:
        return
    open_ = [subject for subject in subjects if subject.first_other is None]
    for subject, found in zip(open_, ask(frame, [_counting(subject) for subject in open_]), strict=True):
        subject.filled = found.pop("")
        subject.counts = found
        if sum(found.values()) < subject.filled:
            _count_rest(subject)


def _count_head(subjects: Sequence[Subject], head: pl.DataFrame) -> None:
    """All kinds over the first rows of all columns at once, as one long column: cheap however wide the table is."""
    cells = head.select(pl.col(ROW), *(subject.text.alias(str(i)) for i, subject in enumerate(subjects)))
    long = cells.unpivot(index=ROW, variable_name="subject", value_name="text")
    text, names = pl.col("text"), [kind.name for kind in KINDS]
    long = long.with_columns(kind.test(text).fill_null(False).alias(kind.name) for kind in KINDS)
    other = pl.col(ROW).filter(text.is_not_null() & ~pl.any_horizontal(names)).min()
    counted = long.group_by("subject").agg(text.count().alias("filled"), other.alias("other"), pl.col(names).sum())
    for row in counted.iter_rows(named=True):
        subject = subjects[int(row["subject"])]
        subject.head, subject.filled, subject.first_other = head, row["filled"], row["other"]
        subject.counts = {name: row[name] for name in names if row[name]}


def _counting(subject: Subject) -> dict[str, pl.Expr]:
    seen = [kind for kind in KINDS if kind.name in subject.counts]
    return {"": subject.text.count()} | {kind.name: total(kind.test(subject.text)) for kind in seen}


def _count_rest(subject: Subject) -> None:
    """What is of none of the kinds seen in the first rows: of another, or of none at all."""
    text = pl.col("text")
    seen = [kind for kind in KINDS if kind.name in subject.counts]
    rest = subject.frame.select(pl.col(ROW), subject.text.alias("text")).filter(text.is_not_null())
    if seen:
        rest = rest.filter(~pl.any_horizontal(kind.test(text) for kind in seen))
    tested = rest.with_columns(kind.test(text).alias(kind.name) for kind in KINDS if kind not in seen)
    names = [kind.name for kind in KINDS if kind not in seen]
    other = pl.col(ROW).filter(~pl.any_horizontal(names)).min()
    found = tested.select(other.alias("other"), pl.col(names).sum()).collect(engine="streaming").row(0, named=True)
    subject.first_other = found.pop("other")
    subject.counts |= {name: count for name, count in found.items() if count}


def of_family(text: pl.Expr, family: str) -> pl.Expr:
    return pl.any_horizontal(kind.test(text) for kind in KINDS if kind.family == family)
