"""Delimited text (CSV, TSV and the like) -> a spool of text columns.

``sift`` decides between the two paths: a file of well-formed records goes straight to Polars' parser, any other goes
there as a mended copy.
"""

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Any

import polars as pl

from tabular.errors import notice
from tabular.options import Limits, Options
from tabular.readers import PlainText, RawTable, headers
from tabular.readers.delimited.glance import glance
from tabular.readers.delimited.sift import Plan, Sifted, check_bad_rows, sift
from tabular.readers.delimited.text import beginning, normalised, unaligned, unpadded
from tabular.readers.totals import tail_of
from tabular.sniff import EmptyFile, Sniffed
from tabular.sniff.cells import MISSING, kind_of
from tabular.sniff.dialect import Dialect, dialect_of, is_aligned
from tabular.sniff.encoding import Encoding

# Polars cuts larger files into larger chunks and reads far ahead of its slowest node: without this a gigabyte takes
# twice the memory of a tenth of it.
os.environ.setdefault("POLARS_CSV_CHUNK_SIZE", "1000000")

LINE_COLUMN = "\ue000line"
_GHOST = "\ue000ghost"


def read(source: Path, work: Path, sniffed: Sniffed, options: Options, limits: Limits) -> RawTable:
    """The table, with its spool to be written into ``work``. Raises ``EmptyFile``, ``TooManyBadRows`` and the limits'
    errors, some of them only when the spool is asked for."""
    encoding = sniffed.encoding or Encoding("utf-8")
    text = normalised(source, work, encoding, limits)
    start = beginning(text)
    if not start.strip("\ufeff\0\x1a \t\r\n"):
        raise EmptyFile(filename=options.filename)
    dialect = dialect_of(start, options.delimiter, options.header_row)
    aligned = options.delimiter is None and dialect.layout.width <= 1 and is_aligned(start)
    if aligned:
        text = unaligned(text, work, limits)
        dialect = dialect_of(beginning(text), "\t", options.header_row)
    if dialect.padded:
        text = unpadded(text, work, dialect.marks.delimiter, dialect.marks.quote, limits)
        dialect = dialect_of(beginning(text), dialect.marks.delimiter, options.header_row)
    reading = _Reading(text, work, encoding, dialect, *_names(dialect, limits), options, limits, aligned)
    return reading.presumed() or reading.sifted()


@dataclass(frozen=True, slots=True)
class _Reading:
    """One file on its way, by either path."""

    text: Path
    work: Path
    encoding: Encoding
    dialect: Dialect
    names: tuple[str, ...]
    said: list[dict[str, Any]]
    options: Options
    limits: Limits
    aligned: bool

    def presumed(self) -> RawTable | None:
        """The fast path: a file that looks plain is read as it is; whether it was plain shows afterwards."""
        plan, marks = self.plan(), self.dialect.marks
        if plan.tail:
            return None
        seen = glance(self.text, plan.first_line, marks.quote, plan.header_line, self.limits)
        if (
            seen is None
            or self.dialect.trailing
            or not self.encoding.clean
            or not seen.rows
            or seen.rows > self.limits.max_rows
        ):
            return None
        found = Sifted(self.text, skip_lines=plan.first_line - 1, rows=seen.rows)
        separators = self.dialect.layout.width - 1 + seen.line_end
        return self.table(found, self.sifted, seen.size, separators)

    def sifted(self) -> RawTable:
        """The careful path."""
        found = sift(self.text, self.work / "clean.csv", self.plan(), self.limits)
        check_bad_rows(found, self.options.max_bad_rows)
        return self.table(found)

    def plan(self) -> Plan:
        spared = {i for i, name in enumerate(self.names) if self.options.types.get(name) == "text"}
        return _plan(self.text, self.dialect, self.names, self.encoding, spared)

    def table(
        self, found: Sifted, settle: Callable[[], RawTable] | None = None, size: int = 0, separators: int = 0
    ) -> RawTable:
        dialect = self.dialect

        def spool(raw: RawTable) -> None:
            _spool(found, dialect, raw.names, raw.path)

        names, said = self.names, [*self.said, *_layout_notices(dialect), *_sift_notices(found)]
        if dialect.trailing and _is_empty(_scan(found, dialect, names, {}), names[-1]):
            names = names[:-1]
            said.append(notice("trailing_delimiters", count=found.rows, lines=[dialect.first_line]))
        return RawTable(
            path=self.work / "spool.parquet",
            names=names,
            rows=found.rows,
            line_column=LINE_COLUMN if found.lines is not None else None,
            first_line=dialect.first_line,
            rejected=tuple(found.rejected),
            rejected_count=found.rejected_count,
            warnings=(*_encoding_notices(self.encoding), *said),
            encoding=self.encoding.name,
            delimiter=" " if self.aligned else dialect.marks.delimiter,
            header_row=dialect.header_row,
            plain=PlainText(
                partial(_scan, found, dialect, self.names), spool, settle, size, separators, self.limits.max_cell_bytes
            ),
        )


def _names(dialect: Dialect, limits: Limits) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    cells = [cell.strip() for cell in dialect.layout.header_cells]
    while len(cells) > dialect.layout.width and not cells[-1]:
        cells.pop()
    cells += [""] * (dialect.layout.width - len(cells))
    names, said = headers.unique(cells, limits)
    if dialect.trailing and sum(1 for cell in cells if not cell) == 1:
        said = [one for one in said if one["reason"] != "empty_headers"]
    return names, said if dialect.layout.header_cells else []


def _is_empty(frame: pl.LazyFrame, name: str) -> bool:
    return not frame.select(pl.col(name).count()).collect(engine="streaming").item()


def _plan(text: Path, dialect: Dialect, names: tuple[str, ...], encoding: Encoding, spared: Collection[int]) -> Plan:
    layout = dialect.layout
    body = dialect.sample[layout.data :]
    rows = [record.fields for record in body if len(record.fields) == layout.width]
    above = sum(1 for _ in takewhile(lambda record: any(record.fields), body))  # a blank line; another table may follow
    top = [record.fields for record in body[:above] if len(record.fields) == layout.width] if above > 1 else rows
    typed = [column for column in range(layout.width) if top and _is_typed([row[column] for row in top])]
    header = dialect.marks.delimiter.join(layout.header_cells) if len(layout.header_cells) > 1 else ""
    return Plan(
        marks=dialect.marks,
        width=layout.width,
        first_line=dialect.first_line,
        header_line=header.encode() if header and typed else None,
        names=tuple(layout.header_cells) or names,
        typed_columns=tuple(typed),
        first_column=tuple(row[0] for row in rows),
        decoded_with_errors=not encoding.clean,
        tail=tail_of(text, dialect.marks, layout.width, rows, spared),
    )


def _is_typed(cells: list[str]) -> bool:
    kinds = [kind_of(cell) for cell in cells if cell.strip().lower() not in MISSING]
    return bool(kinds) and sum(1 for kind in kinds if kind in ("number", "moment")) >= 0.9 * len(kinds)


def _scan(found: Sifted, dialect: Dialect, names: tuple[str, ...], typed: Mapping[str, pl.DataType]) -> pl.LazyFrame:
    """The text as Polars parses it, an empty field as null; with the physical lines where they are known."""
    parsed = names[: dialect.layout.width]
    frame = pl.scan_csv(
        found.path,
        has_header=False,
        schema={name: typed.get(name, pl.String()) for name in parsed},
        separator=dialect.marks.delimiter,
        quote_char=dialect.marks.quote,
        skip_lines=found.skip_lines,
        low_memory=True,
        glob=False,
    )
    if found.quoted:
        frame = frame.with_columns(
            pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in parsed if name not in typed
        )
    frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in names[len(parsed) :])
    if found.lines is not None:
        lines = pl.LazyFrame({LINE_COLUMN: found.lines})
        frame = pl.concat([frame, lines], how="horizontal")
    return frame


def _spool(found: Sifted, dialect: Dialect, names: tuple[str, ...], target: Path) -> None:
    kept = [*names, *([LINE_COLUMN] if found.lines is not None else [])]
    if not found.rows:
        pl.DataFrame(schema=dict.fromkeys(kept, pl.String)).write_parquet(target)
        return
    scanned = _scan(found, dialect, (*names, _GHOST)[: max(len(names), dialect.layout.width)], {})
    scanned.select(kept).sink_parquet(target, compression="uncompressed", statistics=False, row_group_size=250_000)


def _encoding_notices(encoding: Encoding) -> list[dict[str, Any]]:
    said = []
    if encoding.confidence < 0.8:
        said.append(notice("uncertain_encoding", encoding=encoding.name, confidence=encoding.confidence))
    if not encoding.clean:
        said.append(notice("undecodable_bytes", encoding=encoding.name))
    return said


def _layout_notices(dialect: Dialect) -> list[dict[str, Any]]:
    said = []
    layout = dialect.layout
    if not layout.header_cells and layout.guessed:
        said.append(notice("header_missing"))
    if layout.header > 0 and dialect.preamble:
        skipped = [record for record in dialect.sample[: layout.header] if any(record.fields)]
        text = [dialect.marks.delimiter.join(record.fields)[:200] for record in skipped[:10]]
        if text:
            said.append(notice("preamble_skipped", lines=dialect.preamble, text=text))
    if layout.data - layout.header > 1:
        said.append(notice("header_rows_joined", rows=layout.data - layout.header))
    return said


def _sift_notices(found: Sifted) -> list[dict[str, Any]]:
    said = [notice(_NOTICE_OF.get(why, why), count=n, lines=found.mended_at[why]) for why, n in found.mended.items()]
    if found.second_table:
        said.append(notice("second_table", **found.second_table))
    if found.rejected_count:
        said.append(notice("rows_kept_aside", count=found.rejected_count))
    return said


_NOTICE_OF = {
    "too_few_fields": "short_rows_padded",
    "unclosed_quote": "unclosed_quotes",
    "stray_quote": "stray_quotes",
    "other_quote": "other_quotes",
    "other_delimiter": "other_delimiters",
    "trailing_delimiters": "trailing_delimiters",
    "blank_lines": "blank_lines",
    "comment_lines": "comment_lines",
}

__all__ = ["LINE_COLUMN", "read"]
