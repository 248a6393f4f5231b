"""One pass over the text that leaves a file which any strict parser reads rightly.

A file whose records are all well-formed is only looked at. From the first block that holds anything else on,
well-formed stretches are copied as they are and the rest is mended, record by record, or kept aside.
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from tabular.errors import TableError, gettext_noop
from tabular.options import CellTooLarge, Limits, LineTooLong, TooManyRows
from tabular.readers.delimited.lines import Lines, Shape, lines_of, regular
from tabular.readers.delimited.mend import Mended, is_footnote, mend
from tabular.readers.totals import MOST, Tail, column_holds_values, label_column
from tabular.sniff.cells import MISSING, is_data
from tabular.sniff.records import Marks, join, split

_BLOCK = 8 << 20
_RECOGNISED = ("footnote", "repeated_header", "total_row")  # not of the table, so not bad records of it
_TEXT_KEPT = 500  # characters of a record that is kept aside
_ESCAPED_LINES = 50  # that a quoted field with backslash escapes may span
_UNDECODED = "\ufffd".encode()
_PENDING = 1_000  # odd records held back until it is known whether the table goes on behind them


class TooManyBadRows(TableError):
    reason = "too_many_bad_rows"
    message = gettext_noop("%(bad)s of %(records)s records can't be read; %(allowed)s are allowed.")


@dataclass(frozen=True, slots=True)
class Plan:
    """What to look for: ``names``: the header's cells, for telling its repetitions; ``words_not_data``: columns of
    numbers or dates, for telling a second table's header; ``first_column``: sample values; ``tail``: where rows of
    totals may stand."""

    marks: Marks
    width: int
    first_line: int
    header_line: bytes | None = None
    names: tuple[str, ...] = ()
    typed_columns: tuple[int, ...] = ()
    first_column: tuple[str, ...] = ()
    decoded_with_errors: bool = False
    tail: Tail | None = None


@dataclass(slots=True)
class Sifted:
    """``path``: the source itself when ``skip_lines`` is set, else a clean copy without header. ``lines``: the physical
    line of each row, None when rows follow one another line by line."""

    path: Path
    skip_lines: int = 0
    rows: int = 0
    lines: npt.NDArray[np.uint32] | None = None
    quoted: bool = False
    mended: Counter[str] = field(default_factory=Counter)
    mended_at: dict[str, list[int]] = field(default_factory=dict)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    rejected_count: int = 0
    bad: int = 0  # of these, records of the table that can't be read
    second_table: dict[str, int] | None = None

    @property
    def untouched(self) -> bool:
        return self.skip_lines > 0 or not (self.mended or self.rejected_count)


@dataclass(frozen=True, slots=True)
class _Pending:
    line: int
    text: str
    mended: Mended
    total: int | None = None  # the column of its label, when it may be a row of totals


class _SecondTable(Exception):
    pass


def sift(source: Path, target: Path, plan: Plan, limits: Limits) -> Sifted:
    """Reads UTF-8 text from ``plan.first_line`` on; writes ``target`` only when something needs mending."""
    return _Sieve(source, target, plan, limits).run()


class _Sieve:
    def __init__(self, source: Path, target: Path, plan: Plan, limits: Limits) -> None:
        self.source, self.target, self.plan, self.limits = source, target, plan, limits
        quote = ord(plan.marks.quote) if plan.marks.quote else None
        self.shape = Shape(plan.width, ord(plan.marks.delimiter), quote)
        marked = [(b"\\", plan.marks.escape), (_UNDECODED, plan.decoded_with_errors)]
        self.suspects = (b"\0", *(suspect for suspect, marks in marked if marks))
        self.found = Sifted(source)
        self.line = plan.first_line  # of the next block's first line
        self.copied_from = 0  # where the data begins in the source
        self.out: BinaryIO | None = None
        self.pieces: list[npt.NDArray[np.uint32]] = []
        self.straight = True  # so far each row stands on the line after the row before it
        self.pending: list[_Pending] = []
        self.after_blank = False

    def run(self) -> Sifted:
        try:
            with self.source.open("rb") as file:
                self._skip_to_data(file)
                for block, is_last in self._blocks(file):
                    self._take(block, is_last)
            self._finish()
        finally:
            if self.out:
                self.out.close()
        return self._result()

    def _skip_to_data(self, file: BinaryIO) -> None:
        for _ in range(self.plan.first_line - 1):
            file.readline(self.limits.max_line_bytes + 1)
        self.copied_from = file.tell()

    def _blocks(self, file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
        """Blocks of whole lines; what ``_take`` leaves in ``self.rest`` comes again in front of the next one."""
        self.rest = b""
        self.offset = self.copied_from  # of the current block in the source
        while True:
            data = file.read(_BLOCK)
            block = self.rest + data
            is_last = len(data) < _BLOCK
            if is_last:
                if block:
                    yield (block if block.endswith(b"\n") else block + b"\n"), True
                return
            cut = block.rfind(b"\n") + 1
            if len(block) - cut > self.limits.max_line_bytes:
                raise LineTooLong(line=self.line + block.count(b"\n"), limit=self.limits.max_line_bytes)
            self.rest = block[cut:]
            if cut:
                yield block[:cut], False
                self.offset += len(block) - len(self.rest)

    def _take(self, block: bytes, is_last: bool) -> None:
        if self.found.second_table:
            self._count_second_table(block)
            return
        if not self._take_regular(block):
            self._take_irregular(block, is_last)

    def _count_second_table(self, block: bytes) -> None:
        table = self.found.second_table
        if table:
            table["lines"] += block.count(b"\n")

    # -- whole blocks of well-formed records ------------------------------------------------------------------------

    def _take_regular(self, block: bytes) -> bool:
        if self.after_blank or any(one in block for one in self.suspects) or self._repeats_header(block):
            return False
        if self._in_tail(self.offset + len(block) - 1):
            return False
        records = regular(block, self.shape)
        if records is None:
            return False
        self._check_sizes(block, records.ends, self.line)
        self._flush_pending()
        if self.shape.quote is not None and not self.found.quoted:
            self.found.quoted = self.shape.quote in block
        lines = len(records.ends) if records.starts is None else block.count(b"\n")
        self._note_lines(self.line + (np.arange(lines) if records.starts is None else records.starts))
        if self.out:
            self.out.write(block)
        self.line += lines
        return True

    def _in_tail(self, offset: int) -> bool:
        return self.plan.tail is not None and offset >= self.plan.tail.offset

    def _repeats_header(self, block: bytes) -> bool:
        header = self.plan.header_line
        return header is not None and (block.startswith(header) or b"\n" + header in block)

    def _note_lines(self, lines: npt.NDArray[Any]) -> None:
        if not len(lines):
            return
        expected = self.plan.first_line + self.found.rows
        self.straight = self.straight and lines[0] == expected and lines[-1] - lines[0] + 1 == len(lines)
        self.found.rows += len(lines)
        if self.found.rows > self.limits.max_rows:
            raise TooManyRows(limit=self.limits.max_rows)
        self.pieces.append(lines.astype(np.uint32))

    def _check_sizes(self, block: bytes, ends: npt.NDArray[Any], line: int) -> None:
        sizes = np.diff(ends, prepend=0)
        if sizes.max(initial=0) <= self.limits.max_cell_bytes:
            return
        for index in np.flatnonzero(sizes > self.limits.max_cell_bytes):
            end = int(ends[index])
            self._check_record(block[end - int(sizes[index]) : end], line + int(index))

    def _check_record(self, record: bytes, line: int) -> None:
        if record.count(b"\n") <= 1 and len(record) > self.limits.max_line_bytes:
            raise LineTooLong(line=line, limit=self.limits.max_line_bytes)
        for index, cell in enumerate(split(record.decode("utf-8", "replace"), self.plan.marks).fields):
            if len(cell.encode()) > self.limits.max_cell_bytes:
                names = self.plan.names
                column = names[index] if index < len(names) else index + 1
                raise CellTooLarge(column=column, limit=self.limits.max_cell_bytes)

    # -- blocks that hold something else ----------------------------------------------------------------------------

    def _take_irregular(self, block: bytes, is_last: bool) -> None:
        self._open_copy()
        lines = lines_of(block, self.shape, self.suspects)
        self._check_sizes(block, lines.ends, self.line)
        if self.shape.quote is not None:
            self.found.quoted = self.found.quoted or self.shape.quote in block
        good = lines.good.copy()
        self._distrust_repeated_headers(block, lines, good)
        if self.plan.tail:
            good &= self.offset + lines.ends <= self.plan.tail.offset
        odd_lines = np.flatnonzero(lines.odd)
        at, count = 0, len(lines.ends)
        self.first = self.line
        for bad in map(int, np.flatnonzero(~good)):
            if bad < at:
                continue
            if not self._copy(block, lines, at, bad):
                self._second_table_from(at, count)
                return
            start = int(lines.ends[bad - 1]) if bad else 0
            if self.after_blank and self._starts_second_table(block[start : int(lines.ends[bad])]):
                self._second_table_from(bad, count)
                return
            height = self._height(block, lines, odd_lines, bad, is_last)
            if height == 0:  # may go on in the next block
                self.rest = block[start:] + self.rest
                self.line = self.first + bad
                return
            if height > 1 and not self.plan.marks.escape and self._is_whole(lines, bad, height):
                self._copy(block, lines, bad, bad + height, records=1)
            else:
                in_tail = self._in_tail(self.offset + start)
                self._mend(block[start : int(lines.ends[bad + height - 1])], self.first + bad, in_tail)
            at = bad + height
        if not self._copy(block, lines, at, count):
            self._second_table_from(at, count)
            return
        self.line = self.first + count

    def _distrust_repeated_headers(self, block: bytes, lines: Lines, good: npt.NDArray[np.bool_]) -> None:
        header = self.plan.header_line
        if header is None:
            return
        at = -1
        while (at := block.find(header, at + 1)) >= 0:
            if at == 0 or block[at - 1] == 10:
                good[np.searchsorted(lines.ends, at, side="right")] = False

    def _open_copy(self) -> None:
        """Starts the clean copy with all that was well-formed so far."""
        if self.out:
            return
        self.out = self.target.open("wb")
        with self.source.open("rb") as file:
            file.seek(self.copied_from)
            _copy_bytes(file, self.out, self.offset - self.copied_from)

    def _copy(self, block: bytes, lines: Lines, begin: int, end: int, records: int | None = None) -> bool:
        """Copies good lines; False when they turn out to be the beginning of a second table."""
        if begin >= end:
            return True
        start = int(lines.ends[begin - 1]) if begin else 0
        stop = int(lines.ends[end - 1])
        if self.after_blank and self._starts_second_table(block[start : int(lines.ends[begin])]):
            return False
        self.after_blank = False
        self._flush_pending()
        if self.out:
            self.out.write(block[start:stop])
        count = records or end - begin
        self._note_lines(np.arange(self.first + begin, self.first + begin + count))
        return True

    def _starts_second_table(self, line: bytes) -> bool:
        fields = split(line.decode("utf-8", "replace").rstrip("\r\n"), self.plan.marks).fields
        if tuple(fields) == self.plan.names:
            return True
        typed = [fields[i] for i in self.plan.typed_columns if i < len(fields)]
        words = [cell for cell in typed if cell.strip().lower() not in MISSING]
        return len(words) >= 2 and not any(map(is_data, words))

    def _second_table_from(self, at: int, count: int) -> None:
        self.found.second_table = {"line": self.first + at, "lines": count - at}
        self.line = self.first + count

    def _height(self, block: bytes, lines: Lines, odd_lines: npt.NDArray[Any], bad: int, is_last: bool) -> int:
        """Lines of this record: up to where its open quote closes if that makes a record, else 1; 0: unknown yet."""
        if self.plan.marks.escape:
            return self._escaped_height(block, lines, bad)
        if not lines.odd[bad]:
            return 1
        place = int(np.searchsorted(odd_lines, bad)) + 1
        if place < len(odd_lines):
            last = int(odd_lines[place])
            if not lines.span_is_record(bad, last, self.shape.width):
                return 1
            size = int(lines.ends[last]) - (int(lines.ends[bad - 1]) if bad else 0)
            return last - bad + 1 if size <= self.limits.max_cell_bytes * 2 else 1
        start = int(lines.ends[bad - 1]) if bad else 0
        clean_to_end = lines.unfit_inside_before[-1] == lines.unfit_inside_before[bad + 1]
        may_go_on = not is_last and lines.fits_outside[bad] and clean_to_end
        return 0 if may_go_on and len(block) - start <= self.limits.max_cell_bytes else 1

    def _escaped_height(self, block: bytes, lines: Lines, bad: int) -> int:
        """Where a backslash may protect a quote, only reading tells where a field closes."""
        start = int(lines.ends[bad - 1]) if bad else 0
        for last in range(bad, min(bad + _ESCAPED_LINES, len(lines.ends))):
            found = split(
                block[start : int(lines.ends[last])].decode("utf-8", "replace").rstrip("\r\n"), self.plan.marks
            )
            if not found.open:
                return last - bad + 1 if len(found.fields) == self.plan.width and not found.fault else 1
        return 1

    def _is_whole(self, lines: Lines, bad: int, height: int) -> bool:
        return lines.span_is_record(bad, bad + height - 1, self.shape.width)

    # -- single records ---------------------------------------------------------------------------------------------

    def _mend(self, raw: bytes, line: int, in_tail: bool) -> None:
        text = raw.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")
        for part in text.split("\r") if "\r" in text and not self._quotes_cr(text) else [text]:
            self._mend_one(part, line, in_tail)

    def _quotes_cr(self, text: str) -> bool:
        """A lone CR inside a quoted field is text; elsewhere it ends a record."""
        found = split(text, self.plan.marks)
        return not found.open and len(found.fields) == self.plan.width and any("\r" in f for f in found.fields)

    def _mend_one(self, text: str, line: int, in_tail: bool) -> None:
        found = mend(text, self.plan.marks, self.plan.width, decoded_with_errors=self.plan.decoded_with_errors)
        if found.outcome == "row" and self.plan.header_line and tuple(found.fields) == self.plan.names:
            found = Mended("broken", found.fields, "repeated_header")
        total = self._total_column(found) if in_tail else None
        if total is not None or (in_tail and _is_empty_row(found)):
            self.pending.append(_Pending(line, text, found, total))
        elif found.outcome == "row":
            self._flush_pending()
            self._write(found.fields, line, found.why)
            self.after_blank = False
        elif found.outcome in ("blank", "comment"):
            self._count(f"{found.outcome}_lines", line)
            self.after_blank = self.after_blank or found.outcome == "blank"
            if self.after_blank and self.pending:
                self.pending.append(_Pending(line, text, found))
        elif found.outcome == "broken":
            self._reject(line, found.why or "", text)
        else:
            self.pending.append(_Pending(line, text, found))
            if len(self.pending) > _PENDING:
                self._flush_pending()

    def _total_column(self, found: Mended) -> int | None:
        column = label_column(found.fields) if found.outcome in ("row", "short") else None
        return column if self.plan.tail and column in self.plan.tail.columns else None

    def _write(self, fields: list[str], line: int, why: str | None) -> None:
        if self.out:
            self.out.write((join(fields, self.plan.marks) + "\n").encode())
        self._note_lines(np.array([line]))
        if why:
            self._count(why, line)

    def _count(self, why: str, line: int) -> None:
        self.found.mended[why] += 1
        places = self.found.mended_at.setdefault(why, [])
        if len(places) < 10:
            places.append(line)

    def _reject(self, line: int, reason: str, text: str) -> None:
        self.found.rejected_count += 1
        self.found.bad += reason not in _RECOGNISED
        if len(self.found.rejected) < self.limits.max_rejected_kept:
            self.found.rejected.append(
                {"line": line, "reason": reason, "text": text[:_TEXT_KEPT].replace("\0", "\ufffd")}
            )

    def _flush_pending(self) -> None:
        """The table goes on: what was held back are its short and over-long records."""
        waiting, self.pending = self.pending, []
        for one in waiting:
            if one.mended.outcome == "row":
                self._write(one.mended.fields, one.line, one.mended.why)
            elif one.mended.outcome == "short":
                padded = one.mended.fields + [""] * (self.plan.width - len(one.mended.fields))
                self._write(padded, one.line, one.mended.why)
            elif one.mended.outcome == "long":
                self._reject(one.line, one.mended.why or "", one.text)

    def _finish(self) -> None:
        """The table has ended: what is held back may be totals, footnotes, or another table."""
        waiting, self.pending = self.pending, []
        waiting = self._without_other_table(waiting)
        keep = len(waiting)
        while keep and self._is_below_table(waiting, keep - 1):
            keep -= 1
        end = keep
        while end and _may_follow_totals(waiting[end - 1]):
            end -= 1
        self.pending = waiting[:end]
        self._flush_pending()
        self.pending = waiting[end:keep]
        totals = [one for one in self.pending if one.total is not None]
        if self._are_totals(totals):
            for one in totals:
                self._reject(one.line, "total_row", one.text)
            self.pending = [one for one in self.pending if one.total is None]
        self._flush_pending()
        for one in waiting[keep:]:
            if one.mended.outcome != "blank":
                self._reject(one.line, "footnote", one.text)

    def _are_totals(self, rows: list[_Pending]) -> bool:
        """Judged by all of the labels' columns, as far as they are written."""
        if not rows or len(rows) > MOST or not self.out or not self.found.rows:
            return False
        self.out.flush()
        columns = {one.total for one in rows if one.total is not None}
        return all(column_holds_values(self.target, self.plan.marks, self.plan.width, column) for column in columns)

    def _is_below_table(self, waiting: list[_Pending], index: int) -> bool:
        one = waiting[index]
        if one.mended.outcome == "blank":
            return True
        if one.total is not None:
            return False
        after_blank = self.after_blank or any(w.mended.outcome == "blank" for w in waiting[:index])
        return is_footnote(one.mended.fields, one.text, list(self.plan.first_column), after_blank)

    def _without_other_table(self, waiting: list[_Pending]) -> list[_Pending]:
        """Three or more last records of one other width, headed by words over data, are a table of their own."""
        rows = [one for one in waiting if one.mended.outcome != "blank"]
        widths = {len(one.mended.fields) for one in rows}
        if len(rows) < 3 or len(widths) != 1 or self.found.second_table or widths & {1, self.plan.width}:
            return waiting
        head, body = rows[0].mended.fields, [one.mended.fields for one in rows[1:]]
        headed = any(not is_data(head[i]) and all(is_data(row[i]) for row in body) for i in range(len(head)))
        if not (headed or self.after_blank):
            return waiting
        self.found.second_table = {"line": rows[0].line, "lines": len(rows)}
        return []

    def _result(self) -> Sifted:
        found = self.found
        if self.out:
            found.path = self.target
        else:
            found.skip_lines = self.plan.first_line - 1
        if not self.straight:
            found.lines = np.concatenate(self.pieces)
        return found


def _is_empty_row(found: Mended) -> bool:
    return found.outcome == "row" and not any(cell.strip() for cell in found.fields)


def _may_follow_totals(one: _Pending) -> bool:
    return one.total is not None or one.mended.outcome == "blank" or _is_empty_row(one.mended)


def check_bad_rows(found: Sifted, max_bad_rows: float) -> None:
    records = found.rows + found.bad
    if found.bad > max_bad_rows * records:
        shown = [one for one in found.rejected if one["reason"] not in _RECOGNISED][:10]
        raise TooManyBadRows(bad=found.bad, records=records, allowed=int(max_bad_rows * records), rejected=shown)


def _copy_bytes(source: BinaryIO, target: BinaryIO, count: int) -> None:
    done = source.tell()
    end = done + count
    while done < end:
        sent = os.sendfile(target.fileno(), source.fileno(), done, end - done)
        if not sent:
            raise OSError("the source ended early")
        done += sent
    target.seek(0, os.SEEK_END)


__all__ = ["Plan", "Sifted", "TooManyBadRows", "check_bad_rows", "sift"]
