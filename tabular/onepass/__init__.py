"""Plain text -> typed Parquet in one pass: types decided on the first rows, proven on every row while it is written.

The proof is that a cell's text is what writing its value again gives: then nothing was rounded, padded or taken for
something else. Whole numbers need not be written for that: no text that is read as a whole number is shorter than the
number's digits, so the lengths need only add up. Columns for which the first rows promise no such proof are decided on
all of their rows first, as text.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

import polars as pl

from tabular import parquet, typing
from tabular.onepass.proofs import (
    MOST_DIGITS,
    Proof,
    answers_of,
    digits,
    length,
    longest,
    of_decision,
    promised,
    questions,
    source,
)
from tabular.options import Options
from tabular.readers import PlainText, RawTable
from tabular.typing import Decision

SAMPLE = 2_000  # rows
_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Written:
    """``raw`` as it turned out to be; ``lossless`` speaks of the cells, not of records kept aside."""

    raw: RawTable
    decisions: tuple[Decision, ...]
    rows: int
    lossless: bool


class _NotPlain(Exception):
    """The text is not what it was presumed to be."""


class _Refuted(Exception):
    """Columns are not what their first rows promised."""

    def __init__(self, columns: Collection[str]) -> None:
        super().__init__(columns)
        self.columns = columns


def convert(raw: RawTable, options: Options, work: Path, target: Path, sample_rows: int = SAMPLE) -> Written | None:
    """Writes ``target``; None where this way gains nothing (small files) or leads nowhere."""
    if options.na_values or set(options.types) - set(raw.names):
        return None
    doubted = set(options.types)
    decided: dict[str, Proof] = {}
    for _ in range(_ATTEMPTS):
        if raw.plain is None or raw.rows <= sample_rows:
            return None
        try:
            proofs = _proofs(raw, raw.plain, options, work, sample_rows, doubted, decided)
            return _write(raw, raw.plain, proofs, target)
        except _NotPlain:
            if raw.plain.settle is None:
                return None
            raw, decided = raw.settled(), {}
        except _Refuted as refuted:
            doubted |= set(refuted.columns)
    return None


def _proofs(
    raw: RawTable,
    plain: PlainText,
    options: Options,
    work: Path,
    sample_rows: int,
    doubted: Collection[str],
    decided: dict[str, Proof],
) -> dict[str, Proof]:
    """By column, in file order: what its first rows promise, or what all of its rows decided (kept in ``decided``)."""
    with _parsing():
        cells = plain.scan({}).head(sample_rows).collect()
    sample = _spool(raw, cells, work / "sample.parquet")
    decisions = typing.decide(sample, types={}, dayfirst=options.dayfirst)
    found = promised([decision for decision in decisions if decision.column.name not in doubted], cells) | decided
    rest = tuple(name for name in raw.names if name not in found)
    if rest:
        decided |= {d.column.name: of_decision(d) for d in _decided(raw, plain, options, work, rest)}
    found |= decided
    return {name: found[name] for name in raw.names}


def _spool(raw: RawTable, cells: pl.DataFrame, path: Path) -> RawTable:
    cells.write_parquet(path, compression="uncompressed", statistics=False)
    return replace(raw, path=path, rows=len(cells), plain=None)


def _decided(
    raw: RawTable, plain: PlainText, options: Options, work: Path, names: tuple[str, ...]
) -> tuple[Decision, ...]:
    path = work / "doubted.parquet"
    kept = [*names, *([raw.line_column] if raw.line_column else [])]
    with _parsing():
        plain.scan({}).select(kept).sink_parquet(path, compression="uncompressed", statistics=False)
    types = {name: dtype for name, dtype in options.types.items() if name in names}
    return typing.decide(replace(raw, path=path, names=names, plain=None), types=types, dayfirst=options.dayfirst)


def _write(raw: RawTable, plain: PlainText, proofs: dict[str, Proof], target: Path) -> Written:
    """One pass over the text. Raises ``_NotPlain`` and ``_Refuted``."""
    presumed = plain.settle is not None
    parsed = {n: pl.Int64() for n, proof in proofs.items() if presumed and proof.parsable}
    tally = _Tally(proofs, frozenset(parsed), weigh=presumed)
    values = [proof.decision.expr.alias(name) for name, proof in proofs.items()]
    schema = plain.scan({}).select(values).collect_schema()
    frame = plain.scan(parsed).select(raw.names).map_batches(tally.take, schema=schema, streamable=True)
    with _parsing():
        parquet.sink(frame, target)
    if tally.refuted:
        raise _Refuted(tally.refuted)
    plain_size = tally.bytes + tally.rows * plain.separators == plain.size and tally.longest <= plain.longest_cell
    if tally.rows != raw.rows or (presumed and not plain_size):
        raise _NotPlain
    decisions = tuple(proof.decision for proof in proofs.values())
    return Written(raw, decisions, tally.rows, tally.lossless)


class _Tally:
    """Takes the batches of one pass, several at a time: makes the values, and counts what the proofs need."""

    def __init__(self, proofs: dict[str, Proof], parsed: frozenset[str], *, weigh: bool) -> None:
        self.proofs, self.parsed, self.weigh = proofs, parsed, weigh
        self.asked = {name: proof for name, proof in proofs.items() if not proof.parsable}
        self.values = [pl.col(name) if name in parsed else p.decision.expr.alias(name) for name, p in proofs.items()]
        self.sources = [pl.col(name).alias(source(name)) for name in self.asked]
        self.questions = questions(self.asked.values())
        self.rows = self.bytes = self.longest = 0
        self.lossless = True
        self.refuted: set[str] = set()
        self.lock = Lock()

    def take(self, batch: pl.DataFrame) -> pl.DataFrame:
        made = batch.select(self.values)
        answers = self._answers(batch.select(self.sources).hstack(made)) if self.questions else {}
        own = {name: answers_of(name, answers) for name in self.asked}
        wrong = {name for name, proof in self.asked.items() if not proof.holds(own[name])}
        texts = [batch[name] for name in self.proofs if name not in self.parsed] if self.weigh else []
        weight = sum(map(length, texts))
        for name in self.proofs.keys() - self.asked.keys():
            written, most = digits(made[name])
            if name in self.parsed:
                weight += written
            elif made[name].null_count() != batch[name].null_count() or length(batch[name]) != written:
                wrong.add(name)
            if most > MOST_DIGITS:
                wrong.add(name)
        with self.lock:
            self.rows += len(batch)
            self.bytes += weight
            self.refuted |= wrong
            self.longest = max(self.longest, *map(longest, texts), 0)
            self.lossless = self.lossless and all(proof.lossless(own[name]) for name, proof in self.asked.items())
            done = bool(self.refuted)
        return made.clear() if done else made  # what is refuted is not worth writing; the rest is still looked at

    def _answers(self, both: pl.DataFrame) -> dict[str, Any]:
        """Asked lazily, so that what several questions share is computed once."""
        return both.lazy().select(self.questions).collect(engine="in-memory").row(0, named=True)


@contextmanager
def _parsing() -> Iterator[None]:
    """The parser's complaints, and what the batches raise through it."""
    try:
        yield
    except pl.exceptions.PolarsError as error:
        raise _NotPlain from error
