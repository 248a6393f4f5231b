"""Where the table begins: preamble, header rows, first record."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tabular.sniff.cells import MISSING, Kind, is_data, kind_of

_DEEPEST_PREAMBLE = 100
_DEEPEST_HEADER = 4


@dataclass(frozen=True, slots=True)
class Layout:
    """Indices into the records: ``header`` .. ``data`` are header rows (none when equal); before them is preamble."""

    width: int
    header: int
    data: int
    header_cells: tuple[str, ...] = ()
    guessed: bool = True


def width_of(counts: Sequence[int]) -> int:
    """The number of fields that most records have; of equals, the larger."""
    tally = Counter(count for count in counts if count)
    return max(tally, key=lambda count: (tally[count], count), default=0)


def layout_of(records: Sequence[Sequence[str]], header_at: int | None = None) -> Layout:
    """``records``: the first of the file, blank lines as empty lists. ``header_at``: the caller's header, -1: none."""
    width = width_of(
        [len(record) for record in records[: header_at or None]] if header_at == -1 else [len(r) for r in records]
    )
    if header_at is not None and header_at >= 0:
        width = max(width_of([len(r) for r in records[header_at + 1 :]]), 1) if records[header_at + 1 :] else width
        return _with_header(records, width, header_at, header_at + 1, guessed=False)
    first = _table_start(records, width)
    body = [record for record in records[first + 1 :] if len(record) == width]
    if header_at == -1:
        return Layout(width, first, first, guessed=False)
    if not _looks_like_header(records[first], body):
        return Layout(width, first, first)
    return _with_header(records, width, first, _header_end(records, first, body, width))


def _with_header(records: Sequence[Sequence[str]], width: int, first: int, end: int, *, guessed: bool = True) -> Layout:
    names = _merged_names([list(record) for record in records[first:end] if record], width)
    return Layout(max(width, 1), first, end, tuple(names), guessed)


def _table_start(records: Sequence[Sequence[str]], width: int) -> int:
    """The first record that is as wide as the table and not nearly empty."""
    wide = [i for i, record in enumerate(records[:_DEEPEST_PREAMBLE]) if _is_wide(record, width)]
    full = [i for i in wide if sum(1 for cell in records[i] if cell.strip()) * 2 >= min(width, 8)]
    candidates = full or wide
    if not candidates:
        return next((i for i, record in enumerate(records) if record), 0)
    first, then = candidates[0], candidates[1] if len(candidates) > 1 else None
    if len(records[first]) != width and then is not None and not any(map(is_data, records[then])):
        return then  # the one that fits is the header; what does not stands above it
    return first


def _is_wide(record: Sequence[str], width: int) -> bool:
    """A header may lack a name (row names, a trailing delimiter below it) or have one too many."""
    if len(record) == width:
        return True
    named = all(cell.strip() and not is_data(cell) for cell in record)
    return width > 2 and len(record) >= 2 and len(record) in (width - 1, width + 1) and named


def _column_kinds(body: Sequence[Sequence[str]], column: int) -> tuple[Kind | None, float]:
    kinds = [kind_of(row[column]) for row in body if row[column].strip().lower() not in MISSING]
    if not kinds:
        return None, 0.0
    kind, count = Counter(kinds).most_common(1)[0]
    return kind, count / len(kinds)


def _looks_like_header(first: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    if not body:
        return sum(map(is_data, first)) * 2 < max(len(first), 1)
    if not any(map(is_data, first)):
        body = [row for row in body if row != first] or body  # a header may come again
    votes = 0.0
    for column, cell in enumerate(first[: len(body[0])]):
        votes += _vote(cell, [row[column] for row in body], *_column_kinds(body, column))
    names = [cell.strip() for cell in first if cell.strip()]
    votes -= 0.5 * (len(names) - len(set(names)))
    return votes >= 0


def _vote(cell: str, below: Sequence[str], kind: Kind | None, share: float) -> float:
    """How much one cell of the first row looks like the name of what stands below it (positive) or one more of it."""
    if not cell.strip():
        return -0.1
    own = kind_of(cell)
    if kind in ("number", "moment") and share >= 0.7:
        if own not in ("number", "moment"):
            return 0.3 if cell.strip().lower() in MISSING else 1.0
        return 0.0 if _is_year(cell) and not all(map(_is_year, below[:5])) else -1.0
    if own in ("number", "moment"):
        return -0.4
    if cell in below:
        return -1.0
    lengths = {len(value) for value in below if value}
    if len(below) >= 3 and len(lengths) == 1 and len(cell) not in lengths:
        return 0.5
    return 0.3 if _NAME.fullmatch(cell.strip()) else 0.0


_NAME = re.compile(
    r"[A-Za-z][A-Za-z0-9]*([_ -][A-Za-z0-9]+){0,4}"
    r"|.*(名|日|月|年|番号|コード|区分|金額|数|店舗|商品|備考|住所|緯度|経度|時|種別|ID|id)"
)


def _is_year(cell: str) -> bool:
    return bool(re.fullmatch(r"(19|20)\d\d", cell.strip()))


def _header_end(records: Sequence[Sequence[str]], first: int, body: Sequence[Sequence[str]], width: int) -> int:
    """Further header rows hold words where all the rest of a column is numbers or dates."""
    end = first + 1
    while end < min(first + _DEEPEST_HEADER, len(records)):
        row, rest = records[end], [r for r in records[end + 1 :] if len(r) == width]
        if len(row) != width or len(rest) < 2 or not _continues_header(row, records[first], rest):
            break
        end += 1
    return end


def _continues_header(row: Sequence[str], header: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    if [cell.strip() for cell in row] == [cell.strip() for cell in header]:
        return True
    kinds = [_column_kinds(rest, column) for column in range(len(row))]
    typed = [column for column, (kind, share) in enumerate(kinds) if kind in ("number", "moment") and share >= 0.9]
    said = [column for column in typed if row[column].strip().lower() not in MISSING]
    return len(said) >= 2 and len(said) * 2 >= len(typed) and not any(is_data(row[column]) for column in typed)


def _merged_names(rows: list[list[str]], width: int) -> list[str]:
    """Header rows read downwards: ``2023`` over ``Q1`` is ``2023 Q1``; upper cells reach to the right."""
    rows = [row for i, row in enumerate(rows) if row not in rows[:i]]
    if len(rows) == 1:
        return rows[0]
    for row in rows[:-1]:
        for column in range(1, len(row)):
            row[column] = row[column] or row[column - 1]
    merged = []
    for column in range(width):
        parts = [row[column].strip() for row in rows if column < len(row) and row[column].strip()]
        merged.append(" ".join(dict.fromkeys(parts)))
    return merged
