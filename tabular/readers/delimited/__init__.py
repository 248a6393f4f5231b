"""Delimited text (CSV, TSV and the like) -> a spool of text columns.

``sift`` decides between the two paths: a file of well-formed records goes straight to Polars' parser, any other goes
there as a mended copy.
"""

from pathlib import Path
from typing import Any

import polars as pl

from tabular.errors import notice
from tabular.options import Limits, Options, TooManyColumns
from tabular.readers import RawTable
from tabular.readers.delimited.sift import Plan, Sifted, check_bad_rows, sift
from tabular.readers.delimited.text import beginning, normalised
from tabular.sniff import EmptyFile, Sniffed
from tabular.sniff.cells import MISSING, kind_of
from tabular.sniff.dialect import Dialect, dialect_of
from tabular.sniff.encoding import Encoding

LINE_COLUMN = "\ue000line"


def read(source: Path, work: Path, sniffed: Sniffed, options: Options, limits: Limits) -> RawTable:
    """Spools the table into ``work``. Raises ``EmptyFile``, ``TooManyBadRows`` and the limits' errors."""
    encoding = sniffed.encoding or Encoding("utf-8")
    text = normalised(source, work, encoding, limits)
    dialect = dialect_of(beginning(text), options.delimiter, options.header_row)
    if not dialect.sample:
        raise EmptyFile(filename=options.filename)
    names, said = column_names(dialect, limits)
    found = sift(text, work / "clean.csv", _plan(dialect, names, encoding), limits)
    check_bad_rows(found, options.max_bad_rows)
    spool = work / "spool.parquet"
    _spool(found, dialect, names, spool)
    return RawTable(
        path=spool,
        names=names,
        rows=found.rows,
        line_column=LINE_COLUMN if found.lines is not None else None,
        first_line=dialect.first_line,
        rejected=tuple(found.rejected),
        rejected_count=found.rejected_count,
        warnings=(*_encoding_notices(encoding), *said, *_layout_notices(dialect), *_sift_notices(found)),
        encoding=encoding.name,
        delimiter=dialect.marks.delimiter,
        header_row=dialect.header_row,
    )


def column_names(dialect: Dialect, limits: Limits) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    """Unique names, one per column, and what had to be done for that."""
    cells = [cell.strip().replace("\0", "") for cell in dialect.layout.header_cells]
    while len(cells) > dialect.layout.width and not cells[-1]:
        cells.pop()
    width = max(dialect.layout.width, len(cells))
    if width > limits.max_columns:
        raise TooManyColumns(columns=width, limit=limits.max_columns)
    cells += [""] * (width - len(cells))
    names: list[str] = []
    renamed, taken = [], {cell for cell in cells if cell}
    for place, cell in enumerate(cells, 1):
        name = cell or f"column_{place}"
        number = 1
        while name in names or (name != cell and name in taken):
            number += 1
            name = f"{cell or f'column_{place}'}_{number}"
        if cell and name != cell:
            renamed.append({"header": cell, "name": name})
        names.append(name)
    said = [notice("duplicate_headers", renamed=renamed)] if renamed else []
    if dialect.layout.header_cells and (empty := [i for i, cell in enumerate(cells, 1) if not cell]):
        said.append(notice("empty_headers", columns=[names[i - 1] for i in empty]))
    return tuple(names), said


def _plan(dialect: Dialect, names: tuple[str, ...], encoding: Encoding) -> Plan:
    layout = dialect.layout
    rows = [record.fields for record in dialect.sample[layout.data :] if len(record.fields) == layout.width]
    typed = [column for column in range(layout.width) if rows and _is_typed([row[column] for row in rows])]
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
    )


def _is_typed(cells: list[str]) -> bool:
    kinds = [kind_of(cell) for cell in cells if cell.strip().lower() not in MISSING]
    return bool(kinds) and sum(1 for kind in kinds if kind in ("number", "moment")) >= 0.9 * len(kinds)


def _spool(found: Sifted, dialect: Dialect, names: tuple[str, ...], target: Path) -> None:
    parsed = names[: dialect.layout.width]
    frame = pl.scan_csv(
        found.path,
        has_header=False,
        schema=dict.fromkeys(parsed, pl.String),
        separator=dialect.marks.delimiter,
        quote_char=dialect.marks.quote,
        skip_lines=found.skip_lines,
        low_memory=True,
        glob=False,
    )
    if found.quoted:
        frame = frame.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in parsed)
    frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in names[len(parsed) :])
    if found.lines is not None:
        lines = pl.LazyFrame({LINE_COLUMN: found.lines})
        frame = pl.concat([frame, lines], how="horizontal")
    if not found.rows:
        pl.DataFrame(schema=dict.fromkeys(names, pl.String)).write_parquet(target)
        return
    frame.sink_parquet(target, compression="uncompressed", statistics=False, row_group_size=250_000)


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

__all__ = ["LINE_COLUMN", "column_names", "read"]
