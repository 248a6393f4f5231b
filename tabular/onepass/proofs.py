"""What proves, batch by batch, that a column is what its first rows promised.

In a batch every column stands twice: its source under ``source(name)``, as text or (whole numbers) as parsed, and the
value made of it under its own name.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from tabular.lossless import as_csv
from tabular.typing import Decision
from tabular.typing.reasons import Reason

MOST_DIGITS = 15
_PLAIN_DECIMAL = r"^-?(0|[1-9][0-9]*)(\.[0-9]*)?$"
_SURELY_TEXT = frozenset({Reason.TEXT, Reason.LEADING_ZERO, Reason.LONG_INTEGER, Reason.MIXED, Reason.UNITS_DIFFER})

Answers = Mapping[str, Any]


def source(name: str) -> str:
    return f"\0{name}"


@dataclass(frozen=True, slots=True)
class Proof:
    """``questions(name)``: scalar expressions over a batch; ``holds`` and ``lossless`` judge their answers.
    ``parsable``: the parser may make whole numbers of the column by itself."""

    decision: Decision
    questions: Callable[[str], Mapping[str, pl.Expr]]
    holds: Callable[[Answers], bool] = lambda answers: True
    lossless: Callable[[Answers], bool] = lambda answers: True
    parsable: bool = False


def digits(values: pl.Series) -> tuple[int, int]:
    """How many characters the whole numbers of a column take together, and how many digits the longest has."""
    known = (values.fill_null(0) if values.null_count() else values).to_numpy()
    low, high = (int(known.min()), int(known.max())) if len(known) else (0, 0)
    most = max(len(str(abs(low))), len(str(abs(high))))
    written = len(values) - values.null_count()
    if low < 0:
        written += int(np.count_nonzero(known < 0))
        known = np.abs(known)
    return written + sum(int(np.count_nonzero(known >= 10**k)) for k in range(1, min(most, 19))), most


def length(cells: pl.Series) -> int:
    return int(cells.str.len_bytes().sum() or 0)


def longest(cells: pl.Series) -> int:
    most = cells.str.len_bytes().max()
    return most if isinstance(most, int) else 0


def _same(name: str, dtype: str) -> pl.Expr:
    return as_csv(pl.col(name), dtype).eq_missing(pl.col(source(name)))


def _decimal_questions(name: str) -> dict[str, pl.Expr]:
    """Text that is not the shortest form is still exact when it has at most 15 digits."""
    text, value = pl.col(source(name)), pl.col(name)
    other = text.filter(~_same(name, "decimal"))
    exact = other.str.contains(_PLAIN_DECIMAL) & (other.str.count_matches("[0-9]") <= MOST_DIGITS)
    return {
        "others": other.len(),
        "exact": exact.sum(),
        "finite": value.is_finite().all() & (value.count() == text.count()),
    }


def of_decision(decision: Decision) -> Proof:
    """For a column decided on all of its rows nothing is left to prove, only whether it is lossless."""
    dtype = decision.column.dtype
    if dtype == "text":
        return Proof(
            decision, lambda name: {"same": pl.col(name).eq_missing(pl.col(source(name))).all()}, lossless=_is_same
        )
    return Proof(decision, lambda name: {"same": _same(name, dtype).all()}, lossless=_is_same)


def _is_same(answers: Answers) -> bool:
    return bool(answers["same"])


def questions(proofs: Iterable[Proof]) -> list[pl.Expr]:
    """All that the proofs ask of a batch, for one ``select``."""
    return [
        expr.alias(f"{key}\0{proof.decision.column.name}")
        for proof in proofs
        for key, expr in proof.questions(proof.decision.column.name).items()
    ]


def answers_of(name: str, answers: Answers) -> Answers:
    end = f"\0{name}"
    return {key.removesuffix(end): answer for key, answer in answers.items() if key.endswith(end)}


def promised(decisions: Iterable[Decision], cells: pl.DataFrame) -> dict[str, Proof]:
    """The proofs to look for, by column, where the first rows (``cells``) bear them themselves."""
    proofs = {d.column.name: proof for d in decisions if not d.warnings and (proof := _possible(d))}
    both = cells.select(
        *(pl.col(name).alias(source(name)) for name in proofs),
        *(proof.decision.expr.alias(name) for name, proof in proofs.items()),
    )
    asked = questions(proofs.values())
    answers = both.select(asked).row(0, named=True) if asked else {}
    return {name: proof for name, proof in proofs.items() if proof.holds(answers_of(name, answers))}


def _possible(decision: Decision) -> Proof | None:
    dtype = decision.column.dtype
    if dtype == "text":
        return Proof(decision, lambda name: {}) if decision.column.reason in _SURELY_TEXT else None
    if dtype == "decimal":
        return Proof(
            decision,
            _decimal_questions,
            holds=lambda answers: answers["finite"] and answers["others"] == answers["exact"],
            lossless=lambda answers: answers["others"] == 0,
        )
    return Proof(decision, lambda name: {"same": _same(name, dtype).all()}, _is_same, parsable=dtype == "integer")
