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
from tabular.options import Limits, Options, TooManySheets
from tabular.readers import RawTable, cells, headers, workbooks
from tabular.readers.sheet_rows import SheetRows
from tabular.schema import Dtype
from tabular.sniff import EmptyFile, Sniffed
from tabular.sniff.layout import Layout, layout_of

_SAMPLE_ROWS = 400
_ROWS_AT_ONCE = 5_000
LINE_COLUMN = "\ue000line"


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

    Raises ``PasswordProtected``, ``WorkbookDamaged``, ``SheetNotFound``, ``EmptyFile``, and what ``look`` refuses.
    """
    errors = workbooks.look(source, sniffed.format, limits)
    try:
        with load_workbook(source) as book:
            return _spool(book, work, options, limits, errors)
    except PasswordError as error:
        raise PasswordProtected from error
    except (CalamineError, ValueError, OSError) as error:
        raise WorkbookDamaged(found=str(error)[:200]) from error


def _spool(book: CalamineWorkbook, work: Path, options: Options, limits: Limits, errors: workbooks.Errors) -> RawTable:
    sheet, said = _choose(book, options, limits)
    rows = iter(sheet.iter_rows())
    head = list(islice(rows, _SAMPLE_ROWS))
    if not head:
        raise EmptyFile(filename=options.filename)
    texts = [[cells.render(cell) for cell in row] for row in head]
    at = None if options.header_row is None else options.header_row - 1
    layout = layout_of(_records(texts), at)
    spared = {i for i, cell in enumerate(layout.header_cells) if options.types.get(cell.strip()) == "text"}
    body = SheetRows(limits, sheet.merged_cell_ranges or (), spared)
    if head[layout.data :]:
        body.take(layout.data, head[layout.data :])
    line = len(head)
    while more := list(islice(rows, _ROWS_AT_ONCE)):
        body.take(line, more)
        line += len(more)
    body.end()
    frame, native, renamed = _frame(body, layout, len(head[0]), options, limits)
    said += [*_layout_notices(layout, texts), *_body_notices(body), *renamed, *errors.notices(sheet.name)]
    path = work / "spool.parquet"
    names = tuple(frame.columns)
    first_line = body.lines[0] if body.lines else layout.data + 1
    lined = bool(body.lines) and body.lines[-1] - first_line >= body.rows
    if lined:
        frame = frame.with_columns(pl.Series(LINE_COLUMN, body.lines, dtype=pl.Int64))
    frame.write_parquet(path, compression="uncompressed")
    return RawTable(
        path=path,
        names=names,
        rows=body.rows,
        native=native,
        line_column=LINE_COLUMN if lined else None,
        first_line=first_line,
        rejected=tuple(body.rejected),
        rejected_count=len(body.rejected),
        warnings=tuple(said),
        header_row=layout.header + 1 if layout.data > layout.header else None,
        sheets=tuple(book.sheet_names),
    )


def _records(texts: list[list[str]]) -> list[list[str]]:
    """Rows as records: an empty row has no fields, and a title above the table has one, however wide the sheet is."""
    table = next((i for i, row in enumerate(texts) if sum(map(bool, row)) > 1), 0)
    return [[c for c in row if c] if i < table else row if any(row) else [] for i, row in enumerate(texts)]


def _frame(
    body: SheetRows, layout: Layout, width: int, options: Options, limits: Limits
) -> tuple[pl.DataFrame, dict[str, Dtype], list[dict[str, Any]]]:
    """The columns that hold a name or a value, with their names and stated types."""
    header = [*layout.header_cells, *[""] * width][:width]
    columns = body.columns(width)
    kept = [i for i in range(width) if header[i].strip() or columns[i][0].null_count() < body.rows]
    if not kept:
        raise EmptyFile(filename=options.filename)
    names, said = headers.unique([header[i] for i in kept], limits)
    if not layout.header_cells:
        said = [notice("header_missing")]
    named = dict(zip(names, (columns[i] for i in kept), strict=True))
    frame = pl.DataFrame({name: series for name, (series, _) in named.items()})
    return frame, {name: stated for name, (_, stated) in named.items() if stated}, said


def _layout_notices(layout: Layout, texts: list[list[str]]) -> Iterator[dict[str, Any]]:
    above = [" ".join(cell for cell in row if cell)[:200] for row in texts[: layout.header] if any(row)]
    if above:
        yield notice("preamble_skipped", lines=layout.header, text=above[:10])
    if layout.data - layout.header > 1:
        yield notice("header_rows_joined", rows=layout.data - layout.header)


def _body_notices(body: SheetRows) -> Iterator[dict[str, Any]]:
    blank = [line for line in body.skipped if body.lines and body.lines[0] < line < body.lines[-1]]
    if blank:
        yield notice("blank_lines", count=len(blank), lines=blank[:10])
    if body.filled:
        yield notice("merged_cells_filled", count=body.filled)
    if body.rejected:
        yield notice("rows_kept_aside", count=len(body.rejected))


def _choose(book: CalamineWorkbook, options: Options, limits: Limits) -> tuple[CalamineSheet, list[dict[str, Any]]]:
    """By name, else by number (1 = first), else the first sheet that holds something."""
    names = book.sheet_names
    if len(names) > limits.max_sheets:
        raise TooManySheets(sheets=len(names), limit=limits.max_sheets)
    if options.sheet_name is not None and options.sheet_name.strip():
        return _named(book, options.sheet_name), []
    if not names:
        raise WorkbookDamaged(found="no sheet")
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
