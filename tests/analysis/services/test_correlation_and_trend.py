"""Correlation and trend read off small tables; any table's numbers are checked on the engine and the time series."""

import pytest

from analysis.services import KINDS
from tabular.errors import TableError
from tests.spec.tables import ask, drawn, roles_of

TABLE = """
day:date:date | a:integer | b:decimal | c:integer | t:text
2024-01-01    | 1         | 2         | 5         | x
2024-01-02    | 2         | 4         | 5         | x
2024-02-03    | 3         | 6         | 5         | x
2024-02-04    | 4         |           | 5         | x
"""


def answer(kind, body, text=TABLE):
    frame, columns = drawn(text)
    return ask(kind, body, frame, columns).result


def test_a_constant_correlates_with_nothing():
    one = pytest.approx(1.0)
    for method in ("pearson", "spearman"):
        assert answer("correlation", {"method": method}) == {
            "correlation": {
                "a": {"a": 1.0, "b": one, "c": None},
                "b": {"a": one, "b": 1.0, "c": None},
                "c": {"a": None, "b": None, "c": 1.0},
            }
        }


def test_columns_are_listed_or_joined_by_commas():
    assert list(answer("correlation", {"cols": "b,a"})["correlation"]) == ["b", "a"]
    assert list(answer("correlation", {"cols": ["b", "a", "b"]})["correlation"]) == ["b", "a"]
    assert answer("correlation", {}, "t:text\nx") == {"correlation": {}}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"cols": ["t"]}, "column_not_numeric"),
        ({"cols": "nope"}, "column_not_found"),
        ({"cols": 5}, "list_expected"),
        ({"method": "kendall"}, "invalid_choice"),
    ],
)
def test_bad_correlations_are_refused(body, reason):
    _, columns = drawn(TABLE)
    with pytest.raises(TableError) as refused:
        KINDS["correlation"].parse(body, columns, {})
    assert refused.value.reason == reason


def test_a_trend_has_period_ends():
    assert answer("trend", {"value": "a", "freq": "M"}) == {
        "trend": [{"date": "2024-01-31T00:00:00", "a": 3.0}, {"date": "2024-02-29T00:00:00", "a": 7.0}],
        "complete": [True, False],
    }
    daily = answer("trend", {"date": "day", "value": "b", "agg": "mean"})["trend"]
    assert daily[0] == {"date": "2024-01-01T00:00:00", "b": 2.0}
    assert daily[2] == {"date": "2024-01-03T00:00:00", "b": None}


def test_a_count_needs_no_value():
    assert answer("trend", {"agg": "count", "freq": "M"})["trend"] == [
        {"date": "2024-01-31T00:00:00", "count": 2},
        {"date": "2024-02-29T00:00:00", "count": 2},
    ]
    assert answer("trend", {"agg": "count", "freq": "M", "value": "b"})["trend"][1]["b"] == 1


def test_a_value_named_date_does_not_hide_the_date():
    rows = answer("trend", {"value": "date", "date": "d"}, "d:date | date:integer\n2024-01-01 | 5")["trend"]
    assert rows == [{"date": "2024-01-01T00:00:00", "value": 5.0}]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "missing_field"),
        ({"value": "t"}, "column_not_numeric"),
        ({"value": "a", "date": "t"}, "column_not_date"),
        ({"value": "a", "freq": "Y"}, "invalid_choice"),
        ({"value": "a", "agg": "max"}, "invalid_choice"),
        ({"value": "nope"}, "column_not_found"),
    ],
)
def test_bad_trends_are_refused(body, reason):
    _, columns = drawn(TABLE)
    with pytest.raises(TableError) as refused:
        KINDS["trend"].parse(body, columns, roles_of(columns))
    assert refused.value.reason == reason


def test_a_trend_of_nothing():
    assert answer("trend", {"value": "a"}, "day:date:date | a:integer") == {"trend": [], "complete": []}
