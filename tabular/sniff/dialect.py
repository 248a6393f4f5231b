"""Which delimiter, quote and escape a text is written with, and where its table begins."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tabular.errors import TableError, gettext_noop
from tabular.sniff.cells import kind_of
from tabular.sniff.layout import Layout, layout_of, width_of
from tabular.sniff.records import Marks, Split, split

_USUAL = ",\t;|"
_RARE = ":^~\x1f\x01§¦ "
_SAMPLE_RECORDS = 400
_SCORED_RECORDS = 120
_LONGEST_RECORD = 1_000  # lines that a quoted field may span in the sample


class BadDelimiter(TableError):
    reason = "invalid_delimiter"
    message = gettext_noop("A delimiter is one ASCII sign, no letter, digit, quote or line end; %(delimiter)s is none.")


@dataclass(frozen=True, slots=True)
class Record:
    """``line``: physical line where it starts, 1 = first; ``height``: lines it takes; ``sound``: no stray quote."""

    line: int
    height: int
    fields: list[str]
    sound: bool = True


@dataclass(frozen=True, slots=True)
class Dialect:
    """``first_line``: where the first data record starts; ``header_row``: None without a header; ``sample``: the first
    records; ``preamble``: lines above the table; ``padded``: blanks follow the delimiters and mean nothing;
    ``trailing``: a delimiter ends each record, so that the last column has no name and no value."""

    marks: Marks
    layout: Layout
    header_row: int | None
    first_line: int
    sample: tuple[Record, ...]
    preamble: int = 0
    padded: bool = False
    trailing: bool = False


def dialect_of(text: str, delimiter: str | None = None, header_row: int | None = None) -> Dialect:
    """``text``: the file's beginning, whole lines. ``header_row``: the caller's physical line, 0 = none."""
    if delimiter is not None and not _is_delimiter(delimiter):
        raise BadDelimiter(delimiter=delimiter)
    lines = split_lines(text)
    hint = re.fullmatch(r'"?sep=(.)"?', lines[0].strip(" ")) if lines else None
    start = 1 if hint else 0
    marks = _marks_of(lines[start:], delimiter or (hint[1] if hint else None))
    records = records_of(lines, marks, _SAMPLE_RECORDS)
    records = [r for r in records if r.line > start]
    rows = _contents(records)
    at = None if header_row is None else -1 if header_row == 0 else _record_at(records, header_row)
    layout = layout_of(rows, at)
    header = records[layout.header].line if layout.data > layout.header else None
    first = records[layout.data].line if layout.data < len(records) else len(lines) + 1
    preamble = records[layout.header].line - 1 if records else 0
    padded = _is_padded([record.fields for record in records[layout.data :]])
    trailing = _is_trailing(lines, marks, records[layout.header :], layout)
    return Dialect(marks, layout, header, first, tuple(records), preamble, padded, trailing)


def _is_delimiter(text: str) -> bool:
    return len(text) == 1 and text.isascii() and not text.isalnum() and text not in "\"'\r\n\0"


def _is_trailing(lines: Sequence[str], marks: Marks, records: Sequence[Record], layout: Layout) -> bool:
    """All whole records end with a delimiter; a header may lack it."""
    cells = layout.header_cells
    if layout.width < 2 or not cells or len(cells) > layout.width or any(cells[layout.width - 1 :]):
        return False
    whole = [record for record in records if len(record.fields) == layout.width]
    return bool(whole) and all(
        not record.fields[-1] and lines[record.line + record.height - 2].endswith(marks.delimiter) for record in whole
    )


def _is_padded(rows: Sequence[Sequence[str]]) -> bool:
    """``1, 2, 3``: nearly every field but the first begins with a blank."""
    fields = [field for row in rows for field in row[1:] if field]
    blank = sum(1 for field in fields if field[0] == " ")
    return bool(fields) and blank >= 0.9 * len(fields)


def is_aligned(text: str) -> bool:
    """Columns set apart by runs of blanks: nearly all lines have as many words, at least half of them values."""
    lines = [line.split() for line in split_lines(text)[:_SAMPLE_RECORDS] if line.strip()]
    width = width_of([len(words) for words in lines])
    fitting = [words for words in lines if len(words) == width]
    if width < 2 or len(fitting) < 3 or len(fitting) < 0.95 * len(lines) or '"' in text or "  " not in text:
        return False
    values = sum(1 for words in fitting for word in words if kind_of(word) in ("number", "moment"))
    return values * 2 >= len(fitting) * width


def _contents(records: Sequence[Record]) -> list[list[str]]:
    """The records' fields; a blank line, or a comment of another width than the rest, is no row."""
    width = width_of([len(r.fields) for r in records if not _is_comment(r) and not _is_blank(r)])
    return [
        [] if _is_blank(record) or (_is_comment(record) and len(record.fields) != width) else record.fields
        for record in records
    ]


def _is_blank(record: Record) -> bool:
    return len(record.fields) == 1 and not record.fields[0].strip()


def _is_comment(record: Record) -> bool:
    return record.fields[0].lstrip().startswith("#")


def _record_at(records: Sequence[Record], line: int) -> int:
    return next((i for i, record in enumerate(records) if record.line >= line), max(len(records) - 1, 0))


def split_lines(text: str) -> list[str]:
    """Lines that end in LF or CRLF (not in Unicode's separators); an unfinished last one included."""
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    return lines[:-1] if lines and not lines[-1] else lines


def records_of(lines: Sequence[str], marks: Marks, most: int) -> list[Record]:
    """The first records, multi-line ones joined when that makes sense."""
    records: list[Record] = []
    at = 0
    while at < len(lines) and len(records) < most:
        found = split(lines[at], marks)
        height = 1
        if found.open:
            height, found = _join_lines(lines, at, marks)
        records.append(Record(at + 1, height, found.fields, sound=not found.fault and not found.open))
        at += height
    return records


def _join_lines(lines: Sequence[str], at: int, marks: Marks) -> tuple[int, Split]:
    """A record whose quote is open at its first line's end: how many lines it takes, and its fields."""
    text = lines[at]
    for height in range(2, min(_LONGEST_RECORD, len(lines) - at) + 1):
        text += "\n" + lines[at + height - 1]
        if (marks.quote or "") not in lines[at + height - 1]:
            continue
        joined = split(text, marks)
        if joined.fault:
            break
        if not joined.open:
            return height, joined
    return 1, split(lines[at], Marks(marks.delimiter, None))


def _marks_of(lines: Sequence[str], delimiter: str | None) -> Marks:
    scored = [line for line in lines if line.strip() and not line.lstrip().startswith("#")][:_SCORED_RECORDS]
    scored = scored or list(lines[:_SCORED_RECORDS])
    text = "\n".join(scored)
    delimiters = delimiter or [char for char in _USUAL + _RARE if char in text]
    candidates = [Marks(d, _quote_in(text, d)) for d in delimiters]
    best = max(candidates, key=lambda marks: _rate(scored, marks), default=Marks(delimiter or ","))
    if delimiter is None and _rate(scored, best) <= _rate_unsplit(scored):
        best = Marks(",", best.quote)
    return _with_escape(scored, best)


def _quote_in(text: str, delimiter: str) -> str:
    """A single quote is markup only where fields begin and end with it, and more often than with a double one."""
    edge = re.escape(delimiter)
    opening, closing = (
        len(re.findall(rf"(?:^|{edge})'(?!$|{edge})", text, re.MULTILINE)),
        len(re.findall(rf"(?<!^)(?<!{edge})'(?=$|{edge})", text, re.MULTILINE)),
    )
    single = min(opening, closing)
    return "'" if single and abs(opening - closing) * 4 <= single and single * 2 > text.count('"') else '"'


def _rate_unsplit(lines: Sequence[str]) -> float:
    """One column: how far its lines are values as they stand."""
    kinds = [kind_of(line) for line in lines]
    values = sum(1 for kind in kinds if kind in ("number", "moment"))
    return 0.6 * values / max(len(kinds), 1) if values * 2 >= len(kinds) else _LEAST


def _with_escape(lines: Sequence[str], marks: Marks) -> Marks:
    if marks.quote is None or not any("\\" + marks.quote in line for line in lines):
        return marks
    escaped = Marks(marks.delimiter, marks.quote, "\\")
    affected = "\n".join(lines).split("\n")
    return escaped if _faults(affected, escaped) < _faults(affected, marks) else marks


def _faults(lines: Sequence[str], marks: Marks) -> int:
    found = [split(line, marks) for line in lines if "\\" in line]
    return sum(1 for one in found if one.fault or one.open)


def _rate(lines: Sequence[str], marks: Marks) -> float:
    """How well a delimiter explains the lines: the share of records of one width, and how much their cells look like
    cells. A delimiter that splits nothing rates 0."""
    records = records_of(lines, marks, _SCORED_RECORDS)
    counts = [len(record.fields) for record in records]
    width = width_of([count for count in counts if count > 1])
    if width < 2:
        return 0.0
    fitting = [record.fields for record in records if len(record.fields) == width]
    share = (len(fitting) + sum(1 for record in records if record.sound)) / 2 / len(records)
    if marks.delimiter not in _USUAL and (share < 0.8 or len(fitting) < 2):
        return 0.0
    cells = [cell for fields in fitting for cell in fields]
    clean = sum(_CLEAN[kind_of(cell)] for cell in cells) / len(cells)
    rare = 1.0 if marks.delimiter in _USUAL else 0.35 if marks.delimiter == " " else 0.5
    return share**2 * clean * rare * (1 - 0.5 / width)


_LEAST = 0.02  # what a delimiter must rate at least
_CLEAN = {"empty": 0.6, "number": 1.0, "moment": 1.0, "word": 0.8, "odd": 0.2}
