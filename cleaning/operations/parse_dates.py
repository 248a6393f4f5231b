"""Read dates out of text."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import partial
from inspect import getsource
from typing import Annotated, Any, ClassVar, Literal

import pandas as pd
from pydantic import Field, StringConstraints, field_validator

from cleaning.operations.code import each, literal
from cleaning.operations.conversion import Errors, checked, complete, iso_moments, mapped, parsing, text_cells
from cleaning.operations.fields import Names
from cleaning.operations.operation import Effect, Fitted, Operation, Outline, Said, assigned
from tabular.errors import gettext_noop
from tabular.schema import Dtype

Order = Literal["ymd", "dmy", "mdy"]
SENTENCES = {
    ("date", "raise"): gettext_noop("Reads %(columns)s as dates; text that is no date is an error."),
    ("date", "empty"): gettext_noop("Reads %(columns)s as dates; text that is no date becomes empty."),
    ("datetime", "raise"): gettext_noop("Reads %(columns)s as dates with a time; text that is none is an error."),
    ("datetime", "empty"): gettext_noop("Reads %(columns)s as dates with a time; text that is none becomes empty."),
}
SAMPLE = datetime(2019, 11, 23, tzinfo=UTC)  # its year, month and day can't be taken for each other


class ParseDates(Operation):
    """Makes dates, or datetimes with ``time``, of text. Blank text becomes empty.

    Read after NFKC, without the space around it: 2024-01-31, 2024/1/31, 2024.1.31, 20240131, 2024年1月31日, Japanese
    eras (令和6年1月31日, 平成元年1月8日, R6.1.31, S64/1/7; an era is counted on past its end), and 31/01/2024 where
    ``order`` is dmy or mdy; ``order`` says which comes first, never the numbers. Years have four digits. A weekday in
    brackets may follow, 2024年1月31日(水), and a time: 15:04, 15:04:05.123, 3:04 PM, 午後3時4分, with an offset (Z,
    +09:00) from which UTC is counted. Without ``time`` any time of day but midnight is no date.

    ``format`` (as of Python's strptime, %Y/%m/%d; it must tell year, month and day) replaces all of that.
    """

    operation: ClassVar = "parse_dates"
    title: ClassVar = gettext_noop("Read dates")
    imports: ClassVar = ("import re", "import unicodedata", "from datetime import UTC, datetime, time, timedelta")

    columns: Names
    order: Order = Field(default="ymd", description="How dates that do not begin with the year are to be read.")
    format: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = Field(
        default=None, description="A strptime format such as %d.%m.%y; wins over order."
    )
    errors: Errors = "raise"
    time: bool = Field(
        default=False, description="Keep the time of day: the columns become datetimes instead of dates."
    )

    @field_validator("format")
    @classmethod
    def _tells_the_day(cls, form: str | None) -> str | None:
        if form is not None:
            try:
                day = datetime.strptime(SAMPLE.strftime(form), form).date()
            except (ValueError, re.error) as error:
                raise ValueError(f"not a format that strptime takes: {error}") from error
            if day != SAMPLE.date():
                raise ValueError("the format must tell year, month and day")
        return form

    @property
    def _dtype(self) -> Dtype:
        return "datetime" if self.time else "date"

    @property
    def _read(self) -> Callable[[str], datetime | None]:
        if self.format is not None:
            return partial(formatted, form=self.format)
        return partial(moment, order=self.order)

    def outline(self, before: Outline) -> Outline:
        before.require(self.columns, ("text",))
        return before.having(dict.fromkeys(self.columns, self._dtype))

    def writes(self, before: Outline) -> Sequence[str]:
        return self.columns

    def apply(self, frame: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
        return assigned(frame, {name: self._parsed(text_cells(frame, name)) for name in self.columns})

    def _parsed(self, cells: pd.Series) -> pd.Series:
        made = mapped(cells, self._read, "datetime64[us]", iso_moments if self.format is None else None)
        if not self.time:
            made = made.where(made == made.dt.normalize())
        return complete(cells, made, self._dtype, self.errors)

    def snippet(self, before: Outline) -> str:
        if self.format is not None:
            functions, call = _FORMATTED, f"formatted(text, {literal(self.format)})"
        else:
            functions, call = _CLOCK_AND_MOMENT, f"moment(text, {literal(self.order)})"

        def render(c: str) -> str:
            midnight = [] if self.time else ["made = made.where(made == made.dt.normalize())"]
            lines = [parsing(call, c, "datetime64[us]"), *midnight]
            return "\n".join([*lines, checked(c, self._dtype, self.errors, from_text=True)])

        return "\n\n".join([*functions, each(self.columns, render)])

    def describe(self) -> Said:
        return Said(SENTENCES[self._dtype, self.errors], {"columns": list(self.columns)})

    def estimate(self, profile: Mapping[str, Any]) -> Effect:
        """Every cell that holds text holds something else afterwards."""
        known = [one for one in profile["columns"] if one["name"] in self.columns]
        return Effect(cells=sum(profile["rows"] - one["missing_count"] for one in known))


def formatted(text: str, form: str) -> datetime | None:
    try:
        made = datetime.strptime(unicodedata.normalize("NFKC", text).strip(), unicodedata.normalize("NFKC", form))
        return made.astimezone(UTC).replace(tzinfo=None) if made.tzinfo else made
    except (ValueError, OverflowError):
        return None


def moment(text: str, order: str) -> datetime | None:
    text = unicodedata.normalize("NFKC", text).strip()
    eras = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
    eras |= {"M": 1867, "T": 1911, "S": 1925, "H": 1988, "R": 2018}
    kanji = r"(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日"
    of_era = rf"({'|'.join(eras)})\.?\s?(元|\d{{1,2}})\s?(?:[/.-]|年)\s?(\d{{1,2}})\s?(?:[/.-]|月)\s?(\d{{1,2}})"
    try:
        if found := re.match(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)", text):
            year, month, day = found[1], found[3], found[4]
        elif found := re.match(kanji, text) or re.match(r"(\d{4})(\d\d)(\d\d)(?!\d)", text):
            year, month, day = found.groups()
        elif found := re.match(of_era + r"(?:\s?日|(?![\d日]))", text):
            number = found[2].replace("元", "1")
            year, month, day = eras[found[1]] + int(number) if int(number) else 0, found[3], found[4]
        elif order != "ymd" and (found := re.match(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})(?!\d)", text)):
            day, month, year = (found[1], found[3], found[4]) if order == "dmy" else (found[3], found[1], found[4])
        else:
            return None
        return datetime(int(year), int(month), int(day)) + time_of_day(text[found.end() :])
    except (ValueError, OverflowError):
        return None


def time_of_day(text: str) -> timedelta:
    text = re.sub(r"^\s?\([月火水木金土日](?:曜日?)?\)", "", text)
    clock = r"[T\s]\s?(午前|午後|[AP]M)?\s?(\d{1,2}):(\d\d)(?::(\d\d)(\.\d{1,6})?)?\s?([AP]M)?\s?(Z|[+-]\d\d:?\d\d)?"
    kanji = r"\s?(午前|午後)?\s?(\d{1,2})時(?:\s?(\d{1,2})分)?(?:\s?(\d{1,2})(\.\d{1,6})?秒)?()()"
    if not text:
        return timedelta()
    found = re.fullmatch(clock, text, re.IGNORECASE) or re.fullmatch(kanji, text)
    if not found:
        raise ValueError(text)
    half, hour, offset = (found[1] or found[6] or "").upper(), int(found[2]), found[7] or "Z"
    if half:
        if hour > 12:
            raise ValueError(text)
        hour = hour % 12 + (12 if half in ("PM", "午後") else 0)
    at = time(hour, int(found[3] or 0), int(found[4] or 0), int((found[5] or ".0")[1:].ljust(6, "0")))
    since = timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)
    if offset in "Zz":
        return since
    ahead = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
    return since + ahead if offset[0] == "-" else since - ahead


_FORMATTED, _CLOCK_AND_MOMENT = [getsource(formatted)], [getsource(time_of_day), getsource(moment)]
