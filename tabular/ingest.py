"""A file becomes a dataset: sniff -> reader -> types -> roles -> one Parquet file, with a report of every decision."""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from tabular import parquet, roles, typing
from tabular.errors import TableError, gettext_noop
from tabular.lossless import is_lossless
from tabular.options import Limits, Options
from tabular.readers import RawTable
from tabular.readers.registry import REGISTRY
from tabular.schema import Column
from tabular.sniff import sniff
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
    """Writes ``target`` (typed Parquet) whole or not at all. Raises a ``TableError`` for whatever is wrong with the file.

    Needs room beside ``target`` for text copies of the data; they are gone when it returns.
    """
    with ExitStack() as stack:
        format_, raw, decisions, columns = _understand(source, target.parent, options, limits or Limits(), stack)
        with parquet.writing(target) as temporary:
            rows = typing.convert(raw, decisions, temporary)
            columns = roles.assign(columns, temporary)
            lossless = is_lossless(raw, columns, temporary)
            preview = _preview(temporary)
    warnings = _warnings(raw, decisions)
    report = {**_report(raw, columns), "rows": rows, "lossless": lossless, "warnings": warnings}
    return Ingested(columns, rows, format_, raw.encoding, preview, report, warnings)


def inspect(source: Path, options: Options, limits: Limits | None = None) -> dict[str, Any]:
    """What ``ingest`` would do, with nothing kept: format, encoding, delimiter, header row, sheets, columns, sample."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="inspect-")))
        format_, raw, decisions, columns = _understand(source, folder, options, limits or Limits(), stack)
        sample = folder / "sample.parquet"
        typing.convert(raw, decisions, sample)
        columns = roles.assign(columns, sample)
        return {
            "format": format_,
            "encoding": raw.encoding,
            "delimiter": raw.delimiter,
            "header_row": raw.header_row,
            "sheets": list(raw.sheets),
            "columns": [{**column.to_dict(), "reason": column.reason} for column in columns],
            "sample": _preview(sample),
            "warnings": _warnings(raw, decisions),
        }


def _understand(
    source: Path, folder: Path, options: Options, limits: Limits, stack: ExitStack
) -> tuple[str, RawTable, tuple[Decision, ...], tuple[Column, ...]]:
    work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=".ingest-", dir=folder)))
    sniffed = sniff(source, options)
    raw = REGISTRY[sniffed.format](source, work, sniffed, options, limits).spooled()
    if not raw.rows:
        raise NoRows(columns=list(raw.names))
    decisions = typing.decide(raw, types=dict(options.types), na_values=options.na_values, dayfirst=options.dayfirst)
    return sniffed.format, raw, decisions, tuple(decision.column for decision in decisions)


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
