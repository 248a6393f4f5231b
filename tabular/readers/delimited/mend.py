"""What to make of one record that is not well-formed: a row, with what was done to it, or none, with the reason."""

from dataclasses import dataclass
from typing import Literal

from tabular.sniff.cells import kind_of
from tabular.sniff.records import Marks, regroup, split

Outcome = Literal["row", "short", "long", "blank", "comment", "broken"]

_OTHER_DELIMITERS = ",;\t|:"


@dataclass(frozen=True, slots=True)
class Mended:
    """``why``: for a row, the mending that it took (None: none); for the others the reason."""

    outcome: Outcome
    fields: list[str]
    why: str | None = None


def mend(text: str, marks: Marks, width: int, *, decoded_with_errors: bool = False) -> Mended:
    """Reads one record's text in the ways in which records usually break, the likeliest first."""
    if not text.strip("\ufeff \x1a") or (width > 1 and not text.strip()):
        return Mended("blank", [])
    if "\0" in text:
        return Mended("broken", [], "nul_character")
    if decoded_with_errors and "\ufffd" in text:
        return Mended("broken", [], "undecodable")
    plain = split(text, marks)
    if not plain.open and len(plain.fields) == width:
        return Mended("row", plain.fields, plain.fault)
    if text.lstrip().startswith("#"):
        return Mended("comment", plain.fields)
    found = _requoted(text, marks, width) or _with_other_delimiter(text, marks, width, plain.open)
    if found:
        return found
    fields = regroup(text, marks) if plain.open or plain.fault else plain.fields
    if len(fields) < width:
        return Mended("short", fields, "unclosed_quote" if plain.open else "too_few_fields")
    if not any(field.strip() for field in fields[width:]):
        return Mended("row", fields[:width], "trailing_delimiters")
    return Mended("long", fields, "too_many_fields")


def _requoted(text: str, marks: Marks, width: int) -> Mended | None:
    """Stray quotes, or quotes of the other kind."""
    if marks.quote and marks.quote in text:
        fields = regroup(text, marks)
        if len(fields) == width:
            return Mended("row", fields, "stray_quote")
    other = "'" if marks.quote == '"' else '"'
    if text.count(other) >= 2 and marks.quote is not None:
        again = split(text, Marks(marks.delimiter, other))
        if len(again.fields) == width and not again.open and not again.fault:
            return Mended("row", again.fields, "other_quote")
    return None


def _with_other_delimiter(text: str, marks: Marks, width: int, is_open: bool) -> Mended | None:
    if width < 2:
        return None
    for delimiter in _OTHER_DELIMITERS:
        if delimiter == marks.delimiter or delimiter not in text:
            continue
        again = split(text, Marks(delimiter, marks.quote, marks.escape))
        if len(again.fields) == width and not again.open and not again.fault:
            return Mended("row", again.fields, "other_delimiter")
    return None


_NOTE_STARTS = ("*", "※", "注", "＊", "(", "（", "source", "note", "出典", "備考", "資料", "出所", "†", "[", "--", "==")


def is_footnote(fields: list[str], text: str, first_column: list[str], after_blank: bool) -> bool:
    """A last line that stands below the table, not in it: far too few fields, and not of the first column's kind."""
    filled = [field for field in fields if field.strip()]
    if not filled:
        return False
    if text.lstrip(' "').lower().startswith(_NOTE_STARTS):
        return True
    if len(filled) > 1:
        return False
    kinds = {kind_of(cell) for cell in first_column if cell}
    if kinds and kinds <= {"number", "moment"}:
        return kind_of(filled[0]) not in kinds
    longest = max(map(len, first_column), default=0)
    return after_blank or len(filled[0]) > max(20, longest * 3 // 2)
