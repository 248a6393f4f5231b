"""One record of delimited text -> its fields, forgivingly: what a person would read, not what a grammar allows."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marks:
    """The characters that structure a delimited text. ``escape``: ``\\`` where it, not doubling, protects a quote."""

    delimiter: str
    quote: str | None = '"'
    escape: str | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """``fault``: ``stray_quote`` (a quote where none may stand) or None. ``open``: the last quote never closes."""

    fields: list[str]
    fault: str | None = None
    open: bool = False


def split(line: str, marks: Marks) -> Split:
    """Fields of one record; quotes that can't be markup are kept as characters."""
    if marks.quote is None or marks.quote not in line:
        return Split(line.split(marks.delimiter))
    fields: list[str] = []
    fault, at = None, 0
    while True:
        begin = _skip_blanks(line, at, marks)
        if begin < len(line) and line[begin] == marks.quote:
            value, end, stray = _quoted(line, begin + 1, marks)
            if end is None:
                return Split([*fields, value], fault, open=True)
        else:
            end = line.find(marks.delimiter, at)
            end = len(line) if end < 0 else end
            value, stray = line[at:end], marks.quote in line[at:end]
        fields.append(value)
        fault = "stray_quote" if stray else fault
        if end >= len(line):
            return Split(fields, fault)
        at = end + len(marks.delimiter)


def _skip_blanks(line: str, at: int, marks: Marks) -> int:
    """``a, "b"``: blanks before a quote don't count, unless blanks are the delimiter."""
    begin = at
    while begin < len(line) and line[begin] == " " and marks.delimiter != " ":
        begin += 1
    return begin if begin < len(line) and line[begin] == marks.quote else at


def _quoted(line: str, at: int, marks: Marks) -> tuple[str, int | None, bool]:
    """The field behind an opening quote: its value, where it ends (None: never), whether a stray quote was met."""
    quote, escape = marks.quote or "", marks.escape
    parts: list[str] = []
    stray = False
    while True:
        end = line.find(quote, at)
        if escape and (slash := line.find(escape, at)) >= 0 and (end < 0 or slash < end):
            parts += [line[at:slash], line[slash + 1 : slash + 2]]
            at = slash + 2
            continue
        if end < 0:
            return "".join([*parts, line[at:]]), None, stray
        parts.append(line[at:end])
        rest = end + 1
        if not escape and line.startswith(quote, rest):
            parts.append(quote)
            at = rest + 1
            continue
        after = rest
        while after < len(line) and line[after] == " " and marks.delimiter != " ":
            after += 1
        if after >= len(line) or line.startswith(marks.delimiter, after):
            return "".join(parts), after, stray
        parts.append(quote)
        stray, at = True, rest


def regroup(line: str, marks: Marks) -> list[str]:
    """Fields when the quotes don't add up: every delimiter splits, save between a quote that opens a field and the next
    one that closes one; quotes left over at a field's ends are dropped."""
    quote = marks.quote
    if quote is None:
        return line.split(marks.delimiter)
    pieces = line.split(marks.delimiter)
    fields, at = [], 0
    while at < len(pieces):
        end = _closing_piece(pieces, at, quote)
        fields.append(_unquote(marks.delimiter.join(pieces[at : end + 1]), quote))
        at = end + 1
    return fields


def _closing_piece(pieces: list[str], at: int, quote: str) -> int:
    piece = pieces[at].strip(" ")
    if not piece.startswith(quote) or _closes(piece[1:], quote):
        return at
    for end in range(at + 1, len(pieces)):
        candidate = pieces[end].strip(" ")
        if candidate.startswith(quote) and candidate != quote:
            return at
        if _closes(candidate, quote):
            return end
    return at


def _closes(piece: str, quote: str) -> bool:
    """Ends in an odd number of quotes: the last one is not half of a doubled one."""
    return (len(piece) - len(piece.rstrip(quote))) % 2 == 1


def _unquote(field: str, quote: str) -> str:
    bare = field.strip(" ")
    if bare.startswith(quote) and _closes(bare[1:], quote):
        return bare[1:-1].replace(quote * 2, quote)
    if bare.startswith(quote):
        return bare[1:].replace(quote * 2, quote)
    return field


def join(fields: list[str], marks: Marks) -> str:
    """One record of clean text (doubled quotes), without a line end."""
    quote = marks.quote
    if quote is None:
        return marks.delimiter.join(re.sub(r"[\r\n]+", " ", field).replace(marks.delimiter, " ") for field in fields)
    special = (marks.delimiter, quote, "\n", "\r")
    row = marks.delimiter.join(
        quote + field.replace(quote, quote * 2) + quote if any(mark in field for mark in special) else field
        for field in fields
    )
    return row or quote * 2
