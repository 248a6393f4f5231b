"""Which kinds of value a column holds, counted over all of its rows.

The first rows only suggest what to count; a kind is believed when the count over the whole file says so.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from tabular.typing import booleans, dates, missing, numbers
from tabular.typing.asking import ask
from tabular.typing.kinds import Kind, Subject, total

KINDS: tuple[Kind, ...] = (*numbers.KINDS, *dates.KINDS, *booleans.KINDS, *missing.KINDS)
FAMILY = {kind.name: kind.family for kind in KINDS}
_HEAD = 1_000


def _counting(subject: Subject, kinds: Iterable[Kind]) -> dict[str, pl.Expr]:
    return {"": subject.text.count()} | {kind.name: total(kind.test(subject.text)) for kind in kinds}


def _keep(subjects: Sequence[Subject], answers: Sequence[dict[str, Any]]) -> list[Subject]:
    """Note the counts; the subjects that hold values of no counted kind come back."""
    for subject, found in zip(subjects, answers, strict=True):
        subject.filled = found.pop("")
        subject.counts = {name: count for name, count in found.items() if count}
    return [subject for subject in subjects if sum(subject.counts.values()) < subject.filled]


def survey(subjects: Sequence[Subject], frame: pl.LazyFrame) -> None:
    """Fill ``counts`` and ``filled``. A column whose first rows refute every type is not read further."""
    first_rows = frame.head(_HEAD).collect()
    for subject in subjects:
        subject.head = first_rows
    head = first_rows.lazy()
    refuted = _keep(subjects, ask(head, [_counting(subject, KINDS) for subject in subjects]))
    open_ = [subject for subject in subjects if subject not in refuted]
    seen = [[kind for kind in KINDS if kind.name in subject.counts] for subject in open_]
    counted = ask(frame, [_counting(s, kinds) for s, kinds in zip(open_, seen, strict=True)])
    unclear = _keep(open_, counted)
    _keep(unclear, ask(frame, [_counting(subject, KINDS) for subject in unclear]))


def matched(text: pl.Expr) -> pl.Expr:
    """Whether the text is of any kind at all."""
    return pl.any_horizontal(kind.test(text) for kind in KINDS)


def of_family(text: pl.Expr, family: str) -> pl.Expr:
    return pl.any_horizontal(kind.test(text) for kind in KINDS if kind.family == family)
