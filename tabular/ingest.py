"""A file becomes a dataset: sniff -> reader -> types -> roles -> one Parquet file, with a report of every decision."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from tabular import onepass, parquet, roles, typing
from tabular.errors import TableError, gettext_noop, notice
from tabular.lossless import is_lossless
from tabular.onepass import Written
from tabular.options import Limits, Options
from tabular.readers import RawTable
from tabular.readers.registry import REGISTRY
from tabular.schema import Column
from tabular.sniff import Sniffed, sniff
from tabular.typing import Decision
from tabular.values import to_json

_PREVIEW_ROWS = 5
_TEXT_SHOWN = 10_000


class NoRows(TableError):
    reason = "no_rows"
    message = gettext_noop("The file has a header and no rows.")


@dataclass(frozen=True, slots=True)
class Ingested:
    """``preview``: up to five rows; ``report``: the ingest report; both JSON-ready."""

    columns: tuple[Column, ...]
    rows: int
    format: str
    encoding: str | None
    preview: list[dict[str, Any]]
    report: dict[str, Any]
    warnings: list[dict[str, Any]]


def ingest(source: Path, target: Path, options: Options, limits: Limits | None = None) -> Ingested:
    """Writes ``target`` (typed Parquet) whole or not at all; a ``TableError`` says whatever is wrong with the file.

    Needs room beside ``target`` for text copies of the data; they are gone when it returns.
    """
    with (
        tempfile.TemporaryDirectory(prefix=".ingest-", dir=target.parent) as folder,
        parquet.writing(target) as temporary,
    ):
        work = Path(folder)
        sniffed, raw = _read(source, work, options, limits or Limits())
        written = onepass.convert(raw, options, work, temporary) or _convert(raw, options, temporary)
        columns = roles.assign([decision.column for decision in written.decisions], temporary)
        preview = _preview(temporary)
        empty = _empty_rows(temporary, columns)
    raw = written.raw
    warnings = _warnings(raw, written.decisions)
    if empty:
        warnings.append(notice("empty_rows", count=empty))
    report = {
        **_report(raw, columns),
        "rows": written.rows,
        "lossless": written.lossless and not raw.rejected_count,
        "warnings": warnings,
    }
    return Ingested(columns, written.rows, sniffed.format, raw.encoding, preview, report, warnings)


def _empty_rows(stored: Path, columns: Sequence[Column]) -> int:
    """Rows without any value; a table that has a full column has none."""
    frame = pl.scan_parquet(stored, glob=False)
    for column in columns:
        if not frame.select(pl.col(column.name).null_count()).collect().item():
            return 0
    return int(frame.select(pl.all_horizontal(pl.all().is_null()).sum()).collect(engine="streaming").item())


def _read(source: Path, work: Path, options: Options, limits: Limits) -> tuple[Sniffed, RawTable]:
    sniffed = sniff(source, options)
    return sniffed, REGISTRY[sniffed.format](source, work, sniffed, options, limits)


def _decide(raw: RawTable, options: Options) -> tuple[RawTable, tuple[Decision, ...]]:
    raw = raw.spooled()
    if not raw.rows:
        raise NoRows(columns=list(raw.names))
    decided = typing.decide(raw, types=dict(options.types), na_values=options.na_values, dayfirst=options.dayfirst)
    return raw, decided


def _convert(raw: RawTable, options: Options, target: Path) -> Written:
    """By way of the spool: for every format, and for text that one pass can't prove."""
    raw, decisions = _decide(raw, options)
    rows = typing.convert(raw, decisions, target)
    return Written(raw, decisions, rows, is_lossless(raw, [decision.column for decision in decisions], target))


def inspect(source: Path, options: Options, limits: Limits | None = None) -> dict[str, Any]:
    """What ``ingest`` would do, with nothing kept: format, encoding, delimiter, header row, sheets, columns, sample."""
    with tempfile.TemporaryDirectory(prefix="inspect-") as folder:
        work = Path(folder)
        sniffed, raw = _read(source, work, options, limits or Limits())
        raw, decisions = _decide(raw, options)
        sample = work / "typed.parquet"
        typing.convert(raw, decisions, sample)
        columns = roles.assign([decision.column for decision in decisions], sample)
        return {
            "format": sniffed.format,
            "encoding": raw.encoding,
            "delimiter": raw.delimiter,
            "header_row": raw.header_row,
            "sheets": list(raw.sheets),
            "columns": [{**column.to_dict(), "reason": column.reason} for column in columns],
            "sample": _preview(sample),
            "warnings": _warnings(raw, decisions),
        }


def _warnings(raw: RawTable, decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    return [*raw.warnings, *(warning for decision in decisions for warning in decision.warnings)]


def _report(raw: RawTable, columns: Sequence[Column]) -> dict[str, Any]:
    return {
        "encoding": raw.encoding,
        "delimiter": raw.delimiter,
        "header_row": raw.header_row,
        "columns": [
            {**column.to_dict(), "reason": column.reason, "evidence": list(column.evidence)} for column in columns
        ],
        "rejected": list(raw.rejected),
    }


def _preview(path: Path) -> list[dict[str, Any]]:
    rows = pl.scan_parquet(path, glob=False).head(_PREVIEW_ROWS).collect().iter_rows(named=True)
    return [{name: _shown(value) for name, value in row.items()} for row in rows]


def _shown(value: Any) -> Any:
    return value[:_TEXT_SHOWN] if isinstance(value, str) else to_json(value)


__all__ = ["Ingested", "NoRows", "ingest", "inspect"]
