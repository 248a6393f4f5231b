import random
from datetime import datetime
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaning.engine.running import Step, StepFailed, run
from cleaning.operations import Outline, cast, parse
from tests.cleaning.operations.checking import applied, failing, frame, tables
from tests.cleaning.snippets import cells

YES, NO = ("boolean", True), ("boolean", False)
DAY, NOON = datetime(2024, 1, 31), datetime(2024, 1, 31, 12)


@pytest.mark.parametrize(
    ("source", "given_", "dtype", "expected"),
    [
        ("text", ["1", " 1,200 ", "１２", "-3", "+4", "5.0", "−6", "12,345,678", "", " ", None],
         "integer", [1, 1200, 12, -3, 4, 5, -6, 12345678, None, None, None]),
        ("text", ["9223372036854775807", "-9223372036854775808"], "integer", [2**63 - 1, -(2**63)]),
        ("text", ["0.1", "1,200.5", ".5", "2.", "1e3", "1E-2", "９００７１９９２５４７４０９９２"],
         "decimal", [0.1, 1200.5, 0.5, 2.0, 1000.0, 0.01, 2.0**53]),
        ("text", ["true", "FALSE", " True ", "ｆａｌｓｅ", None], "boolean", [YES, NO, YES, NO, None]),
        ("text", ["2024-01-31", "2024-01-31T00:00", "２０２４-01-31", None], "date", [DAY, DAY, DAY, None]),
        ("text", ["2024-01-31", "2024-01-31 12:00", "2024-01-31T12:00:00Z", "2024-01-31T21:00+09:00"],
         "datetime", [DAY, NOON, NOON, NOON]),
        ("integer", [1, None, 2**53], "decimal", [1.0, None, 2.0**53]),
        ("integer", [1, 0, None], "boolean", [YES, NO, None]),
        ("integer", [1, None, -20], "text", ["1", None, "-20"]),
        ("decimal", [1.0, None, -(2.0**62)], "integer", [1, None, -(2**62)]),
        ("decimal", [1.0, 0.0, None], "boolean", [YES, NO, None]),
        ("decimal", [2.0, 0.1, -0.0, 1e20, None], "text", ["2.0", "0.1", "-0.0", "1e+20", None]),
        ("boolean", [True, False, None], "integer", [1, 0, None]),
        ("boolean", [True, False, None], "decimal", [1.0, 0.0, None]),
        ("boolean", [True, False, None], "text", ["true", "false", None]),
        ("date", [DAY, None], "text", ["2024-01-31", None]),
        ("date", [DAY, None], "datetime", [DAY, None]),
        ("datetime", [DAY, None], "date", [DAY, None]),
        ("datetime", [DAY, None], "text", ["2024-01-31", None]),
        ("datetime", [DAY, NOON, datetime(999, 1, 1, 1, 1, 1, 5)],
         "text", ["2024-01-31T00:00:00", "2024-01-31T12:00:00", "0999-01-01T01:01:01.000005"]),
        ("text", ["x", None], "text", ["x", None]),
        ("integer", [2**60 + 1, None], "integer", [2**60 + 1, None]),
    ],
)  # fmt: skip
def test_what_becomes_what(source, given_, dtype, expected):
    table, dtypes = frame(c=(source, given_))
    if source == "integer" and any(one and one > 2**53 for one in given_):
        table, dtypes = frame(c=(source, [one for one in given_ if one]))  # pd.read_csv would round beside a gap
        expected = [one for one in expected if one]
    done = applied(table, dtypes, "cast", columns=["c"], dtype=dtype)
    found = cells(done.frame)["c"]
    assert [(type(one), one) for one in found] == [(type(one), one) for one in expected]


NOT = {
    ("text", "integer"): ["2.5", "9223372036854775808", "-9223372036854775809", "1e400", "12,34", "1,2345", "¥5", "5%",
                          "1 200", "--1", "x", "1.2.3", "inf", "nan", "1e99999", "_1", "1_0", "²x"],
    ("text", "decimal"): ["9007199254740993", "1e400", "inf", "nan", "1,2", ".", "e5", "0x10", "1e"],
    ("text", "boolean"): ["yes", "1", "0", "t", "真", "truefalse"],
    ("text", "date"): ["2024-02-30", "2024-1-31", "20240131", "31/01/2024", "2024-01-31T00:01",
                       "2024-01-31T00:00+09:00", "2024-13-01", "0001-01-01T00:00+09:00", "x"],
    ("text", "datetime"): ["2024-01-31T25:00", "2024-01-31x12:00", "2024-01-31T12", "2024-01-31T12:00:00.1234567"],
    ("decimal", "integer"): [2.5, 2.0**63, -(2.0**64), 1e300, 1e-9],
    ("decimal", "boolean"): [0.5, 2.0, -1.0],
    ("integer", "boolean"): [2, -1, 2**62],
    ("integer", "decimal"): [2**53 + 1, -(2**53) - 1, 2**63 - 1],
    ("datetime", "date"): [NOON, datetime(2024, 1, 31, 0, 0, 0, 1)],
}  # fmt: skip


@pytest.mark.parametrize(("source", "dtype", "value"), [(*pair, one) for pair, values in NOT.items() for one in values])
def test_what_becomes_nothing_else(source, dtype, value):
    table = frame(c=(source, [value]))
    assert failing(*table, "cast", columns=["c"], dtype=dtype) == "unconvertible_cells"
    done = applied(*table, "cast", columns=["c"], dtype=dtype, errors="empty")
    assert cells(done.frame) == {"c": [None]}


def test_all_failures_are_counted_and_the_first_is_shown():
    table, dtypes = frame(n=("text", ["1", "x", " ", "y", None, "x"]))
    with pytest.raises(StepFailed) as refusal:
        run(table, dtypes, [Step(1, parse("cast", {"columns": ["n"], "dtype": "integer"}))])
    wanted = {"column": "n", "dtype": "integer", "cells": 3, "example": "x"}
    assert refusal.value.details["details"] == wanted


@pytest.mark.parametrize(("source", "value"), [("integer", 20240131), ("decimal", 1.0), ("boolean", True)])
def test_numbers_and_dates_do_not_become_each_other(source, value):
    assert failing(*frame(c=(source, [value])), "cast", columns=["c"], dtype="date") == "column_has_wrong_type"
    assert failing(*frame(c=("date", [DAY])), "cast", columns=["c"], dtype=source) == "column_has_wrong_type"


def test_columns_of_several_types_at_once():
    table = frame(
        t=("text", ["1", None]), b=("boolean", [True, False]), d=("decimal", [3.0, None]), n=("integer", [4, 5])
    )
    done = applied(*table, "cast", columns=["n", "t", "d", "b"], dtype="integer")
    assert cells(done.frame) == {"t": [1, None], "b": [1, 0], "d": [3, None], "n": [4, 5]}
    assert set(done.dtypes.values()) == {"integer"}


def test_an_offset_is_written_as_utc():
    moments = pd.Series(pd.to_datetime(["2024-01-31T12:00:00", None]), dtype="datetime64[us]").dt.tz_localize("UTC")
    table, dtypes = pd.DataFrame({"c": moments}), {"c": "datetime"}
    done = applied(table, dtypes, "cast", columns=["c"], dtype="text")
    assert cells(done.frame) == {"c": ["2024-01-31T12:00:00Z", None]}
    done = applied(table, dtypes, "cast", columns=["c"], dtype="date", errors="empty")
    assert cells(done.frame) == {"c": [None, None]}


def test_dates_stay_dates_next_month():
    made = parse("cast", {"columns": ["c"], "dtype": "text"})
    fitted = run(*frame(c=("datetime", [DAY])), [Step(1, made)]).done[0].fitted
    later = run(*frame(c=("datetime", [DAY, NOON])), [Step(1, made, fitted)])
    assert cells(later.frame) == {"c": ["2024-01-31", "2024-01-31T12:00:00"]}
    fitted = run(*frame(c=("datetime", [NOON])), [Step(1, made)]).done[0].fitted
    later = run(*frame(c=("datetime", [DAY])), [Step(1, made, fitted)])
    assert cells(later.frame) == {"c": ["2024-01-31T00:00:00"]}


def test_a_column_that_only_the_data_brings_is_looked_at():
    made = parse("cast", {"columns": ["x_a"], "dtype": "date"})
    before = Outline({"y": "text"}, ("x_",))
    assert made.outline(before).columns["x_a"] == "date"
    assert made.snippet(before)
    with pytest.raises(Exception, match="holds integer"):
        made.apply(frame(x_a=("integer", [1]))[0], {})


def test_estimate_counts_cells_that_become_other_values():
    columns = [
        {"name": "t", "dtype": "text", "missing_count": 2},
        {"name": "n", "dtype": "integer", "missing_count": 1},
    ]
    profile = {"rows": 10, "columns": columns}
    assert parse("cast", {"columns": ["t", "n"], "dtype": "decimal"}).estimate(profile).cells == 8
    assert parse("cast", {"columns": ["t", "n"], "dtype": "text"}).estimate(profile).cells == 9
    assert parse("cast", {"columns": ["n"], "dtype": "decimal", "errors": "empty"}).estimate(profile).cells is None


PAIRS = [("integer", ["decimal", "boolean", "text"]), ("decimal", ["integer", "boolean", "text"]),
         ("boolean", ["integer", "decimal", "text"]), ("date", ["datetime", "text"]), ("datetime", ["date", "text"]),
         ("text", ["integer", "decimal", "boolean", "date", "datetime"])]  # fmt: skip


@settings(max_examples=50)
@given(st.data())
def test_any_table_as_the_snippet_has_it(data):
    source, targets = data.draw(st.sampled_from(PAIRS))
    table, dtypes = data.draw(tables([source, source, "text"]))
    columns = [name for name, dtype in dtypes.items() if dtype == source]
    applied(table, dtypes, "cast", columns=columns, dtype=data.draw(st.sampled_from(targets)), errors="empty")


@settings(max_examples=50)
@given(st.data())
def test_through_text_and_back(data):
    source = data.draw(st.sampled_from(["integer", "decimal", "boolean", "datetime"]))
    table, dtypes = data.draw(tables([source]))
    column = next(iter(dtypes))
    steps = [parse("cast", {"columns": [column], "dtype": one}) for one in ("text", source)]
    done = run(table, dtypes, [Step(place, one) for place, one in enumerate(steps, 1)])
    assert cells(done.frame) == cells(table)


def test_written_numbers_are_read_exactly():
    seeded = random.Random(7)
    written = [f"{seeded.randrange(-(10**9), 10**9)}.{seeded.randrange(10**6):06d}" for _ in range(300)]
    done = applied(*frame(c=("text", written)), "cast", columns=["c"], dtype="decimal")
    for text, value in zip(written, done.frame["c"], strict=True):
        nearby = [np.nextafter(value, -np.inf), float(value), np.nextafter(value, np.inf)]
        assert min(nearby, key=lambda one: abs(Fraction(float(one)) - Fraction(text))) == value


NUMBERS = st.integers(-(10**20), 10**20).map(str) | st.from_regex(r"-?[0-9]{1,18}(\.[0-9]{0,16})?", fullmatch=True)
MOMENTS = st.datetimes().map(str) | st.from_regex(r"[0-9]{4}-[01][0-9]-[0-3][0-9]( [0-9]{2}:[0-9]{2})?", fullmatch=True)


@given(st.lists(NUMBERS | MOMENTS | st.sampled_from(["1\n", "-", "007", "-0", "2024-01-31 24:00:00"]), min_size=1))
def test_what_is_read_at_once_is_what_would_be_read_one_by_one(texts):
    for dtype, quick in cast.QUICK.items():
        at_once = cells(pd.DataFrame({"c": quick(pd.Series(texts, dtype="str"))}))["c"]
        for text, found in zip(texts, at_once, strict=True):
            assert found is None or repr(found) == repr(cast.READ[dtype](text))
