"""Summaries and profiles read off small tables; quartiles are checked on the engine."""

import random

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.services.personal import individual, luhn
from tabular.schema import Column
from tests.spec.tables import ask, drawn


def profile(text):
    frame, columns = drawn(text)
    return ask("profile", {}, frame, columns).result


def reasons(column):
    return {one["reason"]: one for one in column["issues"]}


def test_a_summary_has_every_numeric_column():
    frame, columns = drawn("n:integer | x:decimal | t:text | none:integer\n1 | 0.5 | a |\n3 | | b |\n | nan | c |")
    assert ask("summary", {}, frame, columns).result == {
        "summary": {
            "n": {"count": 2, "mean": 2.0, "std": pytest.approx(2**0.5), "min": 1, "max": 3},
            "x": {"count": 1, "mean": 0.5, "std": None, "min": 0.5, "max": 0.5},
            "none": {"count": 0, "mean": None, "std": None, "min": None, "max": None},
        }
    }
    frame, columns = drawn("t:text\na")
    assert ask("summary", {}, frame, columns).result == {"summary": {}}


def test_every_kind_of_column():
    result = profile(
        """
        n:integer:measure | city:text:category | ok:boolean | day:date:date
        1                 | 東京               | true       | 2024-01-01
        2                 | 大阪               | false      | 2024-01-02
        4                 | 大阪               | true       | 2024-01-03
                          |                    |            | 2024-01-10
        """
    )
    number, city, ok, day = result["columns"]
    assert result["rows"] == 4
    assert number == {
        "name": "n",
        "dtype": "integer",
        "role": "measure",
        "missing_count": 1,
        "missing_rate": 0.25,
        "unique_count": 3,
        "statistics": {
            "mean": pytest.approx(7 / 3),
            "median": 2.0,
            "std": pytest.approx(pd.Series([1, 2, 4]).std()),
            "min": 1,
            "max": 4,
            "q1": 1.5,
            "q3": 3.0,
        },
        "issues": [
            {
                "reason": "missing",
                "severity": "medium",
                "details": {"cells": 1, "share": 0.25},
                "suggestion": "impute",
            }
        ],
    }
    assert list(city["statistics"]["value_counts"].items()) == [("大阪", 2), ("東京", 1)]
    assert ok["statistics"]["value_counts"] == {"true": 2, "false": 1}
    assert day["statistics"] == {
        "min": "2024-01-01",
        "max": "2024-01-10",
        "distinct_days": 4,
        "usual_step_days": 1,
        "gap_count": 1,
        "gaps": [{"after": "2024-01-03", "before": "2024-01-10", "days": 6}],
    }


def test_only_the_twenty_most_frequent_values_are_listed():
    frame = pl.DataFrame({"t": [f"v{n}" for n in range(30)] + ["v29"]})
    (column,) = ask("profile", {}, frame, (Column("t", "text"),)).result["columns"]
    assert column["unique_count"] == 30
    assert list(column["statistics"]["value_counts"].items())[:2] == [("v29", 2), ("v0", 1)]
    assert len(column["statistics"]["value_counts"]) == 20


def test_missing_and_constant():
    result = profile("a:text | b:text | c:integer\nx | |1\nx | |1\nx | z|1")
    a, b, c = result["columns"]
    assert reasons(a)["constant"]["suggestion"] == "drop_column"
    assert reasons(b)["missing"]["severity"] == "high"
    assert reasons(b)["missing"]["suggestion"] == "drop_column"
    assert "constant" in reasons(c)


def column_issues(name, values, dtype="text", role=None):
    frame = pl.DataFrame({name: values})
    (column,) = ask("profile", {}, frame, (Column(name, dtype, role),)).result["columns"]
    return reasons(column)


def test_identifiers():
    assert "id_like" in column_issues("code", [f"A{n}" for n in range(30)])
    assert "id_like" not in column_issues("code", [f"A{n}" for n in range(5)])
    nearly = [f"A{n}" for n in range(99)] + ["A0"]
    assert column_issues("code", nearly)["suspicious_duplicates"]["details"] == {"distinct": 99, "repeated": 1}


def test_skew_and_outliers():
    issues = column_issues("n", [*range(50), 10_000], "integer")
    values = pd.Series([*range(50), 10_000])
    assert issues["skewed"]["details"]["skewness"] == pytest.approx(values.skew())
    q1, q3 = values.quantile([0.25, 0.75])
    details = issues["outliers"]["details"]
    assert (details["low"], details["high"]) == (q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1))
    assert details["cells"] == 1
    assert column_issues("n", list(range(50)), "integer").keys() == {"id_like"}


def test_variants_of_case_space_and_width():
    issues = column_issues("city", ["Tokyo", "tokyo ", "ＴＯＫＹＯ", "Osaka", "Tokyo"])
    assert issues["variants"]["details"] == {
        "groups": 1,
        "cells": 4,
        "examples": [["Tokyo", "tokyo ", "ＴＯＫＹＯ"]],
    }
    assert "variants" not in column_issues("city", ["Tokyo", "Osaka"])


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["連絡先 taro@example.co.jp", "x"], "email"),
        (["03-1234-5678", "090-1234-5678"], "phone"),
        (["09012345678"], "phone"),
        (["+81 90-1234-5678"], "phone"),
        (["4111 1111 1111 1111", "5500-0000-0000-0004"], "card"),
        (["123456789018"], "my_number"),
        (["1234-5678-9018"], "my_number"),
    ],
)
def test_texts_that_name_a_person(values, kind):
    assert column_issues("t", values)["personal_data"]["details"]["kind"] == kind


@pytest.mark.parametrize(
    "values", [["2024-01-05", "2024-02-06"], ["a@b", "@x"], ["4901234567894", "4901234567900", "4512345678907"], ["12"]]
)
def test_texts_that_do_not(values):
    assert "personal_data" not in column_issues("t", values)


def test_whole_numbers_that_name_a_person():
    assert column_issues("n", [123456789018, 1], "integer")["personal_data"]["details"]["kind"] == "my_number"


def test_check_digits():
    assert luhn("4111111111111111")
    assert not luhn("4111111111111112")
    assert not luhn("0000000000000000")
    assert individual("123456789018")
    assert not individual("123456789010")
    digits = [random.Random(7).choices("0123456789", k=11) for _ in range(50)]
    assert all(sum(individual("".join(one) + str(last)) for last in range(10)) == 1 for one in digits)


def test_repeated_rows():
    result = profile("a:text | b:integer\nx | 1\nx | 1\ny | 2")
    assert result["issues"] == [
        {
            "reason": "duplicate_rows",
            "severity": "medium",
            "details": {"rows": 1, "share": pytest.approx(1 / 3)},
            "suggestion": "drop_duplicates",
        }
    ]
    assert profile("a:text\nx\ny")["issues"] == []


def test_an_empty_table():
    result = profile("a:text | n:integer | d:date | x:decimal | o:boolean")
    assert result["rows"] == 0
    assert [one["missing_rate"] for one in result["columns"]] == [0.0] * 5
    assert all(one["issues"] == [] for one in result["columns"])


MIXED = st.tuples(
    st.none() | st.integers(-3, 3) | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.floats(),
    st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=3),
    st.none() | st.booleans(),
    st.none() | st.dates(),
    st.none() | st.datetimes(),
)


@given(st.lists(MIXED, max_size=25))
def test_counts_of_any_table(rows):
    dtypes = {
        "integer": pl.Int64,
        "decimal": pl.Float64,
        "text": pl.String,
        "boolean": pl.Boolean,
        "date": pl.Date,
        "datetime": pl.Datetime("us"),
    }
    frame = pl.DataFrame(rows, schema=dtypes, orient="row", strict=False)
    columns = tuple(Column(name, name) for name in dtypes)
    result = ask("profile", {}, frame, columns).result
    for at, column in enumerate(result["columns"]):
        cells = [row[at] for row in rows if row[at] is not None and (at != 1 or abs(row[at]) < float("inf"))]
        assert column["missing_count"] == len(rows) - len(cells)
        assert column["unique_count"] == len(set(cells))
    hidden = [tuple(None if cell != cell else cell for cell in row) for row in rows]
    repeated = sum(one["details"]["rows"] for one in result["issues"])
    assert repeated == len(rows) - len(set(hidden))
