"""Workbooks (XLSX, XLSB, XLS, ODS): one sheet → a spool. Looked at first, read by calamine."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from tabular.errors import TableError, gettext_noop, notice
from tabular.options import Limits, Options, TooManyRows, TooManySheets
from tabular.readers import RawTable, cells, headers, workbooks
from tabular.schema import Dtype
from tabular.sniff import EmptyFile, Sniffed
from tabular.sniff.layout import layout_of

_SAMPLE_ROWS = 400
_ROWS_AT_ONCE = 20_000
LINE_COLUMN = "\ue000line"

Row = list[Any]


class PasswordProtected(TableError):
    reason = "password_protected"
    message = gettext_noop("The file is protected by a password. Save it without one and try again.")


class WorkbookDamaged(TableError):
    reason = "workbook_damaged"
    message = gettext_noop("The workbook is damaged and can't be read.")


class SheetNotFound(TableError):
    reason = "sheet_not_found"
    message = gettext_noop("There is no sheet %(sheet)s. The sheets are: %(sheets)s.")


def read(source: Path, work: Path, sniffed: Sniffed, options: Options, limits: Limits) -> RawTable:
    """Spools the asked sheet, or the first that is not empty.

    Raises ``PasswordProtected``, ``WorkbookDamaged``, ``SheetNotFound``, ``EmptyFile``, and ``workbooks.look``'s refusals.
    """
    workbooks.look(source, sniffed.format, limits)
    try:
        with load_workbook(source) as book:
            return _spool(book, work, options, limits)
    except PasswordError as error:
        raise PasswordProtected from error
    except (CalamineError, ValueError, OSError) as error:
        raise WorkbookDamaged(found=str(error)[:200]) from error


def _spool(book: CalamineWorkbook, work: Path, options: Options, limits: Limits) -> RawTable:
    sheet, said = _choose(book, options, limits)
    rows = iter(sheet.iter_rows())
    head = list(islice(rows, _SAMPLE_ROWS))
    texts = [_trimmed([cells.render(cell) for cell in row]) for row in head]
    at = None if options.header_row is None else options.header_row - 1
    layout = layout_of(texts, at)
    width = sheet.total_width if False else max((len(row) for row in head), default=0)
    header = [*layout.header_cells, *[""] * (width - len(layout.header_cells))]
    body = _Body(limits)
    body.take(layout.data, head[layout.data :])
    line = len(head)
    while more := list(islice(rows, _ROWS_AT_ONCE)):
        body.take(line, more)
        line += len(more)
    columns = body.columns(width)
    kept = [i for i in range(width) if header[i].strip() or (columns and columns[i][0].null_count() < body.rows)]
    if not kept:
        raise EmptyFile(filename=options.filename)
    names, renamed = headers.unique([header[i] for i in kept], limits)
    frame = pl.DataFrame(
        {
            name: columns[i][0] if columns else pl.Series([], dtype=pl.String)
            for name, i in zip(names, kept, strict=True)
        }
    )
    native: dict[str, Dtype] = {
        name: stated for name, i in zip(names, kept, strict=True) if columns and (stated := columns[i][1]) is not None
    }
    lined = body.skipped > 0
    if lined:
        frame = frame.with_columns(pl.Series(LINE_COLUMN, body.lines, dtype=pl.Int64))
    path = work / "spool.parquet"
    frame.write_parquet(path, compression="uncompressed")
    return RawTable(
        path=path,
        names=names,
        rows=body.rows,
        native=native,
        line_column=LINE_COLUMN if lined else None,
        first_line=layout.data + 1,
        warnings=(*said, *renamed),
        header_row=layout.header + 1 if layout.data > layout.header else None,
        sheets=tuple(book.sheet_names),
    )


def _trimmed(texts: list[str]) -> list[str]:
    return texts if any(texts) else []


class _Body:
    """The rows below the header, column by column, piece by piece; empty rows are left out."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._pieces: list[list[pl.Series]] = []
        self.lines: list[int] = []
        self.rows = 0
        self.skipped = 0

    def take(self, first: int, rows: list[Row]) -> None:
        full = [any(cell != "" for cell in row) for row in rows]
        self.lines += [first + i + 1 for i, filled in enumerate(full) if filled]
        kept = rows if all(full) else [row for row, filled in zip(rows, full, strict=True) if filled]
        self.skipped += len(rows) - len(kept)
        if not kept:
            return
        self.rows += len(kept)
        if self.rows > self._limits.max_rows:
            raise TooManyRows(limit=self._limits.max_rows)
        self._pieces.append([cells.series(values) for values in zip(*kept, strict=True)])

    def columns(self, width: int) -> list[tuple[pl.Series, Dtype | None]]:
        if not self._pieces:
            return []
        return [cells.column([piece[i] for piece in self._pieces]) for i in range(width)]


def _choose(book: CalamineWorkbook, options: Options, limits: Limits) -> tuple[CalamineSheet, list[dict[str, Any]]]:
    """By name, else by number (1 = first), else the first sheet that holds something."""
    names = book.sheet_names
    if len(names) > limits.max_sheets:
        raise TooManySheets(sheets=len(names), limit=limits.max_sheets)
    if options.sheet_name is not None and options.sheet_name.strip():
        return _named(book, options.sheet_name), []
    sheets = [meta.name for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    for name in sheets:
        sheet = book.get_sheet_by_name(name)
        if sheet.end is not None and any(cell != "" for row in sheet.iter_rows() for cell in row):
            return sheet, list(_other_sheets(book, name))
    raise EmptyFile(filename=options.filename)


def _named(book: CalamineWorkbook, asked: str) -> CalamineSheet:
    if asked in book.sheet_names:
        return book.get_sheet_by_name(asked)
    if asked.isascii() and asked.isdigit() and 1 <= int(asked) <= len(book.sheet_names):
        return book.get_sheet_by_index(int(asked) - 1)
    raise SheetNotFound(sheet=asked, sheets=book.sheet_names)


def _other_sheets(book: CalamineWorkbook, chosen: str) -> Iterator[dict[str, Any]]:
    others = [name for name in book.sheet_names if name != chosen]
    if others:
        hidden = [meta.name for meta in book.sheets_metadata if meta.visible != SheetVisibleEnum.Visible]
        yield notice("sheets_not_read", read=chosen, others=others, hidden=hidden)
