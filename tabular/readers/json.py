"""JSON (RFC 8259, to the letter) in: records, columns, rows, or an object that holds one array of records; and NDJSON.

Read piece by piece, so that memory follows one record and not the file. Numbers keep their digits: they reach the
spool as they are written and are typed with the whole column, as every other text is.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tabular.errors import TableError, gettext_noop, notice
from tabular.options import Limits, Options
from tabular.readers import RawTable
from tabular.readers.json_text import InvalidJson, JsonText, Object, cell, one_value
from tabular.readers.records import Records
from tabular.sniff import Encoding, Sniffed
from tabular.sniff.encoding import decoded


class JsonNotTabular(TableError):
    reason = "json_not_tabular"
    message = gettext_noop(
        "The JSON holds no table. A table is an array of records, an object of columns, or an object that holds "
        "exactly one array of records."
    )


def read(source: Path, work: Path, sniffed: Sniffed, options: Options, limits: Limits) -> RawTable:
    """Spools the table. Raises ``InvalidJson``, ``JsonTooDeep``, ``JsonNotTabular``, ``TooManyBadRows`` and limits."""
    encoding = sniffed.encoding or Encoding("utf-8")
    if sniffed.format == "ndjson":
        return _lines_table(source, work, encoding, options, limits)
    text = JsonText(_strict(source, encoding))
    start = text.peek()
    if start == "[":
        found = _array(text, work, limits)
    elif start == "{":
        found = _object(text, work, limits)
    else:
        text.value()
        found = None
    text.end()
    if found is None or not found.width:
        raise JsonNotTabular
    return found.table(work, encoding.name, options)


def _strict(source: Path, encoding: Encoding) -> Iterator[str]:
    for piece in decoded(source, encoding):
        if "\ufffd" in piece and not encoding.clean:
            raise InvalidJson(line=0, found="bytes that are no text")
        yield piece


def _array(text: JsonText, work: Path, limits: Limits, name: str = "records") -> Records | None:
    """An array of records or of rows; None when it is neither (all of it is read, so that its syntax is checked)."""
    found: Records | None = None
    others = 0
    for line, value in text.items():
        if isinstance(value, Object) or (isinstance(value, list) and (found is None or found.positional)):
            if found is None:
                found = Records(work / name, limits, positional=not isinstance(value, Object))
            if found.positional == isinstance(value, Object):
                found.reject(line, "not_a_record", cell(value) or "")
            else:
                found.add(line, value)
        elif found is not None:
            found.reject(line, "not_a_record", cell(value) or "null")
        else:
            others += 1
    return found if found and not others else None


def _object(text: JsonText, work: Path, limits: Limits) -> Records | None:
    """The one array of records in it, or its columns."""
    tables: list[tuple[str, Records]] = []
    members: list[tuple[str, Any]] = []
    for name, _ in text.members():
        if text.opens_records():
            table = _array(text, work, limits, f"member{len(tables)}")
            if table:
                tables.append((name, table))
        else:
            members.append((name, text.value()))
    if len(tables) == 1:
        [(name, table)] = tables
        if table.positional and dict(members).get("columns"):
            return table.named([cell(v) or "" for v in dict(members)["columns"]])
        if members:
            table.say(notice("json_members_left_out", read=name, others=[other for other, _ in members]))
        return table
    return None if tables else _columns(members, work, limits)


def _columns(members: list[tuple[str, Any]], work: Path, limits: Limits) -> Records | None:
    """``{"a": [1, 2], "b": [3, 4]}``, or pandas' ``{"a": {"0": 1, "1": 2}}``."""
    if not members:
        return None
    lists = [_column(value) for _, value in members]
    if any(values is None for values in lists) or len({len(values or []) for values in lists}) != 1 or not lists[0]:
        return None
    found = Records(work / "records", limits)
    for row in zip(*lists, strict=True):
        found.add(None, tuple((name, value) for (name, _), value in zip(members, row, strict=True)))
    return found


def _column(value: Any) -> list[Any] | None:
    if isinstance(value, Object):
        numbered = [key for key, _ in value] == [str(i) for i in range(len(value))]
        return [v for _, v in value] if numbered else None
    return value if isinstance(value, list) else None


def _lines_table(source: Path, work: Path, encoding: Encoding, options: Options, limits: Limits) -> RawTable:
    """NDJSON: one record a line; lines that are none are kept aside."""
    found = Records(work / "records", limits)
    for line, text in enumerate(_lines(_strict(source, encoding)), 1):
        if not text.strip(" \t\r"):
            continue
        try:
            value = one_value(text)
        except TableError as error:
            found.reject(line, error.reason, text)
            continue
        if isinstance(value, Object):
            found.add(line, value)
        else:
            found.reject(line, "not_a_record", text)
    if not found.width:
        raise JsonNotTabular
    return found.table(work, encoding.name, options)


def _lines(pieces: Iterator[str]) -> Iterator[str]:
    rest = ""
    for piece in pieces:
        *whole, rest = (rest + piece).split("\n")
        yield from whole
    if rest:
        yield rest
