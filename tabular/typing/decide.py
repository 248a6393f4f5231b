"""From the spool to one decision per column: survey the kinds, ask what they leave open, fetch the deciding cells."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from tabular.errors import notice
from tabular.readers import RawTable
from tabular.schema import Column
from tabular.typing import booleans, dates, marks, native, numbers, override
from tabular.typing.asking import ask, count
from tabular.typing.decision import Decision
from tabular.typing.kinds import ROW, Subject, Verdict
from tabular.typing.missing import missing
from tabular.typing.reasons import Reason
from tabular.typing.survey import FAMILY, of_family, survey

_EVIDENCE_CHARS = 200


def decide(
    raw: RawTable,
    *,
    types: Mapping[str, str],
    na_values: tuple[str, ...] = (),
    dayfirst: bool | None = None,
) -> tuple[Decision, ...]:
    """One decision per column, in file order.

    ``types``: column → dtype or ``int64``, wins over what was found. ``na_values`` are null everywhere. ``dayfirst``
    settles 03/04/2024 where the column's values don't. Raises ``UnknownTypedColumn``, ``UnknownType``,
    ``TypeOverrideFailed``.
    """
    override.check(types, raw.names)
    frame = pl.scan_parquet(raw.path).with_row_index(ROW)
    verdicts: dict[str, Verdict] = {}
    free = [name for name in raw.names if name not in types]
    stated = [name for name in free if name in raw.native]
    answers = ask(frame, [native.questions(name, raw.native[name]) for name in stated])
    for name, found in zip(stated, answers, strict=True):
        verdicts[name] = native.verdict(name, raw.native[name], found)
    subjects = [Subject(name, _cells(name, na_values), frame, dayfirst) for name in free if name not in raw.native]
    verdicts |= _judge(subjects, frame)
    for name, wanted in types.items():
        cells = native.as_text(name, raw.native[name]) if name in raw.native else pl.col(name)
        subject = Subject(name, _without(cells, na_values), frame, dayfirst)
        verdicts[name] = override.verdict(subject, wanted)
    return tuple(_decisions(raw, frame, [(name, verdicts[name]) for name in raw.names]))


def _cells(name: str, na_values: tuple[str, ...]) -> pl.Expr:
    return _without(pl.col(name), na_values)


def _without(cells: pl.Expr, na_values: tuple[str, ...]) -> pl.Expr:
    return pl.when(~cells.is_in(list(na_values))).then(cells) if na_values else cells


def _judge(subjects: list[Subject], frame: pl.LazyFrame) -> dict[str, Verdict]:
    survey(subjects, frame)
    for subject, found in zip(subjects, ask(frame, [_questions(s) for s in subjects]), strict=True):
        subject.answers = found
    verdicts = {subject.name: _verdict(subject) for subject in subjects}
    _check_days([subject for subject in subjects if _typed(subject) == "date"], verdicts, frame)
    marks.settle(subjects, verdicts)
    return {subject.name: _finished(subject, verdicts[subject.name]) for subject in subjects}


def _check_days(subjects: list[Subject], verdicts: dict[str, Verdict], frame: pl.LazyFrame) -> None:
    """A value may look like a day and be none (30 February): then its column is text."""
    typed = [(subject, expr) for subject in subjects if (expr := verdicts[subject.name].expr) is not None]
    days = count(frame, [expr for _, expr in typed])
    for (subject, _), found in zip(typed, days, strict=True):
        verdicts[subject.name] = dates.unless_missing(subject, verdicts[subject.name], found)


def _finished(subject: Subject, verdict: Verdict) -> Verdict:
    """Text is kept as it is; numbers and dates say which markers became null."""
    if verdict.expr is None:
        return replace(verdict, expr=subject.text)
    return _with_markers(subject, verdict) if _typed(subject) in ("number", "date") else verdict


def _families(subject: Subject) -> set[str]:
    return {str(FAMILY[kind]) for kind in subject.counts} - {"missing"}


def _typed(subject: Subject) -> str | None:
    """The one family that all values are of, if there is one."""
    families = _families(subject)
    if subject.first_other is not None or len(families) != 1:
        return None
    family = families.pop()
    return None if family == "boolean" and subject.count("missing") else family


def _questions(subject: Subject) -> dict[str, pl.Expr]:
    text = subject.text
    family = _typed(subject)
    asked: dict[str, pl.Expr] = {}
    if family == "number":
        asked = numbers.questions(subject) | dates.compact_questions(subject)
    elif family == "date":
        asked = dates.questions(subject)
    if family in ("number", "date"):
        if subject.count("missing"):
            blank = text.filter(missing(text))
            asked |= {
                "first_missing": subject.first(missing(text)),
                "markers": blank.unique().sort().head(20).implode(),
            }
        return asked
    return {}


def _verdict(subject: Subject) -> Verdict:
    family = _typed(subject)
    if family == "number":
        return dates.compact_verdict(subject) or numbers.verdict(subject)
    if family == "date":
        return dates.verdict(subject)
    if family == "boolean":
        return booleans.verdict(subject)
    if not subject.filled:
        return Verdict("text", Reason.EMPTY)
    if subject.first_other is not None:
        return Verdict("text", Reason.TEXT, evidence=(subject.first_other,))
    if not _families(subject):
        return Verdict("text", Reason.ONLY_MARKERS)
    one_of_each = tuple(subject.locate(of_family(subject.text, family)) for family in sorted(_families(subject)))
    return Verdict("text", Reason.MIXED, evidence=one_of_each)


def _with_markers(subject: Subject, verdict: Verdict) -> Verdict:
    blanks = subject.count("missing")
    if verdict.dtype == "text" or not blanks:
        return verdict
    note = ("missing_markers", {"count": blanks, "markers": subject.answers["markers"]})
    evidence = (*verdict.evidence, subject.answers["first_missing"])
    return replace(verdict, evidence=evidence, notes=(*verdict.notes, note))


def _decisions(raw: RawTable, frame: pl.LazyFrame, verdicts: list[tuple[str, Verdict]]) -> Iterable[Decision]:
    cells = _fetch(raw, frame, verdicts)
    for name, verdict in verdicts:
        rows = [row for row in verdict.evidence if row is not None]
        evidence = tuple(cells[name, row] for row in dict.fromkeys(rows))
        warnings = tuple(
            notice(
                reason, column=name, **({"examples": list(evidence)} if reason == "values_not_of_type" else {}), **facts
            )
            for reason, facts in verdict.notes
        )
        column = Column(name, verdict.dtype, reason=str(verdict.reason), evidence=evidence)
        assert verdict.expr is not None
        yield Decision(column, verdict.expr, warnings)


def _fetch(
    raw: RawTable, frame: pl.LazyFrame, verdicts: list[tuple[str, Verdict]]
) -> dict[tuple[str, int], dict[str, Any]]:
    """The cells that decided, with their lines: one pass over the columns concerned."""
    wanted = {name: {row for row in verdict.evidence if row is not None} for name, verdict in verdicts}
    wanted = {name: rows for name, rows in wanted.items() if rows}
    if not wanted:
        return {}
    columns = [*wanted, *([raw.line_column] if raw.line_column else [])]
    rows = sorted(set().union(*wanted.values()))
    found = (
        frame.select(ROW, *columns)
        .filter(pl.col(ROW).is_in(rows))
        .collect(engine="streaming")
        .rows_by_key(ROW, named=True)
    )
    cells = {}
    for name, deciding in wanted.items():
        for row in deciding:
            record = found[row][0]
            line = record[raw.line_column] if raw.line_column else raw.first_line + row
            cells[name, row] = {"line": line, "value": str(record[name])[:_EVIDENCE_CHARS]}
    return cells
