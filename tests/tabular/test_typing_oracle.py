"""No value is changed by its type: whatever is decided, each cell means what plain Python reads from its text."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tabular.columns import decided

MARKERS = {"na", "n/a", "#n/a", "nan", "null", "none", "<na>", "-", "--", "—", "–", "―", "ー", ""}
SLOW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def number_of(text: str, *, comma: bool) -> Decimal:
    """The number that the text names, by hand: folded, unsigned, unit and separators taken away."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    if re.fullmatch(r"[+-]?[0-9.]+[eE][+-]?[0-9]+", plain):
        return Decimal(plain)
    negative = plain.startswith("(") or any(sign in plain for sign in "-▲△▼")
    digits = re.sub(r"[^0-9.,]", "", plain)
    digits = digits.replace(".", "").replace(",", ".") if comma else digits.replace(",", "")
    return -Decimal(digits) if negative else Decimal(digits)


def check(texts: list[str | None]) -> None:
    decision, found = decided(texts)
    assert len(found) == len(texts)
    comma = "comma" in decision.column.reason or "dots between" in decision.column.reason
    for text, value in zip(texts, found, strict=True):
        if text is None:
            assert value is None
        elif decision.column.dtype == "text":
            assert value == text
        elif value is None:
            assert decision.column.dtype != "boolean"
            assert unicodedata.normalize("NFKC", text).strip().lower() in MARKERS
        else:
            check_value(text, value, comma)


def check_value(text: str, value: object, comma: bool) -> None:
    if isinstance(value, bool):
        assert text.lower() == str(value).lower()
    elif isinstance(value, int):
        assert value == number_of(text, comma=comma)
        assert abs(value) < 10**15
        assert not re.match(r"[+-]?0[0-9]", text)
    elif isinstance(value, float):
        wanted = number_of(text, comma=comma)
        assert wanted in (Decimal(repr(value)), Decimal(f"{value:.17g}"))
    else:
        assert isinstance(value, (date, datetime))
        plain = unicodedata.normalize("NFKC", text)
        assert sorted(map(int, re.findall(r"\d+", plain)))[-1] == value.year or re.search("[RHSTM令平昭大明]", plain)


SOUP = st.text(alphabet="0123456789０１９-+.,¥円$€%()▲△ eE'NA/年月日:TZ令和R元x", max_size=12)
NUMERIC = st.from_regex(r"\A[-+▲(]?[¥$]?[0-9]{1,4}([,.][0-9]{3}){0,3}([.,][0-9]{1,3})?[%円)]?\Z")


@SLOW
@given(st.lists(st.none() | SOUP.map(lambda t: t or None), min_size=1, max_size=6))
def test_soup(texts):
    check(texts)


@SLOW
@given(st.lists(NUMERIC, min_size=1, max_size=5))
def test_number_like_texts(texts):
    check(texts)


@SLOW
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=8))
def test_doubles_come_back_bit_by_bit(values):
    texts = [f"{value:.17g}" for value in values]
    texts = [text if re.search(r"[.e]", text) else f"{text}.0" for text in texts]
    decision, found = decided(texts)
    assert decision.column.dtype == "decimal"
    assert found == values


@SLOW
@given(
    st.lists(st.integers(-(10**15) + 1, 10**15 - 1), min_size=1, max_size=8),
    st.sampled_from(["{}", "{:,}", "{:,}円", "¥{:,}"]),
)
def test_whole_numbers_come_back(values, form):
    decision, found = decided([form.format(value) for value in values])
    assert (decision.column.dtype, found) == ("integer", values)


@SLOW
@given(st.lists(st.integers(10**15, 10**22) | st.integers(-(10**22), -(10**15)), min_size=1, max_size=4))
def test_longer_ones_stay_text(values):
    texts = [str(value) for value in values]
    decision, found = decided(texts)
    assert (decision.column.dtype, found) == ("text", texts)


DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
FORMS = [
    "{0:%Y-%m-%d}",
    "{0.year}/{0.month}/{0.day}",
    "{0.year}年{0.month}月{0.day}日",
    "{0:%d.%m.%Y}",
    "{0:%b} {0.day} {0.year}",
    "{0.day} {0:%B} {0.year}",
]


@SLOW
@given(st.lists(DAYS, min_size=1, max_size=6), st.sampled_from(FORMS))
def test_days_come_back(days, form):
    decision, found = decided([form.format(day) for day in days])
    assert (decision.column.dtype, found) == ("date", days)


def era_of(day: date) -> str:
    """By the calendar of the eras, each from its first day."""
    starts = [
        ("令和", date(2019, 5, 1)),
        ("平成", date(1989, 1, 8)),
        ("昭和", date(1926, 12, 25)),
        ("大正", date(1912, 7, 30)),
    ]
    name, start = next((name, start) for name, start in starts if day >= start)
    year = day.year - start.year + 1
    return f"{name}{'元' if year == 1 else year}年{day.month}月{day.day}日"


@SLOW
@given(st.lists(st.dates(date(1912, 7, 30), date(2060, 12, 31)), min_size=1, max_size=6))
def test_eras_come_back(days):
    decision, found = decided([era_of(day) for day in days])
    assert (decision.column.dtype, found) == ("date", days)


@SLOW
@given(st.lists(DAYS, min_size=1, max_size=6))
def test_slashed_days_are_right_or_text(days):
    texts = [f"{day:%d/%m/%Y}" for day in days]
    decision, found = decided(texts)
    if any(day.day > 12 for day in days) or all(day.day == day.month for day in days):
        assert found == days
    else:
        assert (decision.column.dtype, found) == ("text", texts)


ZONES = st.integers(-14 * 60 + 1, 14 * 60).map(lambda minutes: timedelta(minutes=minutes))


@SLOW
@given(st.lists(st.tuples(st.datetimes(datetime(1900, 1, 2), datetime(2100, 1, 1)), ZONES), min_size=1, max_size=6))
def test_times_with_offsets_come_back_in_utc(moments):
    def written(local: datetime, ahead: timedelta) -> str:
        minutes = int(ahead.total_seconds() // 60)
        return f"{local.isoformat()}{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"

    decision, found = decided([written(*moment) for moment in moments])
    assert decision.column.dtype == "datetime"
    assert [value.replace(tzinfo=None) for value in found] == [local - ahead for local, ahead in moments]


@SLOW
@given(st.lists(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)), min_size=1, max_size=6))
def test_naive_times_come_back(moments):
    decision, found = decided([moment.isoformat(sep=" ") for moment in moments])
    assert (decision.column.dtype, found) == ("datetime", moments)
