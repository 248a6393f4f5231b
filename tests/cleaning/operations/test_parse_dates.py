import random
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaning.engine.running import Step, StepFailed, run
from cleaning.operations import InvalidStep, parse
from tests.cleaning.operations.checking import applied, failing, frame, tables
from tests.cleaning.snippets import cells

DAY = datetime(2024, 1, 31)
WRITTEN = [
    "2024-01-31", "2024/1/31", "2024.1.31", "20240131", "2024年1月31日", "２０２４年１月３１日", "2024 年 1 月 31 日",
    "令和6年1月31日", "令和６年１月３１日", "㋿6年1月31日", "R6.1.31", "R06/01/31", "R6-1-31", "平成36年1月31日",
    " 2024-01-31 ", "　2024/01/31　", "2024年1月31日(水)", "2024/1/31（水曜日）", "2024-01-31 00:00",
    "2024-01-31T00:00:00Z", "2024-01-31 00:00:00.000000", "2024年1月31日午前0時", "2024/1/31 12:00 AM",
]  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_one_day_in_many_spellings(text):
    done = applied(*frame(d=("text", [text, None, " "])), "parse_dates", columns=["d"])
    assert cells(done.frame) == {"d": [DAY, None, None]}
    assert done.dtypes == {"d": "date"}


@pytest.mark.parametrize(
    ("text", "year"),
    [("明治45年7月29日", 1912), ("大正元年7月30日", 1912), ("昭和64年1月7日", 1989), ("平成元年1月8日", 1989),
     ("S64/1/7", 1989), ("H31.4.30", 2019), ("令和元年5月1日", 2019), ("M1-1-1", 1868), ("㍼20年8月15日", 1945)],
)  # fmt: skip
def test_eras(text, year):
    done = applied(*frame(d=("text", [text])), "parse_dates", columns=["d"])
    assert done.frame["d"].dt.year.tolist() == [year]


@pytest.mark.parametrize(
    ("order", "text", "wanted"),
    [("dmy", "31/01/2024", DAY), ("dmy", "31.1.2024", DAY), ("dmy", "31-01-2024", DAY), ("dmy", "31 1 2024", DAY),
     ("mdy", "01/31/2024", DAY), ("dmy", "02/01/2024", datetime(2024, 1, 2)),
     ("mdy", "02/01/2024", datetime(2024, 2, 1)),
     ("dmy", "2024-01-31", DAY), ("mdy", "2024年1月31日", DAY)],
)  # fmt: skip
def test_the_order_is_taken_at_its_word(order, text, wanted):
    done = applied(*frame(d=("text", [text])), "parse_dates", columns=["d"], order=order)
    assert cells(done.frame) == {"d": [wanted]}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("2024-01-31 15:04", (15, 4)), ("2024-01-31T15:04:05", (15, 4, 5)), ("20240131 9:04", (9, 4)),
     ("2024-01-31 15:04:05.25", (15, 4, 5, 250000)), ("2024-01-31 15:04:05.000001", (15, 4, 5, 1)),
     ("2024/1/31 3:04 PM", (15, 4)), ("2024/1/31 12:00 pm", (12, 0)), ("2024/1/31 12:30 AM", (0, 30)),
     ("2024年1月31日 15時4分5秒", (15, 4, 5)), ("2024年1月31日15時", (15, 0)),
     ("令和6年1月31日(水) 午後3時4分", (15, 4)), ("2024年1月31日 午後 3:04", (15, 4)),
     ("2024-01-31T15:04:05Z", (15, 4, 5)), ("2024-01-31T23:04+09:00", (14, 4)),
     ("2024-01-31 10:04-0500", (15, 4)), ("2024-01-31", (0, 0))],
)  # fmt: skip
def test_times_of_day(text, wanted):
    done = applied(*frame(d=("text", [text])), "parse_dates", columns=["d"], time=True)
    assert cells(done.frame) == {"d": [datetime(2024, 1, 31, *wanted)]}
    assert done.dtypes == {"d": "datetime"}
    if any(wanted):
        assert failing(*frame(d=("text", [text])), "parse_dates", columns=["d"]) == "unconvertible_cells"


NONE = [
    "31/01/2024", "24/01/31", "2024-02-30", "2023/2/29", "2024-13-01", "2024-1/31", "2024-01", "2024", "202401311", "x",
    "2024-01-31x", "2024-01-31 x", "令和0年1月1日", "令和6年1月", "Z6.1.31", "0000-01-01", "2024-01-31 25:00",
    "2024-01-31 15:60", "2024-01-31 13:00 PM", "2024-01-31 15", "2024-01-31 15:04:05.1234567", "9999-12-31T23:00-09:00",
    "2024-01-31(x)", "1706659200",
]  # fmt: skip


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_date(text):
    table = frame(d=("text", ["2024-01-31", text, None]))
    assert failing(*table, "parse_dates", columns=["d"], time=True) == "unconvertible_cells"
    done = applied(*table, "parse_dates", columns=["d"], time=True, errors="empty")
    assert cells(done.frame) == {"d": [DAY, None, None]}


@pytest.mark.parametrize("text", ["31/13/2024", "2024/31/01", "31/01/24", "32/1/2024", "1/1-2024"])
@pytest.mark.parametrize("order", ["dmy", "mdy"])
def test_what_is_no_date_in_any_order(order, text):
    assert failing(*frame(d=("text", [text])), "parse_dates", columns=["d"], order=order) == "unconvertible_cells"


@pytest.mark.parametrize(
    ("form", "text", "wanted"),
    [("%d.%m.%y", "31.01.24", DAY), ("%Y年%m月%d日", "２０２４年1月31日", DAY), ("%Y%m%d%H%M%S", "20240131000000", DAY),
     ("%d %b %Y", " 31 Jan 2024 ", DAY), ("%Y-%j", "2024-031", DAY), ("%m/%d/%Y", "2024-01-31", None),
     ("%Y-%m-%d %H", "2024-01-31 15", None), ("%Y-%m-%dT%H:%M%z", "2024-01-31T09:00+09:00", DAY)],
)  # fmt: skip
def test_format_wins(form, text, wanted):
    table = frame(d=("text", [text]))
    done = applied(*table, "parse_dates", columns=["d"], order="dmy", format=form, errors="empty")
    assert cells(done.frame) == {"d": [wanted]}


@pytest.mark.parametrize("form", ["%H:%M", "%Y-%m", "%d.%m.", "%Q", "%", "%Y %Y %m %d", "x", "", "%Y\x00%m%d"])
def test_formats_that_tell_no_day_are_refused(form):
    with pytest.raises(InvalidStep):
        parse("parse_dates", {"columns": ["d"], "format": form})


def test_all_failures_are_counted():
    table, dtypes = frame(d=("text", ["2024-01-31", "soon", "", "later", "soon", None]))
    with pytest.raises(StepFailed) as refusal:
        run(table, dtypes, [Step(1, parse("parse_dates", {"columns": ["d"]}))])
    assert refusal.value.details["details"] == {"column": "d", "dtype": "date", "cells": 3, "example": "soon"}


def test_only_text_is_read():
    assert failing(*frame(d=("integer", [20240131])), "parse_dates", columns=["d"]) == "column_has_wrong_type"
    assert failing(*frame(d=("date", [DAY])), "parse_dates", columns=["d"]) == "column_has_wrong_type"


def test_every_day_of_the_calendar_against_the_standard_library():
    seeded = random.Random(3)
    days = [date(1, 1, 1) + timedelta(days=seeded.randrange(3652058)) for _ in range(600)]
    written = [seeded.choice(["{0}-{1}-{2}", "{0}/{1:02}/{2:02}", "{0}年{1}月{2}日", "{0}{1:02}{2:02}"])
               .format(f"{day.year:04}", day.month, day.day) for day in days]  # fmt: skip
    done = applied(*frame(d=("text", written)), "parse_dates", columns=["d"])
    assert done.frame["d"].dt.date.tolist() == days


@settings(max_examples=25)
@given(st.data(), st.sampled_from(["ymd", "dmy", "mdy"]), st.booleans(), st.sampled_from([None, "%d.%m.%Y"]))
def test_any_table_as_the_snippet_has_it(data, order, time, form):
    dates = st.sampled_from([*WRITTEN, *NONE, "31.01.2024", "01/02/2024", "2024-01-31 15:04"])
    table, dtypes = data.draw(tables(["text", "text"]))
    for name in dtypes:
        table[name] = [data.draw(dates | st.just(cell)) for cell in table[name]]
        table[name] = table[name].astype("str")
    columns = list(dtypes)
    applied(table, dtypes, "parse_dates", columns=columns, order=order, time=time, format=form, errors="empty")
