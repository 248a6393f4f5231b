"""Rows of totals at a table's very end: told from data by what else stands in the column of their label.

A row is one of totals when its first filled cell is a known word, another cell is a number, and every other value of
the word's column is a number, or every other one a date. Anywhere else the word may be a value: a shop called Total.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tabular.sniff.cells import MISSING, kind_of
from tabular.sniff.records import Marks, split

MOST = 5  # rows of totals that a table may end with
_TAIL = 1 << 16  # bytes
_TAIL_LINES = 20
_LONGEST_LABEL = 30  # characters
_WORDS = frozenset(
    {
        *("計", "小計", "合計", "総計", "総合計", "合計金額", "累計", "月計", "年計"),
        *("total", "totals", "grandtotal", "grandtotals", "subtotal", "subtotals", "sub-total", "sub-totals", "sum"),
    }
)
_RANGE = re.compile(r"\s*\d{1,3}-\d{1,2}\s*")  # 20-29, 1-2: as likely a class or a section as a date
_PLAIN_NUMBER = r"^-?[0-9]{1,15}(\.[0-9]{1,15})?$"
_PLAIN_DATE = r"^[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}$"


@dataclass(frozen=True, slots=True)
class Tail:
    """Bytes from ``offset`` on may be rows of totals, labelled in one of ``columns``."""

    offset: int
    columns: frozenset[int]


def label_column(fields: Sequence[str]) -> int | None:
    """Where the label of a row that reads like one of totals stands; None: it does not read so."""
    column = next((i for i, cell in enumerate(fields) if cell.strip()), None)
    if column is None or not _is_word(fields[column]):
        return None
    return column if any(kind_of(cell) == "number" for cell in fields[column + 1 :]) else None


def _is_word(cell: str) -> bool:
    if len(cell) > _LONGEST_LABEL:
        return False
    return "".join(unicodedata.normalize("NFKC", cell).split()).strip(":").casefold() in _WORDS


def tail_of(
    text: Path, marks: Marks, width: int, sample: Sequence[Sequence[str]], spared: Collection[int]
) -> Tail | None:
    """What a look at the end of a UTF-8 file and at its first records (``sample``, all of ``width``) shows.
    ``spared``: columns whose words are values, as the caller says."""
    found: int | None = None
    columns: dict[int, bool] = dict.fromkeys(spared, False)
    labelled: set[int] = set()
    for offset, line in _last_lines(text):
        fields = split(line, marks).fields
        column = None if any(cell.strip() for cell in fields[width:]) else label_column(fields[:width])
        if column is not None and column not in columns:
            columns[column] = hold_values([row[column] for row in sample if label_column(row) != column])
        if column is not None and columns[column]:
            found = offset
            labelled.add(column)
        elif len(fields) == width and any(cell.strip() for cell in fields):
            break
    return None if found is None else Tail(found, frozenset(labelled))


def _last_lines(text: Path) -> Iterator[tuple[int, str]]:
    """The last lines of a file with the offset of each, the very last first."""
    with text.open("rb") as file:
        size = file.seek(0, 2)
        begin = max(size - _TAIL, 0)
        file.seek(begin)
        lines = file.read(_TAIL).splitlines(keepends=True) if size else []
    if begin:
        begin += len(lines.pop(0))
    end = begin + sum(map(len, lines))
    for line in reversed(lines[-_TAIL_LINES:]):
        end -= len(line)
        yield end, line.decode("utf-8", "replace").rstrip("\r\n")


def hold_values(cells: Iterable[str]) -> bool:
    """Is there a value, and are all of them numbers, or all of them dates?"""
    kinds: set[str] = set()
    for cell in cells:
        if cell.strip().lower() in MISSING:
            continue
        kinds.add("word" if _RANGE.fullmatch(cell) else kind_of(cell))
        if len(kinds) > 1 or not kinds <= {"number", "moment"}:
            return False
    return bool(kinds)


def column_holds_values(path: Path, marks: Marks, width: int, column: int) -> bool:
    """The same of one column of a whole file of clean text without a header."""
    frame = pl.scan_csv(
        path,
        has_header=False,
        schema={str(i): pl.String() for i in range(width)},
        separator=marks.delimiter,
        quote_char=marks.quote,
        low_memory=True,
        glob=False,
    )
    return frame_holds_values(frame.select(pl.col(str(column)).alias("cell")))


def frame_holds_values(frame: pl.LazyFrame) -> bool:
    """The same of a column of text named ``cell``."""
    cell = pl.col("cell")
    number, day = cell.str.contains(_PLAIN_NUMBER), cell.str.contains(_PLAIN_DATE)
    plain, others = pl.collect_all(
        [
            frame.select(number=number.any(), day=day.any()),
            frame.filter(cell.is_not_null() & ~number & ~day).unique(),
        ],
        engine="streaming",
    )
    has_number, has_day = plain.row(0)
    shown = [*(["0"] if has_number else []), *(["2024-01-01"] if has_day else [])]
    return hold_values([*shown, *others["cell"]])
