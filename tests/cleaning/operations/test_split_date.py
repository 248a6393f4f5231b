from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaning.engine.running import Step, run
from cleaning.operations import InvalidStep, parse
from tests.cleaning.operations.checking import applied, failing, frame, tables
from tests.cleaning.snippets import cells

PARTS = ["year", "quarter", "month", "week", "day", "weekday", "day_of_year", "is_weekend", "hour", "minute"]


def test_parts_by_hand():
    moments = [datetime(2024, 12, 31, 23, 59), None, datetime(2021, 1, 3)]  # a Tuesday in week 1, a Sunday in week 53
    done = applied(*frame(d=("datetime", moments)), "split_date", columns=["d"], parts=PARTS)
    assert cells(done.frame) == {
        "d_year": [2024, None, 2021],
        "d_quarter": [4, None, 1],
        "d_month": [12, None, 1],
        "d_week": [1, None, 53],
        "d_day": [31, None, 3],
        "d_weekday": [1, None, 6],
        "d_day_of_year": [366, None, 3],
        "d_is_weekend": [("boolean", False), None, ("boolean", True)],
        "d_hour": [23, None, 0],
        "d_minute": [59, None, 0],
    }
    assert set(done.dtypes.values()) == {"integer", "boolean"}


def test_every_day_of_thirty_years_against_the_standard_library():
    days = [date(1999, 1, 1) + timedelta(days=count) for count in range(11000)]
    parts = ["year", "month", "week", "day", "weekday", "day_of_year", "quarter", "is_weekend"]
    operation = parse("split_date", {"columns": ["d"], "parts": parts})
    done = run(*frame(d=("date", days)), [Step(1, operation)])
    found = {name.removeprefix("d_"): column.tolist() for name, column in done.frame.items()}
    assert found == {
        "year": [day.year for day in days],
        "month": [day.month for day in days],
        "week": [day.isocalendar().week for day in days],
        "day": [day.day for day in days],
        "weekday": [day.weekday() for day in days],
        "day_of_year": [day.timetuple().tm_yday for day in days],
        "quarter": [(day.month + 2) // 3 for day in days],
        "is_weekend": [day.isoweekday() in (6, 7) for day in days],
    }


def test_the_default_replaces_the_date_and_keep_keeps_it():
    table = frame(d=("date", ["2024-01-31"]), n=("integer", [1]))
    done = applied(*table, "split_date", columns=["d"])
    assert list(done.frame) == ["n", "d_year", "d_month", "d_day", "d_weekday"]
    done = applied(*table, "split_date", columns=["d"], parts=["day", "year"], keep=True)
    assert cells(done.frame) == {"d": [datetime(2024, 1, 31)], "n": [1], "d_day": [31], "d_year": [2024]}


def test_refusals():
    table = frame(d=("date", ["2024-01-31"]), t=("text", ["x"]), d_year=("integer", [1]))
    assert failing(*table, "split_date", columns=["t"]) == "column_has_wrong_type"
    assert failing(*table, "split_date", columns=["d"], parts=["hour"]) == "column_has_wrong_type"
    assert failing(*table, "split_date", columns=["d"]) == "column_exists"
    twice = frame(x=("date", ["2024-01-31"]), x_day_of=("date", ["2024-01-31"]))
    assert failing(*twice, "split_date", columns=["x", "x_day_of"], parts=["day_of_year", "year"]) == "column_exists"


@pytest.mark.parametrize("parts", [[], ["year", "year"], ["century"]])
def test_parts_are_of_the_list_and_each_once(parts):
    with pytest.raises(InvalidStep):
        parse("split_date", {"columns": ["d"], "parts": parts})


def test_estimate():
    effect = parse("split_date", {"columns": ["d", "e"]}).estimate({"rows": 1, "columns": []})
    assert (effect.added, effect.removed, effect.cells) == (8, 2, 0)


@settings(max_examples=25)
@given(tables(["datetime", "text", "datetime"]), st.permutations(PARTS), st.integers(1, 4), st.booleans())
def test_any_table_as_the_snippet_has_it(table, parts, count, keep):
    data, dtypes = table
    columns = [name for name, dtype in dtypes.items() if dtype == "datetime"]
    applied(data, dtypes, "split_date", columns=columns, parts=parts[:count], keep=keep)
