"""What kind of thing a cell looks like, roughly and fast: enough to tell headers from data and delimiters from text."""

import re
from typing import Literal

Kind = Literal["empty", "number", "moment", "word", "odd"]

_NUMBER = re.compile(
    r"[\s(]*[-+▲△−]?\s*[¥￥$€£]?\s*[-+]?(\d[\d,.' _]*|[０-９][０-９，．]*|\.\d+)([eE][-+]?\d+)?"
    r"\s*(%|％|円|千円|万円|人|件|個|[€$£])?[\s)]*"
)
_MOMENT = re.compile(
    r"\s*(\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?|\d{1,4}年\d{1,2}月(\d{1,2}日)?"
    r"|(令和|平成|昭和|大正|明治|[RHSTM])\s*(\d{1,2}|元)[年.]\d{1,2}[月.]\d{1,2}日?"
    r"|\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{2,4}"
    r"|[A-Za-z]{3,9} \d{1,2},? \d{4})?[T ]?(\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*(am|pm|AM|PM)?)?"
    r"\s*(Z|[-+]\d{2}:?\d{2}|UTC)?\s*"
)
_LONGEST_VALUE = 60  # characters; no number or date is longer, and the patterns are not made for it
_WORD = re.compile(r"[^\t;|,^~\x00-\x1f\"]*")
MISSING = frozenset({"na", "n/a", "nan", "null", "none", "-", "#n/a", "nil", "?", "--", ".", "", "\\n"})


def kind_of(cell: str) -> Kind:
    """``odd``: holds characters that more likely separate cells than stand in one."""
    if not cell or cell.isspace():
        return "empty"
    if len(cell) > _LONGEST_VALUE:
        return "word" if _WORD.fullmatch(cell) else "odd"
    if _NUMBER.fullmatch(cell):
        return "number"
    if any(char.isdigit() or char == "元" for char in cell) and _MOMENT.fullmatch(cell):
        return "moment"
    return "word" if _WORD.fullmatch(cell) else "odd"


def is_data(cell: str) -> bool:
    return kind_of(cell) in ("number", "moment")
