"""Cohort retention read off a small table, and against plain sets of people."""

from collections import defaultdict
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.services import KINDS
from tabular.errors import TableError
from tabular.schema import Column
from tests.spec.tables import ask, drawn, roles_of

VISITS = """
user_id:integer | registration_date:date | activity_date:date
1               | 2024-01-01             | 2024-01-05
1               | 2024-01-01             | 2024-02-05
2               | 2024-01-31             | 2024-01-31
2               | 2024-01-31             | 2024-03-20
3               | 2024-02-10             | 2024-02-10
4               | 2024-02-10             |
                | 2024-02-10             | 2024-02-10
5               | 2024-03-01             | 2024-02-28
"""


def cohorts(body, text):
    frame, columns = drawn(text)
    return ask("cohort", body, frame, columns)


def test_registrations_and_returns():
    answer = cohorts({}, VISITS)
    assert answer.result["analysis_type"] == "cohort_retention"
    assert answer.result["results"] == {
        "cohort_sizes": {"2024-01": 2, "2024-02": 2, "2024-03": 1},
        "retention_rates": {
            "2024-01": {"month_0": 1.0, "month_1": 0.5, "month_2": 0.5},
            "2024-02": {"month_0": 0.5, "month_1": 0.0, "month_2": None},
            "2024-03": {"month_0": 0.0, "month_1": None, "month_2": None},
        },
        "complete": {
            "2024-01": {"month_0": True, "month_1": True, "month_2": False},
            "2024-02": {"month_0": True, "month_1": False, "month_2": False},
            "2024-03": {"month_0": False, "month_1": False, "month_2": False},
        },
    }
    assert answer.result["warnings"] == [{"reason": "activity_before_cohort", "details": {"rows": 1}}]
    assert answer.receipt["rows_excluded"] == {"user_missing": 1, "date_missing": 1, "activity_before_cohort": 1}


def test_one_date_column_makes_the_first_activity_the_start():
    text = "customer_id:text | date:date:date\na | 2024-01-31\na | 2024-02-01\nb | 2024-02-29\nb | 2024-02-29"
    assert cohorts({}, text).result["results"]["retention_rates"] == {
        "2024-01": {"month_0": 1.0, "month_1": 1.0},
        "2024-02": {"month_0": 1.0, "month_1": None},
    }


def test_weeks_carry_their_iso_names():
    text = "user:text | day:date:date\na | 2024-12-29\na | 2024-12-30\nb | 2025-01-06"
    assert cohorts({"period": "week"}, text).result["results"]["retention_rates"] == {
        "2024-W52": {"week_0": 1.0, "week_1": 1.0, "week_2": 0.0},
        "2025-W02": {"week_0": 1.0, "week_1": None, "week_2": None},
    }


def test_max_periods_cuts_the_columns():
    rates = cohorts({"max_periods": 2}, VISITS).result["results"]["retention_rates"]
    assert list(rates["2024-01"]) == ["month_0", "month_1"]


def test_japanese_names_are_found():
    text = "会員番号:text | 登録日:date | 購入日:date\na | 2024-01-31 | 2024-02-01"
    _, columns = drawn(text)
    params = KINDS["cohort"].parse({}, columns, roles_of(columns))
    assert (params.user_column, params.cohort_date_column, params.activity_date_column) == (
        "会員番号",
        "登録日",
        "購入日",
    )


@pytest.mark.parametrize(
    ("body", "text", "reason"),
    [
        ({}, "n:decimal | day:date\n1 | 2024-01-01", "missing_required_columns"),
        ({}, "user_id:integer\n1", "missing_required_columns"),
        ({"user_column": "nope"}, VISITS, "column_not_found"),
        ({"activity_date_column": "user_id"}, VISITS, "column_not_date"),
        ({"period": "year"}, VISITS, "invalid_choice"),
        ({"max_periods": 0}, VISITS, "number_out_of_range"),
        ({"max_periods": "3"}, VISITS, "number_out_of_range"),
    ],
)
def test_bad_questions_are_refused(body, text, reason):
    _, columns = drawn(text)
    with pytest.raises(TableError) as refused:
        KINDS["cohort"].parse(body, columns, roles_of(columns))
    assert refused.value.reason == reason


def test_what_is_missing_is_named():
    _, columns = drawn("x:decimal\n1")
    with pytest.raises(TableError) as refused:
        KINDS["cohort"].parse({}, columns, {})
    assert str(refused.value).startswith("Missing required columns: user_id, activity_date")


DAYS = st.dates(date(2023, 12, 1), date(2024, 5, 1))
ROWS = st.lists(st.tuples(st.none() | st.integers(1, 4), st.none() | DAYS, st.none() | DAYS), max_size=25)


def index(day, every):
    return day.year * 12 + day.month if every == "month" else (day - timedelta(days=day.weekday())).toordinal() // 7


def name(day, every):
    return day.strftime("%Y-%m") if every == "month" else day.strftime("%G-W%V")


@given(ROWS, st.sampled_from(["month", "week"]), st.booleans())
def test_any_cohorts_are_plain_sets(rows, every, registered):
    columns = (Column("user", "integer"), Column("joined", "date"), Column("active", "date"))
    frame = pl.DataFrame(
        rows, schema={"user": pl.Int64, "joined": pl.Date, "active": pl.Date}, orient="row", strict=False
    )
    if not registered:
        columns, frame = columns[::2], frame.drop("joined")
        rows = [(user, active, active) for user, _, active in rows]
    body = {"period": every, "user_column": "user", "activity_date_column": "active"}
    if registered:
        body["cohort_date_column"] = "joined"
    results = ask("cohort", body, frame, columns).result["results"]
    starts = {}
    for user, joined, _ in rows:
        if user is not None and joined is not None:
            starts[user] = min(starts.get(user, joined), joined)
    activities = [(user, active) for user, _, active in rows if user is not None and active is not None]
    people = defaultdict(set)
    for user, start in starts.items():
        people[name(start, every)].add(user)
    if not activities:
        assert results["cohort_sizes"] == {}
        return
    assert results["cohort_sizes"] == {key: len(people[key]) for key in sorted(people)}
    last = max(index(active, every) for _, active in activities)
    for key, users in people.items():
        begin = index(min(starts[user] for user in users), every)
        for column, rate in results["retention_rates"][key].items():
            period = begin + int(column.split("_")[1])
            back = {user for user, active in activities if user in users and index(active, every) == period}
            assert rate == (None if period > last else len(back) / len(users))


@given(ROWS, st.integers(1, 60))
def test_cutting_the_last_days_off_changes_no_complete_cell(rows, cut):
    def complete_cells(kept):
        frame = pl.DataFrame(
            [(user, active) for user, _, active in kept],
            schema={"u": pl.Int64, "d": pl.Date},
            orient="row",
            strict=False,
        )
        body = {"user_column": "u"}
        results = ask("cohort", body, frame, (Column("u", "integer"), Column("d", "date", "date"))).result["results"]
        return {
            (cohort, cell): results["retention_rates"][cohort][cell]
            for cohort, row in results["complete"].items()
            for cell, whole in row.items()
            if whole
        }

    days = [day for _, _, day in rows if day]
    last = max(days, default=date(2024, 1, 1)) - timedelta(days=cut)
    before = complete_cells(rows)
    for cell, rate in complete_cells([row for row in rows if row[2] and row[2] <= last]).items():
        assert before[cell] == rate
