"""Numbers as people write them: ``-1,200``, ``¥1,200``, ``1,200円``, ``▲1,200``, ``(1,200)``, ``12.5%``, ``1.234,56``.

A percentage keeps its figure (12% is 12, and the unit is reported); nothing is scaled. What a type would change is text:
leading zeros, more than 15 digits of a whole number, a decimal that no double gives back.
"""

from collections.abc import Iterable
from decimal import Decimal

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


def _long_plus(text: pl.Expr) -> pl.Expr:
    return text.str.contains(r"^\+[0-9]{8,}$")


KINDS = (
    Kind("integer", "number", lambda text: text.str.contains(_INTEGER)),
    Kind("decimal", "number", lambda text: text.str.contains(_DECIMAL)),
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


def _numbers(subject: Subject) -> pl.Expr:
    if subject.count("marked", "decimal_comma"):
        return canonical(subject.text, comma=bool(subject.count("decimal_comma")))
    return subject.text


def questions(subject: Subject) -> dict[str, pl.Expr]:
    """What must be known of the whole column besides the kinds."""
    text, number = subject.text, _numbers(subject)
    asked: dict[str, pl.Expr] = {}
    for kind in KINDS:
        if subject.count(kind.name) and kind.name != "integer":
            asked[f"first_{kind.name}"] = subject.first(kind.test(text))
    if subject.count("decimal", "marked", "decimal_comma"):
        asked["unproven"] = total(unproven(number))
    if subject.count("marked", "decimal_comma"):
        folded = fold(text)
        unit = folded.str.extract(f"({_UNIT})")
        asked |= {
            "unit_list": unit.filter(number.is_not_null()).unique().implode(),
            "united": unit.filter(number.is_not_null()).count(),
            "read": number.count(),
            "fractions": total(number.str.contains(r"[.eE]")),
            "long": subject.first(
                ~number.str.contains(r"[.eE]") & (number.str.strip_chars_start("-").str.len_bytes() > 15)
            ),
            "brackets": total(folded.str.contains(r"^\s*\(")),
            "bare_brackets": total(folded.str.contains(r"^\s*\([0-9]+\)\s*$")),
            "zeros": total(number.str.contains(r"^-?0*\.?0*$")),
            "grouped": subject.first(folded.str.contains(r"^[^.]*[0-9]{1,3},[0-9]{3}[^0-9.,]*$")),
        }
    return asked


def verdict(subject: Subject) -> Verdict:
    """A whole column of numbers (and missing markers) → integer or decimal, or text with the reason."""
    asked = subject.answers
    if subject.count("leading_zero"):
        return Verdict("text", Reason.LEADING_ZERO, evidence=(asked["first_leading_zero"],))
    if subject.count("long_integer"):
        return Verdict("text", Reason.LONG_INTEGER, evidence=(asked["first_long_integer"],))
    if subject.count("exponent") and not subject.count("decimal"):
        return Verdict("text", Reason.EXPONENT, evidence=(asked["first_exponent"],))
    if subject.count("marked", "decimal_comma"):
        return _marked_verdict(subject)
    if not subject.count("decimal"):
        return Verdict("integer", Reason.INTEGER, subject.text.cast(pl.Int64, strict=False))
    return _decimal(subject, subject.text, Reason.DECIMAL, asked["first_decimal"])


def _marked_verdict(subject: Subject) -> Verdict:
    asked, comma = subject.answers, bool(subject.count("decimal_comma"))
    first = asked["first_decimal_comma" if comma else "first_marked"]
    wanted = subject.filled - subject.count("missing")
    units = [unit for unit in asked["unit_list"] if unit is not None]
    if comma and asked["read"] < wanted:
        other = asked.get("first_decimal", asked.get("first_marked"))
        return Verdict("text", Reason.MARKS_DIFFER, evidence=(first, other))
    if len({_SAME_UNIT.get(unit, unit) for unit in units}) > 1 or (
        "%" in units and asked["united"] + asked["zeros"] < wanted
    ):
        return Verdict("text", Reason.UNITS_DIFFER, evidence=(first,))
    if asked["bare_brackets"] and asked["brackets"] == wanted and asked["bare_brackets"] == wanted:
        return Verdict("text", Reason.BRACKETS, evidence=(first,))
    if asked["long"] is not None:
        return Verdict("text", Reason.LONG_INTEGER, evidence=(asked["long"],))
    notes = tuple(("unit_removed", {"unit": unit}) for unit in sorted(units))
    number = canonical(subject.text, comma=comma)
    if not asked["fractions"]:
        return Verdict("integer", Reason.INTEGER, number.cast(pl.Int64, strict=False), (first,), notes)
    reason = Reason.DECIMAL_COMMA if comma else Reason.DECIMAL
    return _decimal(subject, number, reason, first, notes)


_SAME_UNIT = {"円": "¥", "JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}


def _decimal(subject: Subject, number: pl.Expr, reason: Reason, first: int | None, notes: tuple = ()) -> Verdict:
    if subject.answers["unproven"]:
        for batch in subject.batches(number, unproven(number).fill_null(False)):
            found = first_inexact(batch)
            if found is not None:
                row = subject.frame.filter(number == found).select(pl.col("\x00row").min()).collect(engine="streaming")
                return Verdict("text", Reason.INEXACT, evidence=(row.item(),))
    return Verdict("decimal", reason, number.cast(pl.Float64, strict=False), (first,), notes)


def liberal(text: pl.Expr, *, comma: bool) -> pl.Expr:
    """The plain number of any text that can be meant as one, leading zeros and long numbers included."""
    bare = text.str.strip_chars()
    zeros = pl.when(bare.str.contains(f"{_ZERO}|{_LONG}")).then(bare)
    plain = pl.when(_plain(bare) | bare.str.contains(_EXPONENT)).then(bare)
    marked = canonical(bare, comma=comma)
    return pl.coalesce(zeros, marked, plain) if comma else pl.coalesce(zeros, plain, marked)
