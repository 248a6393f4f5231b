"""Time series read off small tables, and against a plain computation on any table."""

import calendar
import math
import statistics
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.services import KINDS
from tabular.errors import TableError
from tabular.schema import Column
from tests.spec.tables import ask, drawn, roles_of

SALES = """
day:date:date | shop:text:store | sales:integer:measure | rate:decimal
2024-01-01    | 恵比寿          | 100                   | 0.5
2024-01-31    | 恵比寿          | 20                    |
2024-01-31    | 渋谷            | 7                     | 1.5
2024-03-15    | 恵比寿          | 30                    | 2.5
2024-03-15    | 恵比寿          |                       | nan
              | 恵比寿          | 1000                  | 9
2024-04-02    | 渋谷            | 5                     | 1
"""


def timeseries(body, text=SALES, roles=None):
    frame, columns = drawn(text)
    return ask("timeseries", body, frame, columns, roles)


def test_months_are_summed_and_empty_ones_are_zero():
    answer = timeseries({"target_column": "sales"})
    assert answer.result == {
        "timestamp": ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"],
        "series": [
            {
                "name": "sales",
                "values": [127.0, 0.0, 30.0, 5.0],
                "statistics": {
                    "mean": 40.5,
                    "std": pytest.approx(statistics.stdev([127, 0, 30, 5])),
                    "min": 0.0,
                    "max": 127.0,
                    "trend": "decreasing",
                },
            }
        ],
        "events": [],
        "complete": [True, True, True, False],
        "warnings": [{"reason": "rows_without_date", "details": {"rows": 1}}],
    }
    assert answer.receipt == {
        "rows": 7,
        "rows_used": 5,
        "rows_excluded": {"date_missing": 1, "value_missing": 1},
        "ddof": 1,
    }


def test_one_store_is_complete_as_far_as_all_stores_reach():
    answer = timeseries({"target_column": "sales", "store": "恵比寿"})
    assert answer.result["timestamp"] == ["2024-01-31", "2024-02-29", "2024-03-31"]
    assert answer.result["series"][0]["values"] == [120.0, 0.0, 30.0]
    assert answer.result["complete"] == [True, True, True]


def test_means_of_nothing_are_null():
    series = timeseries({"target_column": "rate", "method": "mean"}).result["series"][0]
    assert series["values"] == [1.0, None, 2.5, 1.0]
    assert series["statistics"]["mean"] == 1.5


def test_counts_are_of_values_and_work_on_text():
    assert timeseries({"target_column": "sales", "method": "count"}).result["series"][0]["values"] == [3, 0, 1, 1]
    assert timeseries({"target_column": "shop", "method": "count"}).result["series"][0]["values"] == [3, 0, 2, 1]


def test_weeks_end_on_sunday():
    result = timeseries({"target_column": "sales", "aggregation": "weekly", "date_range": [None, "2024-01-31"]}).result
    assert result["timestamp"] == ["2024-01-07", "2024-01-14", "2024-01-21", "2024-01-28", "2024-02-04"]
    assert result["series"][0]["values"] == [100.0, 0.0, 0.0, 0.0, 27.0]
    assert result["complete"] == [True, True, True, True, False]


def test_a_range_cuts_both_days_in_and_adds_no_period():
    body = {"target_column": "sales", "aggregation": "daily", "date_range": ["2024-01-31", "2030-01-01"]}
    result = timeseries(body).result
    assert result["timestamp"][0] == "2024-01-31"
    assert result["timestamp"][-1] == "2024-04-02"
    assert result["series"][0]["values"][0] == 27.0
    monthly = timeseries({"target_column": "sales", "date_range": ["2024-01-02", None]}).result
    assert monthly["complete"] == [False, True, True, False]


@pytest.mark.parametrize(
    ("body", "warning"),
    [
        ({"store": "梅田"}, {"reason": "store_never_occurs", "details": {"store": "梅田", "store_column": "shop"}}),
        ({"date_range": ["2030-01-01", None]}, {"reason": "no_rows_match", "details": {}}),
        ({"store": "渋谷", "date_range": ["2024-03-01", "2024-03-31"]}, {"reason": "no_rows_match", "details": {}}),
    ],
)
def test_nothing_found_is_an_empty_answer_with_a_warning(body, warning):
    result = timeseries({"target_column": "sales"} | body).result
    assert result["timestamp"] == result["complete"] == result["events"] == []
    none = dict.fromkeys(["mean", "std", "min", "max", "trend"])
    assert result["series"] == [{"name": "sales", "values": [], "statistics": none}]
    assert result["warnings"][0] == warning


def test_a_store_number_that_is_none_never_occurs():
    text = "day:date:date | store:integer:store | n:integer\n2024-01-01 | 7 | 1"
    assert timeseries({"target_column": "n", "store": "7"}, text).result["series"][0]["values"] == [1.0]
    warned = timeseries({"target_column": "n", "store": "seven"}, text).result["warnings"]
    assert warned[0]["reason"] == "store_never_occurs"


def test_times_of_day_fall_on_their_day():
    text = """
    at:datetime:date    | n:integer
    2024-02-29T23:59:59 | 1
    2024-03-01T00:00:00 | 2
    """
    body = {"target_column": "n", "aggregation": "daily", "date_range": ["2024-02-29", "2024-02-29"]}
    assert timeseries(body, text).result["timestamp"] == ["2024-02-29"]
    assert timeseries({"target_column": "n"}, text).result["series"][0]["values"] == [1.0, 2.0]


def test_a_spike_is_an_event():
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(60)]
    values = [100 + n % 7 for n in range(60)]
    values[30] = 400
    values[45] = -200
    frame = pl.DataFrame({"day": days, "n": values})
    columns = (Column("day", "date", "date"), Column("n", "integer"))
    events = ask("timeseries", {"target_column": "n", "aggregation": "daily"}, frame, columns).result["events"]
    assert [(one["timestamp"], one["value"], one["kind"]) for one in events] == [
        ("2024-01-31", 400.0, "spike"),
        ("2024-02-15", -200.0, "dip"),
    ]
    residuals = np.array(values) - np.polyval(np.polyfit(np.arange(60), values, 1), np.arange(60))
    off = residuals - np.median(residuals)
    score = 0.6744897501960817 * off[30] / np.median(np.abs(off))
    assert events[0]["score"] == pytest.approx(score)


def test_one_spike_on_a_level_line_is_an_event_although_the_mad_is_zero():
    frame = pl.DataFrame({"day": [date(2024, 1, 1 + n) for n in range(9)], "n": [0, 0, 0, 0, 50, 0, 0, 0, 0]})
    columns = (Column("day", "date", "date"), Column("n", "integer"))
    events = ask("timeseries", {"target_column": "n", "aggregation": "daily"}, frame, columns).result["events"]
    assert [one["timestamp"] for one in events] == ["2024-01-05"]


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ([100, 100, 100], "flat"),
        ([100, 101, 102], "flat"),
        ([100, 103, 106], "increasing"),
        ([106, 103, 100], "decreasing"),
        ([1, 100], "flat"),
        ([0, 0, 0], "flat"),
        ([-1, 0, 1], "increasing"),
        ([10, 30, 10], "flat"),
    ],
)
def test_trend_words(values, word):
    frame = pl.DataFrame({"day": [date(2024, 1, 1 + n) for n in range(len(values))], "n": values})
    columns = (Column("day", "date", "date"), Column("n", "integer"))
    result = ask("timeseries", {"target_column": "n", "aggregation": "daily"}, frame, columns).result
    assert result["series"][0]["statistics"]["trend"] == word


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "missing_field"),
        ({"target_column": "nope"}, "column_not_found"),
        ({"target_column": "shop"}, "column_not_numeric"),
        ({"target_column": 5}, "text_expected"),
        ({"target_column": ["sales"]}, "text_expected"),
        ({"target_column": "sales", "aggregation": "yearly"}, "invalid_choice"),
        ({"target_column": "sales", "aggregation": 1}, "text_expected"),
        ({"target_column": "sales", "method": "median"}, "invalid_choice"),
        ({"target_column": "sales", "store": 5}, "text_expected"),
        ({"target_column": "sales", "store_column": "nope"}, "column_not_found"),
        ({"target_column": "sales", "date_column": "shop"}, "column_not_date"),
        ({"target_column": "sales", "date_column": "nope"}, "column_not_found"),
        ({"target_column": "sales", "date_range": "2024"}, "invalid_date_range"),
        ({"target_column": "sales", "date_range": ["2024-01-01"]}, "invalid_date_range"),
        ({"target_column": "sales", "date_range": ["2024-02-30", None]}, "invalid_date"),
        ({"target_column": "sales", "date_range": [20240101, None]}, "invalid_date"),
        ({"target_column": "sales", "date_range": ["2024-02-01", "2024-01-01"]}, "date_range_reversed"),
    ],
)
def test_bad_questions_are_refused(body, reason):
    _, columns = drawn(SALES)
    with pytest.raises(TableError) as refused:
        KINDS["timeseries"].parse(body, columns, roles_of(columns))
    assert refused.value.reason == reason
    assert str(refused.value)


def test_without_the_columns_it_needs():
    _, columns = drawn("n:integer\n1")
    with pytest.raises(TableError) as refused:
        KINDS["timeseries"].parse({"target_column": "n"}, columns, {})
    assert refused.value.reason == "date_column_not_found"
    _, columns = drawn("n:integer | d:date:date\n1 | 2024-01-01")
    with pytest.raises(TableError) as refused:
        KINDS["timeseries"].parse({"target_column": "n", "store": "x"}, columns, roles_of(columns))
    assert refused.value.reason == "store_column_not_found"


def test_too_many_periods_are_refused():
    text = "day:date:date | n:integer\n0204-01-01 | 1\n2024-01-01 | 2"
    assert len(timeseries({"target_column": "n"}, text).result["timestamp"]) == 1820 * 12 + 1
    with pytest.raises(TableError) as refused:
        timeseries({"target_column": "n", "aggregation": "daily"}, text)
    assert refused.value.reason == "too_many_periods"


def test_the_ends_of_the_calendar():
    text = "day:date:date | n:integer\n9999-12-31 | 1\n9999-12-01 | 2"
    for aggregation in ("daily", "weekly", "monthly"):
        assert (
            timeseries({"target_column": "n", "aggregation": aggregation}, text).result["timestamp"][-1] == "9999-12-31"
        )
    timeseries({"target_column": "n", "aggregation": "weekly"}, "day:date:date | n:integer\n0001-01-01 | 1")


DAYS = st.dates(date(2023, 12, 20), date(2024, 4, 10))
VALUES = st.none() | st.integers(-100, 100).map(float) | st.sampled_from([math.nan, math.inf, 0.1])
ROWS = st.lists(st.tuples(st.none() | DAYS, st.sampled_from(["x", "y", None]), VALUES), max_size=25)
AGGREGATIONS = st.sampled_from(["daily", "weekly", "monthly"])
COLUMNS = (Column("day", "date", "date"), Column("shop", "text", "store"), Column("n", "decimal", "measure"))


def period_end(day, aggregation):
    if aggregation == "daily":
        return day
    if aggregation == "weekly":
        return day + timedelta(days=6 - day.weekday())
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def period_start(end, aggregation):
    if aggregation == "daily":
        return end
    return end - timedelta(days=6) if aggregation == "weekly" else end.replace(day=1)


def plainly(rows, aggregation, method, store, start, end):
    """``{period end: (value, complete)}`` by walking day after day."""
    days = [day for day, _, _ in rows if day]
    picked = [
        (day, value)
        for day, shop, value in rows
        if day and (store is None or shop == store) and (not start or day >= start) and (not end or day <= end)
    ]
    if not picked:
        return {}
    buckets, day = {}, min(day for day, _ in picked)
    while day <= max(day for day, _ in picked) or period_end(day, aggregation) in buckets:
        last = period_end(day, aggregation)
        if last not in buckets and day > max(day for day, _ in picked):
            break
        buckets.setdefault(last, [])
        day += timedelta(days=1)
    for day, value in picked:
        if value is not None and math.isfinite(value):
            buckets[period_end(day, aggregation)].append(value)
    low, high = max(filter(None, [min(days), start])), min(filter(None, [max(days), end]))
    found = {}
    for last, values in buckets.items():
        value = {"sum": math.fsum(values), "count": len(values)}.get(method)
        if method == "mean":
            value = math.fsum(values) / len(values) if values else None
        found[last] = (value, low <= period_start(last, aggregation) and last <= high)
    return found


@given(
    ROWS,
    AGGREGATIONS,
    st.sampled_from(["sum", "mean", "count"]),
    st.sampled_from([None, "x", "z"]),
    st.none() | DAYS,
    st.none() | DAYS,
    st.booleans(),
)
def test_any_series_is_the_plain_one(rows, aggregation, method, store, start, end, timed):
    if start and end and start > end:
        start, end = end, start
    expected = plainly(rows, aggregation, method, store, start, end)
    dtype = pl.Datetime("us") if timed else pl.Date
    stamped = [(datetime(d.year, d.month, d.day, 23, 59, 59) if timed and d else d, s, v) for d, s, v in rows]
    frame = pl.DataFrame(stamped, schema={"day": dtype, "shop": pl.String, "n": pl.Float64}, orient="row", strict=False)
    columns = (Column("day", "datetime" if timed else "date", "date"), *COLUMNS[1:])
    body = {"target_column": "n", "aggregation": aggregation, "method": method, "store": store}
    body["date_range"] = [start and start.isoformat(), end and end.isoformat()]
    result = ask("timeseries", body, frame, columns).result
    assert result["timestamp"] == [last.isoformat() for last in expected]
    assert result["complete"] == [whole for _, whole in expected.values()]
    for found, (value, _) in zip(result["series"][0]["values"], expected.values(), strict=True):
        assert found == (value if value is None else pytest.approx(value, abs=1e-9))
    shown = [value for value, _ in expected.values() if value is not None]
    figures = result["series"][0]["statistics"]
    if shown:
        assert figures["mean"] == pytest.approx(statistics.fmean(shown), abs=1e-9)
        assert (figures["min"], figures["max"]) == (pytest.approx(min(shown)), pytest.approx(max(shown)))
    if len(shown) > 1:
        assert figures["std"] == pytest.approx(statistics.stdev(shown), abs=1e-7)


@given(ROWS, AGGREGATIONS, st.integers(1, 60))
def test_cutting_the_last_days_off_changes_no_complete_value(rows, aggregation, cut):
    def complete_values(kept):
        schema = {"day": pl.Date, "shop": pl.String, "n": pl.Float64}
        frame = pl.DataFrame(kept, schema=schema, orient="row", strict=False)
        result = ask("timeseries", {"target_column": "n", "aggregation": aggregation}, frame, COLUMNS).result
        series = zip(result["timestamp"], result["series"][0]["values"], result["complete"], strict=True)
        return {stamp: value for stamp, value, whole in series if whole}

    days = [day for day, _, _ in rows if day]
    last = max(days, default=date.min) - timedelta(days=cut) if days else date.min
    before = complete_values(rows)
    for stamp, value in complete_values([row for row in rows if row[0] and row[0] <= last]).items():
        assert before[stamp] == value
