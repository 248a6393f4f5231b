"""Numbers as people write them: ``-1,200``, ``¥1,200``, ``1,200円``, ``▲1,200``, ``(1,200)``, ``12%``, ``1.234,56``.

A percentage keeps its figure (12% is 12, and the unit is reported); nothing is scaled. What a type would change stays
text: leading zeros, more than 15 digits of a whole number, a decimal that no double gives back.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import polars as pl

from tabular.typing.folding import fold
from tabular.typing.kinds import Kind, Subject, Verdict, total
from tabular.typing.reasons import Reason

# A long plus-signed run of digits is a telephone number.
_INTEGER = r"^(?:-?(?:0|[1-9][0-9]{0,14})|\+(?:0|[1-9][0-9]{0,6}))$"
_LONG = r"^-?[1-9][0-9]{15,}$"
_ZERO = r"^[+-]?0[0-9]+(?:\.[0-9]*)?$"
_DECIMAL = (
    r"^[+-]?(?:(?:(?:0|[1-9][0-9]*)\.[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?|(?:0|[1-9][0-9]*)[eE][+-][0-9]{1,3})$"
)
_EXPONENT = r"^-?[1-9][0-9]*[eE][0-9]{1,3}$"

_WHOLE = r"(?:0|[1-9][0-9]*"
_POINT = (
    _WHOLE
    + r"|[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|(?:'[0-9]{3})+)|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3})(?:\.[0-9]+)?|\.[0-9]+"
)
_COMMA = _WHOLE + r"|[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?: [0-9]{3})+|(?:'[0-9]{3})+))(?:,[0-9]+)?"
_UNIT = r"(?:[¥$€£円%]|JPY|USD|EUR|GBP)"


def _written(body: str) -> str:
    """The body with an optional unit before or after it and one sign. Blanks on the right only are a padded code."""
    amount = rf"(?:{_UNIT}\s?(?:{body})|(?:{body})\s?{_UNIT}?)"
    signed = rf"(?:-\s?)?{amount}|[+](?:{body})%?|{_UNIT}\s?-\s?(?:{body})"
    bracketed = rf"\(\s?{amount}\s?\)"
    either = rf"(?:{signed}|{bracketed})"
    return rf"^(?:\s*{either}|\s+{either}\s+)$"


_WITH_POINT, _WITH_COMMA = _written(_POINT), _written(_COMMA)
_PADDED = r"^[^\s].*\s$"


def _plain(text: pl.Expr) -> pl.Expr:
    return text.str.contains(f"{_INTEGER}|{_LONG}|{_DECIMAL}")


def _point(text: pl.Expr) -> pl.Expr:
    return fold(text).str.contains(_WITH_POINT) & ~text.str.contains(_PADDED)


def _comma(text: pl.Expr) -> pl.Expr:
    return fold(text).str.contains(_WITH_COMMA) & ~text.str.contains(_PADDED)


def is_decimal(text: pl.Expr) -> pl.Expr:
    return text.str.contains(_DECIMAL)


def _long_plus(text: pl.Expr) -> pl.Expr:
    return text.str.contains(r"^\+[0-9]{8,}$")


KINDS = (
    Kind("integer", "number", lambda text: text.str.contains(_INTEGER)),
    Kind("decimal", "number", is_decimal),
    Kind("leading_zero", "number", lambda text: text.str.contains(_ZERO)),
    Kind("long_integer", "number", lambda text: text.str.contains(_LONG)),
    Kind("exponent", "number", lambda text: text.str.contains(_EXPONENT)),
    Kind("marked", "number", lambda text: _point(text) & ~_plain(text) & ~_long_plus(text)),
    Kind("decimal_comma", "number", lambda text: _comma(text) & ~_point(text) & ~_plain(text)),
)


def canonical(text: pl.Expr, *, comma: bool) -> pl.Expr:
    """The number in plain ASCII (``-1200.5``), null where the text is none."""
    folded = fold(text)
    digits = folded.str.replace_all(r"[^0-9,]" if comma else r"[^0-9.]", "")
    digits = digits.str.replace(",", ".", literal=True) if comma else digits
    sign = pl.when(folded.str.contains(r"[-(]")).then(pl.lit("-")).otherwise(pl.lit(""))
    marked = pl.when(_comma(text) if comma else _point(text)).then(pl.concat_str([sign, digits]))
    return marked if comma else pl.when(_plain(text) | text.str.contains(_EXPONENT)).then(text).otherwise(marked)


def unproven(number: pl.Expr) -> pl.Expr:
    """Numbers of which it takes a closer look to know that a double gives them back.

    Up to 15 significant digits always survive (IEEE 754 binary64); longer ones do when the shortest form is the same.
    """
    long = number.str.len_bytes() > 15
    risky = long & (number.str.replace_all(r"[-+.]", "").str.strip_chars_start("0").str.len_bytes() > 15)
    risky = risky | number.str.contains("[eE]")
    return risky & (number.cast(pl.Float64, strict=False).cast(pl.String) != number)


def exact(number: str) -> bool:
    """Whether the double nearest to this number gives it back, in its shortest form or with 17 digits."""
    value, double = Decimal(number), float(number)
    return Decimal(repr(double)) == value or Decimal(f"{double:.17g}") == value


def first_inexact(numbers: Iterable[str]) -> str | None:
    return next((number for number in numbers if not exact(number)), None)


def questions(subject: Subject) -> dict[str, pl.Expr]:
    """What must be known of the whole column besides the kinds."""
    text = subject.text
    if subject.count("decimal") and not subject.count("marked", "decimal_comma"):
        return {"longest": text.str.len_bytes().max(), "exponents": text.str.contains("[eE]").any()}
    return {}


def _marked_facts(subject: Subject, *, comma: bool) -> dict[str, Any]:
    """What the marks of a column say; each cell is folded and read once."""
    text, number, folded = pl.col("text"), pl.col("number"), pl.col("folded")
    cells = subject.frame.select(subject.text.alias("text"))
    cells = cells.with_columns(fold(text).alias("folded"), canonical(text, comma=comma).alias("number"))
    unit = folded.str.extract(f"({_UNIT})").filter(number.is_not_null())
    fraction = number.str.contains(r"[.eE]")
    facts = cells.select(
        unit.unique().implode().alias("units"),
        unit.count().alias("united"),
        number.count().alias("read"),
        total(fraction).alias("fractions"),
        total(~fraction & (number.str.strip_chars_start("-").str.len_bytes() > 15)).alias("long"),
        number.str.len_bytes().max().alias("longest"),
        number.str.contains("[eE]").any().alias("exponents"),
        total(folded.str.contains(r"^\s*\(")).alias("brackets"),
        total(folded.str.contains(r"^\s*\([0-9]+\)\s*$")).alias("bare_brackets"),
        total(number.str.contains(r"^-?0*\.?0*$") & ~folded.str.contains(_UNIT)).alias("zeros"),
    )
    return facts.collect(engine="streaming").row(0, named=True)


def verdict(subject: Subject) -> Verdict:
    """A whole column of numbers (and missing markers) → integer or decimal, or text with the reason."""
    for kind, reason in _NEVER.items():
        if subject.count(kind):
            return _text(subject, reason, kind)
    if subject.count("exponent") and not subject.count("decimal"):
        return _text(subject, Reason.EXPONENT, "exponent")
    if subject.count("marked", "decimal_comma"):
        return _marked_verdict(subject)
    if not subject.count("decimal"):
        return Verdict("integer", Reason.INTEGER, subject.text.cast(pl.Int64, strict=False))
    return _decimal(subject, subject.text, Reason.DECIMAL, _first(subject, "decimal"))


_NEVER = {"leading_zero": Reason.LEADING_ZERO, "long_integer": Reason.LONG_INTEGER}
_TEST = {kind.name: kind.test for kind in KINDS}


def _first(subject: Subject, kind: str) -> int | None:
    return subject.locate(_TEST[kind](subject.text))


def _text(subject: Subject, reason: Reason, *kinds: str) -> Verdict:
    return Verdict("text", reason, evidence=tuple(_first(subject, kind) for kind in kinds if subject.count(kind)))


def _marked_verdict(subject: Subject) -> Verdict:
    comma = bool(subject.count("decimal_comma"))
    asked = _marked_facts(subject, comma=comma)
    subject.answers |= asked
    kind = "decimal_comma" if comma else "marked"
    wanted = subject.filled - subject.count("missing")
    units = sorted(unit for unit in asked["units"] if unit is not None)
    if comma and asked["read"] < wanted:
        return _text(subject, Reason.MARKS_DIFFER, "decimal_comma", "decimal", "marked")
    if len({_SAME_UNIT.get(unit, unit) for unit in units}) > 1:
        return _text(subject, Reason.UNITS_DIFFER, kind)
    if "%" in units and asked["united"] + asked["zeros"] < wanted:
        return _text(subject, Reason.UNITS_DIFFER, kind, "integer", "decimal")
    if wanted == asked["bare_brackets"] == asked["brackets"]:
        return _text(subject, Reason.BRACKETS, kind)
    number = canonical(subject.text, comma=comma)
    if asked["long"]:
        long = ~number.str.contains(r"[.eE]") & (number.str.strip_chars_start("-").str.len_bytes() > 15)
        return Verdict("text", Reason.LONG_INTEGER, evidence=(subject.locate(long),))
    notes = tuple(("unit_removed", {"unit": unit}) for unit in units)
    first = _first(subject, kind)
    if not asked["fractions"]:
        reason = Reason.INTEGER_DOTS if comma else Reason.INTEGER
        return Verdict("integer", reason, number.cast(pl.Int64, strict=False), (first,), notes)
    return _decimal(subject, number, Reason.DECIMAL_COMMA if comma else Reason.DECIMAL, first, notes)


_SAME_UNIT = {"円": "¥", "JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}


def _decimal(subject: Subject, number: pl.Expr, reason: Reason, first: int | None, notes: tuple = ()) -> Verdict:
    if subject.answers["longest"] > 15 or subject.answers["exponents"]:
        for batch in subject.batches(number, unproven(number).fill_null(False)):
            found = first_inexact(batch)
            if found is not None:
                return Verdict("text", Reason.INEXACT, evidence=(subject.locate(number == found),))
    return Verdict("decimal", reason, number.cast(pl.Float64, strict=False).fill_nan(None), (first,), notes)


def liberal(text: pl.Expr, *, comma: bool) -> pl.Expr:
    """The plain number of any text that can be meant as one, leading zeros and long numbers included."""
    bare = text.str.strip_chars()
    zeros = pl.when(bare.str.contains(f"{_ZERO}|{_LONG}")).then(bare)
    plain = pl.when(_plain(bare) | bare.str.contains(_EXPONENT)).then(bare)
    marked = canonical(bare, comma=comma)
    return pl.coalesce(zeros, marked, plain) if comma else pl.coalesce(zeros, plain, marked)
