"""Excel workbooks, one sheet, written row by row in constant memory.

Text stays text, whatever it starts with; an integer of more than 15 digits, which Excel would round, and a date before
1900, which it does not know, are written as text too.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
from rustpy_xlsxwriter import FastExcel
from rustpy_xlsxwriter import Format as CellFormat

from tabular.errors import TableError, gettext_noop
from tabular.formats.files import chunks
from tabular.formats.format import Batches
from tabular.named import named
from tabular.schema import Column

MAX_ROWS = 1_048_576  # of a sheet, the header's included
MAX_COLUMNS = 16_384
MAX_TEXT = 32_767
_EXACT = 10**15
_FIRST_DATE = date(1900, 3, 1)  # before it Excel counts a day that never was
_NUMBER_FORMATS = {"date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm:ss"}
_WIDTHS = {"date": 11.0, "datetime": 19.0}


class TooManyRowsForXlsx(TableError):
    reason = "too_many_rows_for_xlsx"
    message = gettext_noop(
        "A sheet holds %(limit)s rows with its header; this table has %(rows)s. Choose one of: %(formats)s."
    )


class TooManyColumnsForXlsx(TableError):
    reason = "too_many_columns_for_xlsx"
    message = gettext_noop("A sheet holds %(limit)s columns; this table has %(columns)s. Choose one of: %(formats)s.")


class TextTooLongForXlsx(TableError):
    reason = "text_too_long_for_xlsx"
    message = gettext_noop(
        "A cell of a sheet holds %(limit)s characters; one in %(column)s has %(length)s. Choose one of: %(formats)s."
    )


_OTHERS = ["csv", "parquet", "json", "ndjson"]


def check(rows: int, columns: Sequence[Column]) -> None:
    if rows + 1 > MAX_ROWS:
        raise TooManyRowsForXlsx(rows=rows, limit=MAX_ROWS, formats=_OTHERS)
    if len(columns) > MAX_COLUMNS:
        raise TooManyColumnsForXlsx(columns=len(columns), limit=MAX_COLUMNS, formats=_OTHERS)


def write(batches: Batches, columns: Sequence[Column], *, bom: bool = False, raw: bool = False) -> Iterator[bytes]:
    names = [column.name for column in columns]
    moments = [column for column in columns if column.dtype in _NUMBER_FORMATS]
    formats = {column.name: CellFormat().set_num_format(_NUMBER_FORMATS[column.dtype]) for column in moments}
    widths: dict[str, float] = {column.name: _WIDTHS[column.dtype] for column in moments}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        rows = _rows(batches, columns)
        first = next(rows, None)
        data: Any = pd.DataFrame(columns=names) if first is None else _chain(first, rows)
        book = FastExcel(path)
        book.sheet("Sheet1", data, column_formats=formats or None, column_widths=widths or None)
        book.save()
        yield from chunks(path)


def _chain(first: dict[str, Any], rest: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield first
    yield from rest


def _rows(batches: Batches, columns: Sequence[Column]) -> Iterator[dict[str, Any]]:
    names, written = [column.name for column in columns], 0
    for batch in batches:
        batch = batch.select(named(*names))
        written += len(batch)
        check(written, columns)
        if changed := {column.name: _CELLS[column.dtype] for column in columns if _odd(batch[column.name], column)}:
            for row in batch.iter_rows(named=True):
                yield row | {name: _cell(row[name], made) for name, made in changed.items()}
        else:
            yield from batch.iter_rows(named=True)


def _cell(value: Any, made: Callable[[Any], Any]) -> Any:
    return None if value is None else made(value)


def _odd(cells: pl.Series, column: Column) -> bool:
    """Whether a batch's column holds anything that a sheet can't take as it is."""
    low: Any = cells.min()
    if low is None:
        return False
    if column.dtype == "text":
        longest: Any = cells.str.len_chars().max()
        if longest > MAX_TEXT:
            raise TextTooLongForXlsx(column=column.name, length=longest, limit=MAX_TEXT, formats=_OTHERS)
        return False
    if column.dtype == "integer":
        high: Any = cells.max()
        return bool(max(-low, high) >= _EXACT)
    return column.dtype == "datetime" or (column.dtype == "date" and bool(low < _FIRST_DATE))


def _integer(value: int) -> int | str:
    return value if abs(value) < _EXACT else str(value)


def _date(value: date) -> date | str:
    return value if value >= _FIRST_DATE else value.isoformat()


def _datetime(value: datetime) -> datetime | str:
    """Sheets know no zones: UTC's wall clock."""
    if value.tzinfo:
        value = value.astimezone(UTC).replace(tzinfo=None)
    return value if value.date() >= _FIRST_DATE else value.isoformat()


_CELLS: dict[str, Callable[[Any], Any]] = {"integer": _integer, "date": _date, "datetime": _datetime}
