"""Japanese eras: 令和6年1月5日, 平成元年1月8日, R6.1.5. Each era is checked against its own days."""

from datetime import date

import polars as pl

# name, sign, first and last day. On the day of a change both names were in use (Taishō, Shōwa); before 1873 the
# calendar was a lunar one, so Meiji starts there.
_ERAS = (
    ("明治", "M", "㍾", date(1873, 1, 1), date(1912, 7, 30)),
    ("大正", "T", "㍽", date(1912, 7, 30), date(1926, 12, 25)),
    ("昭和", "S", "㍼", date(1926, 12, 25), date(1989, 1, 7)),
    ("平成", "H", "㍻", date(1989, 1, 8), date(2019, 4, 30)),
    ("令和", "R", "㋿", date(2019, 5, 1), date(9999, 12, 31)),
)
_FIRST_YEAR = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019}

_SPELLINGS = "|".join(s for name, sign, square, *_ in _ERAS for s in (name, name[0], sign, square))

# A letter with dashes (R6-1-5) is a part number; only dots and slashes make it a date.
ERA_DAY = (
    rf"(?:(?:{_SPELLINGS})\s?(?:元|[0-9]{{1,2}})年\s?[0-9]{{1,2}}月\s?[0-9]{{1,2}}日"
    rf"|(?:{_SPELLINGS})(?:元|[0-9]{{1,2}})(?:\.[0-9]{{1,2}}\.|/[0-9]{{1,2}}/)[0-9]{{1,2}})"
)
_PARTS = rf"^\s*({_SPELLINGS})\s?(元|[0-9]{{1,2}})(?:年|\.|/)\s?([0-9]{{1,2}})(?:月|\.|/)\s?([0-9]{{1,2}})"


def parse(folded: pl.Expr) -> pl.Expr:
    """The calendar day, null where there is none or the era did not have it."""
    parts = folded.str.extract_groups(_PARTS).struct
    era = parts.field("1")
    spelling = {s: name for name, sign, square, *_ in _ERAS for s in (name, name[0], sign, square)}
    name = era.replace_strict(spelling, default=None, return_dtype=pl.String)
    offset = name.replace_strict(_FIRST_YEAR, default=None, return_dtype=pl.Int32) - 1
    number = parts.field("2").str.replace("元", "1", literal=True).cast(pl.Int32, strict=False)
    year = pl.when(number > 0).then(offset + number)
    written = pl.concat_str([year.cast(pl.String), parts.field("3"), parts.field("4")], separator="-")
    day = written.str.to_date("%Y-%m-%d", strict=False)
    first = name.replace_strict({n: start for n, _, _, start, _ in _ERAS}, default=None, return_dtype=pl.Date)
    last = name.replace_strict({n: end for n, _, _, _, end in _ERAS}, default=None, return_dtype=pl.Date)
    return pl.when((day >= first) & (day <= last)).then(day)
