"""Days and times as people write them. The order of day and month is decided per column from all of its values."""

from collections.abc import Callable
from functools import partial

import polars as pl

from tabular.roles import says_date
from tabular.typing import clock, eras
from tabular.typing.asking import ask
from tabular.typing.folding import fold
from tabular.typing.kinds import Kind, Subject, Verdict, total
from tabular.typing.missing import missing
from tabular.typing.reading import Reading, read
from tabular.typing.reasons import Reason

_Y, _M, _D = r"(?:000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})", r"[0-9]{1,2}", r"[0-9]{1,2}"
_WEEKDAY = r"(?:\s?\([月火水木金土日](?:曜日?)?\))?"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)


def _whole(day: str) -> str:
    return rf"^\s*(?:{day}){_WEEKDAY}{clock.CLOCK}?\s*$"


_YMD = _whole(rf"{_Y}(?:-{_M}-|/{_M}/|\.{_M}\.){_D}|{_Y}年\s?{_M}月\s?{_D}日")
_ERA = _whole(eras.ERA_DAY)
_NUMERIC = _whole(rf"{_D}(?:/{_M}/|-{_M}-|\.{_M}\.){_Y}")
_NAMED = _whole(
    rf"(?:{_MONTH}\.?\s{{1,2}}{_D}(?i:st|nd|rd|th)?,?\s{_Y}|{_D}(?i:st|nd|rd|th)?[\s-]{_MONTH}\.?,?[\s-]{_Y})"
)
_ISO = rf"^{_Y}-[0-9]{{2}}-[0-9]{{2}}$"
_ISO_TIME = rf"^{_Y}-[0-9]{{2}}-[0-9]{{2}}[T ][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}$"


def _is(pattern: str, text: pl.Expr) -> pl.Expr:
    return fold(text).str.contains(pattern)


KINDS = (
    Kind("iso", "date", lambda text: text.str.contains(_ISO)),
    Kind("iso_time", "date", lambda text: text.str.contains(_ISO_TIME)),
    Kind("ymd", "date", lambda text: _is(_YMD, text) & ~text.str.contains(f"{_ISO}|{_ISO_TIME}")),
    Kind("era", "date", lambda text: _is(_ERA, text)),
    Kind("numeric", "date", lambda text: _is(_NUMERIC, text)),
    Kind("named", "date", lambda text: _is(_NAMED, text)),
)


def _join(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    return pl.concat_str([year, month, day], separator="-").str.to_date("%Y-%m-%d", strict=False)


def _ymd(folded: pl.Expr) -> pl.Expr:
    parts = folded.str.extract_groups(rf"^\s*({_Y})(?:-|/|\.|年)\s?({_M})(?:-|/|\.|月)\s?({_D})").struct
    return _join(parts.field("1"), parts.field("2"), parts.field("3"))


_NUMERIC_PARTS = rf"^\s*({_D})[-/.]({_M})[-/.]({_Y})"


def _numeric(folded: pl.Expr, *, dayfirst: bool) -> pl.Expr:
    parts = folded.str.extract_groups(_NUMERIC_PARTS).struct
    first, second = parts.field("1"), parts.field("2")
    return _join(parts.field("3"), second if dayfirst else first, first if dayfirst else second)


def _named(folded: pl.Expr) -> pl.Expr:
    month = folded.str.extract(rf"({_MONTH})").str.to_lowercase().str.head(3)
    number = month.replace_strict({m: str(i) for i, m in enumerate(_MONTHS, 1)}, default=None, return_dtype=pl.String)
    day = folded.str.extract(r"^\D*([0-9]{1,2})(?:\D|$)")
    year = folded.str.extract(rf"^\s*.{{4,20}}?[\s-]({_Y})(?:\D|$)")
    return _join(year, number, day)


_READERS = {"iso": _ymd, "iso_time": _ymd, "ymd": _ymd, "era": eras.parse, "named": _named}
_GRAMMARS = {"iso": _YMD, "iso_time": _YMD, "ymd": _YMD, "era": _ERA, "named": _NAMED}


def _days(kinds: list[str], *, dayfirst: bool) -> dict[str, Callable[[pl.Expr], pl.Expr]]:
    days: dict[str, Callable[[pl.Expr], pl.Expr]] = {
        _GRAMMARS[kind]: _READERS[kind] for kind in kinds if kind in _READERS
    }
    if "numeric" in kinds:
        days[_NUMERIC] = partial(_numeric, dayfirst=dayfirst)
    return days


def parse_date(text: pl.Expr, kinds: list[str], *, dayfirst: bool = False) -> pl.Expr:
    """Days in any of these kinds; null where the day does not exist."""
    if kinds == ["iso"]:
        return text.str.to_date("%Y-%m-%d", strict=False)
    return read(text, Reading(_days(kinds, dayfirst=dayfirst), as_date=True))


def parse_datetime(text: pl.Expr, kinds: list[str], *, dayfirst: bool = False, utc: bool = False) -> pl.Expr:
    """Naive as in the file, or in UTC when every time has its offset. Null where there is no such time."""
    if kinds == ["iso_time"]:
        return text.str.replace("T", " ", literal=True).str.to_datetime(
            "%Y-%m-%d %H:%M:%S", strict=False, time_unit="us"
        )
    return read(text, Reading(_days(kinds, dayfirst=dayfirst), utc=utc))


def parse_compact(text: pl.Expr) -> pl.Expr:
    """``20240105``, from 1900 to 2100."""
    day = text.str.to_date("%Y%m%d", strict=False)
    return pl.when(text.str.contains(r"^(?:19|20|21)[0-9]{6}$") & (day.dt.year() <= 2100)).then(day)


def compact_questions(subject: Subject) -> dict[str, pl.Expr]:
    """Eight digits are a date only where the header says so and every value is a day."""
    if set(subject.counts) - {"integer", "missing"} or not says_date(subject.name):
        return {}
    return {"compact": parse_compact(subject.text).count()}


def compact_verdict(subject: Subject) -> Verdict | None:
    found = subject.answers.get("compact")
    if not found or found != subject.count("integer"):
        return None
    return Verdict("date", Reason.DATE_BY_NAME, parse_compact(subject.text))


def _kinds(subject: Subject) -> list[str]:
    return [kind.name for kind in KINDS if subject.count(kind.name)]


def questions(subject: Subject) -> dict[str, pl.Expr]:
    text, kinds = subject.text, _kinds(subject)
    folded = fold(text).str.strip_chars_end()
    asked: dict[str, pl.Expr] = {}
    if kinds != ["iso"] and kinds != ["iso_time"]:
        asked["timed"] = total(clock.timed(folded) & ~missing(text))
        asked["zoned"] = total(clock.zoned(folded))
        asked["first_zoned"] = subject.first(clock.zoned(folded))
        asked["first_naive"] = subject.first(clock.timed(folded) & ~clock.zoned(folded))
    if "numeric" in kinds:
        parts = folded.str.extract_groups(_NUMERIC_PARTS).struct
        first, second = (parts.field(i).cast(pl.Int64, strict=False) for i in "12")
        asked["day_first"] = subject.first(first > 12)
        asked["month_first"] = subject.first(second > 12)
        asked["differ"] = subject.first(first != second)
        asked["numeric"] = parts.field("1").count()
        asked["dotted"] = total(text.str.contains(r"^\s*[0-9]{1,2}\."))
    return asked


def verdict(subject: Subject) -> Verdict:
    """A whole column of dates or times (and missing markers) → date or datetime, or text with the reason.

    Whether each of them exists is still to be checked (``unless_missing``).
    """
    asked, kinds = subject.answers, _kinds(subject)
    order = _order(subject)
    if order.dtype == "text":
        return order
    dayfirst = order.reason in _DAY_FIRST
    timed = asked.get("timed", subject.count("iso_time"))
    utc = bool(asked.get("zoned", 0))
    wanted = subject.filled - subject.count("missing")
    if utc and asked["zoned"] < wanted:
        return Verdict("text", Reason.OFFSETS_MIXED, evidence=(asked["first_zoned"], asked["first_naive"]))
    notes = _refuted(subject, order)
    if timed:
        reason = Reason.DATETIME_UTC if utc else Reason.DATETIME
        moment = parse_datetime(subject.text, kinds, dayfirst=dayfirst, utc=utc)
        return Verdict("datetime", reason, moment, order.evidence, notes)
    day = parse_date(subject.text, kinds, dayfirst=dayfirst)
    return Verdict("date", order.reason, day, order.evidence, notes)


def _refuted(subject: Subject, order: Verdict) -> tuple[tuple[str, dict[str, bool]], ...]:
    proven = {Reason.DAY_FIRST: True, Reason.MONTH_FIRST: False}.get(Reason(order.reason))
    if proven is None or subject.dayfirst in (None, proven):
        return ()
    return (("dayfirst_refuted", {"dayfirst": subject.dayfirst}),)


def unless_missing(subject: Subject, verdict: Verdict, days: int) -> Verdict:
    """The verdict, if it reads as many ``days`` as there are values; else text, with the first that does not exist."""
    if days == subject.filled - subject.count("missing"):
        return verdict
    text, moment = subject.text, verdict.expr
    assert moment is not None
    bad = subject.locate(text.is_not_null() & ~missing(text) & moment.is_null())
    return Verdict("text", Reason.NOT_A_DAY, evidence=(bad,))


_DAY_FIRST = {Reason.DAY_FIRST, Reason.DAY_FIRST_BY_DOTS, Reason.DAY_FIRST_AS_SAID}


def _order(subject: Subject) -> Verdict:
    """Which of day and month comes first, by all values; the caller's word counts where the values do not refute it."""
    if not subject.count("numeric"):
        return Verdict("date", Reason.DATE)
    asked = subject.answers
    day, month = asked["day_first"], asked["month_first"]
    if day is not None and month is not None:
        return Verdict("text", Reason.DAY_AND_MONTH, evidence=(day, month))
    if day is not None:
        return Verdict("date", Reason.DAY_FIRST, evidence=(day,))
    if month is not None:
        return Verdict("date", Reason.MONTH_FIRST, evidence=(month,))
    if asked["differ"] is None:
        return Verdict("date", Reason.DATE)
    if subject.dayfirst is not None:
        return Verdict("date", Reason.DAY_FIRST_AS_SAID if subject.dayfirst else Reason.MONTH_FIRST_AS_SAID)
    if asked["dotted"] == subject.count("numeric"):
        return Verdict("date", Reason.DAY_FIRST_BY_DOTS, evidence=(asked["differ"],))
    return Verdict("text", Reason.DAY_OR_MONTH, evidence=(asked["differ"],))


def liberal(subject: Subject) -> pl.Expr:
    """Whatever can be read as a day or time, eight digits too; in UTC when most times have an offset."""
    every = [kind.name for kind in KINDS]
    subject.counts = dict.fromkeys(every, 1)
    [subject.answers] = ask(subject.frame, [questions(subject)])
    subject.counts["numeric"] = subject.answers["numeric"]
    order = _order(subject)
    kinds = every if order.dtype != "text" else [kind for kind in every if kind != "numeric"]
    utc = subject.answers["zoned"] * 2 > subject.answers["timed"]
    dayfirst = order.reason in _DAY_FIRST
    moment = parse_datetime(subject.text, kinds, dayfirst=dayfirst, utc=utc)
    if utc:
        return moment
    folded = fold(subject.text).str.strip_chars_end()
    compact = parse_compact(subject.text).cast(pl.Datetime("us"))
    return pl.coalesce(pl.when(~clock.zoned(folded)).then(moment), compact)
