"""Pareto read off small tables, and against a plain computation on any table."""

import math
from collections import defaultdict

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.services import KINDS
from analysis.services.labels import display_name
from tabular.errors import TableError
from tabular.schema import Column
from tests.spec.tables import ask, drawn, roles_of, stored

WIDE = """
Date:date:date | shop:text:store | Mens_KNIT:integer| WOMEN'S_TOPS:integer | KIDS:integer | Total:integer | 客数:integer
2024-01-05     | 恵比寿          | 10                | 50                   | 10           | 70            | 3
2024-02-05     | 恵比寿          | 20                |                      | 20           | 40            | 1
2024-01-31     | 渋谷            | 0                 | 100                  | 0            | 100           | 9
"""
NOT_CATEGORIES = """
code:integer:id | 客単価:decimal | 気温:decimal | 売上:integer | year:integer | price:decimal | KIDS:integer
1               | 1.5            | 20           | 9            | 2024         | 3             | 4
"""
LONG = """
date:date:date | shop:text:store | category:text:category | sales:integer:measure
2024-01-01     | x               | b                      | 5
2024-01-02     | x               | a                      | 5
2024-01-03     | y               | c                      | 10
2024-04-04     | y               | b                      |
2024-04-05     | y               |                        | 99
"""


def pareto(body, text):
    frame, columns = drawn(text)
    return ask("pareto", body, frame, columns)


def short(result):
    return [(one["category"], one["value"]) for one in result["data"]]


def test_wide_columns_leave_totals_and_heads_out_and_keep_ties_in_order():
    answer = pareto({"analysis_type": "product_category"}, WIDE)
    assert answer.result == {
        "data": [
            {
                "category": "WOMEN'S_TOPS",
                "value": 150.0,
                "metadata": {
                    "display_name": "レディース トップス",
                    "percentage": pytest.approx(150 / 210 * 100),
                    "cumulative": pytest.approx(150 / 210 * 100),
                },
            },
            {
                "category": "Mens_KNIT",
                "value": 30.0,
                "metadata": {
                    "display_name": "メンズ ニット",
                    "percentage": pytest.approx(30 / 210 * 100),
                    "cumulative": pytest.approx(180 / 210 * 100),
                },
            },
            {
                "category": "KIDS",
                "value": 30.0,
                "metadata": {
                    "display_name": "キッズ",
                    "percentage": pytest.approx(30 / 210 * 100),
                    "cumulative": 100.0,
                },
            },
        ],
        "total": 210.0,
        "vital_few_threshold": 2,
    }
    assert answer.receipt["rows_used"] == 3


def test_what_is_no_category():
    assert short(pareto({}, NOT_CATEGORIES).result) == [("KIDS", 4.0)]


def test_a_category_that_is_not_of_products_gives_way_to_columns_of_trade():
    head, row = WIDE.strip().splitlines()[:2]
    wide = f"{head} | 天気:text:category\n{row} | 晴"
    assert [one["category"] for one in pareto({}, wide).result["data"]] == ["WOMEN'S_TOPS", "Mens_KNIT", "KIDS"]
    long = "天気:text:category | sales:integer:measure | cost:integer:measure | qty:integer:measure\n晴 | 9 | 1 | 1"
    assert short(pareto({}, long).result) == [("晴", 9.0)]


def test_the_best_named_category_is_taken():
    text = "Mode:text:category | Sub-Category:text:category | Category:text:category | Sales:integer:measure\n"
    text += "a | b | c | 1"
    assert short(pareto({}, text).result) == [("c", 1.0)]
    assert short(pareto({"value_column": "Sales"}, text).result) == [("c", 1.0)]


def test_one_store_in_one_period():
    answer = pareto({"store": "恵比寿", "period": "2024-01"}, WIDE)
    assert short(answer.result) == [("WOMEN'S_TOPS", 50.0), ("Mens_KNIT", 10.0), ("KIDS", 10.0)]
    assert answer.receipt["rows_excluded"] == {"filtered_out": 2}


def test_a_long_table_adds_up_its_measure():
    answer = pareto({}, LONG)
    assert short(answer.result) == [("c", 10.0), ("b", 5.0), ("a", 5.0)]
    assert answer.result["vital_few_threshold"] == 3
    assert answer.result["warnings"] == [{"reason": "rows_without_category", "details": {"rows": 1}}]
    assert answer.receipt["rows_excluded"] == {"category_missing": 1, "value_missing": 1}


@pytest.mark.parametrize(
    ("period", "categories"),
    [("2024", "cba"), ("2024-Q1", "cba"), ("2024-Q2", "b"), ("2024-01", "cba"), ("2024-01-03", "c"), ("2023", "")],
)
def test_periods(period, categories):
    result = pareto({"period": period}, LONG).result
    assert "".join(one["category"] for one in result["data"]) == categories


def test_named_columns_come_first():
    assert (
        short(pareto({"category_column": "shop", "value_column": "sales"}, LONG).result)
        == [("x", 10.0), ("y", 109.0)][::-1]
    )
    assert short(pareto({"category_columns": ["KIDS", "Total"]}, WIDE).result) == [
        ("Total", 210.0),
        ("KIDS", 30.0),
    ]


def test_a_total_that_is_not_positive_has_no_percentages():
    result = pareto({}, "c:text:category | sales:integer:measure\na | 5\nb | -7").result
    assert result == {
        "data": [
            {"category": "a", "value": 5.0, "metadata": {"display_name": "a", "percentage": None, "cumulative": None}},
            {"category": "b", "value": -7.0, "metadata": {"display_name": "b", "percentage": None, "cumulative": None}},
        ],
        "total": -2.0,
        "vital_few_threshold": None,
        "warnings": [{"reason": "total_not_positive", "details": {"total": -2.0}}],
    }


def test_nothing_found_is_empty():
    result = pareto({"store": "梅田"}, WIDE).result
    assert (result["data"], result["total"], result["vital_few_threshold"]) == ([], 0.0, None)
    assert [one["reason"] for one in result["warnings"]] == ["store_never_occurs"]


def test_eighty_percent_exactly_is_reached():
    result = pareto({}, "c:text:category | sales:integer:measure\na | 80\nb | 10\nc | 10").result
    assert result["vital_few_threshold"] == 1
    result = pareto({}, "c:text:category | sales:decimal:measure\na | 0.7\nb | 0.1\nc | 0.2").result
    assert result["vital_few_threshold"] == 2


def test_labels_of_the_caller_win():
    frame, columns = drawn(LONG)
    params = KINDS["pareto"].parse({}, columns, roles_of(columns))
    with stored(frame, columns) as table:
        result = KINDS["pareto"].run(table, params, {"c": "しー"}).result
    assert result["data"][0]["metadata"]["display_name"] == "しー"


@pytest.mark.parametrize(
    ("category", "label"),
    [
        ("Mens_JACKETS&OUTER2", "メンズ ジャケット・アウター"),
        ("WOMEN'S_TOPS", "レディース トップス"),
        ("KIDS", "キッズ"),
        ("Office Supplies", "オフィス 用品"),
        ("MENS_UNHEARDOF", "MENS_UNHEARDOF"),
        ("食品", "食品"),
        ("", ""),
        ("_", "_"),
    ],
)
def test_display_names(category, label):
    assert display_name(category) == label


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"analysis_type": "abc"}, "invalid_choice"),
        ({"analysis_type": 5}, "text_expected"),
        ({"period": "2024-13"}, "invalid_period"),
        ({"period": "2024-Q5"}, "invalid_period"),
        ({"period": "2024-02-30"}, "invalid_period"),
        ({"period": "0000"}, "invalid_period"),
        ({"period": "Jan 2024"}, "invalid_period"),
        ({"period": 2024}, "text_expected"),
        ({"category_column": "nope"}, "column_not_found"),
        ({"value_column": "shop"}, "column_not_numeric"),
        ({"category_columns": ["shop"]}, "column_not_numeric"),
        ({"category_columns": 5}, "list_expected"),
        ({"category_columns": [1]}, "list_expected"),
    ],
)
def test_bad_questions_are_refused(body, reason):
    _, columns = drawn(LONG)
    with pytest.raises(TableError) as refused:
        KINDS["pareto"].parse(body, columns, roles_of(columns))
    assert refused.value.reason == reason


def test_a_table_without_categories():
    _, columns = drawn("day:date:date | 売上:integer:measure | 客数:integer:measure\n2024-01-01 | 1 | 2")
    with pytest.raises(TableError) as refused:
        KINDS["pareto"].parse({}, columns, roles_of(columns))
    assert refused.value.reason == "no_category_columns"


CELLS = st.none() | st.integers(-1000, 10_000).map(lambda n: n / 4) | st.just(math.nan)


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), CELLS), max_size=30))
def test_any_pareto_is_the_plain_one(rows):
    frame = pl.DataFrame(rows, schema={"c": pl.String, "v": pl.Float64}, orient="row", strict=False)
    columns = (Column("c", "text", "category"), Column("v", "decimal", "measure"))
    result = ask("pareto", {}, frame, columns).result
    totals = defaultdict(float)
    for category, value in rows:
        if category is not None:
            totals[category] += 0 if value is None or math.isnan(value) else value
    expected = sorted(totals.items(), key=lambda pair: -pair[1])
    assert short(result) == expected
    total = sum(totals.values())
    assert result["total"] == pytest.approx(total)
    if not rows or total <= 0:
        assert result["vital_few_threshold"] is None
        return
    running, few = 0.0, None
    for place, (_, value) in enumerate(expected, start=1):
        running += value
        assert result["data"][place - 1]["metadata"]["cumulative"] == pytest.approx(running / total * 100)
        few = place if few is None and running * 5 >= total * 4 else few
    assert result["vital_few_threshold"] == few


@given(st.lists(st.tuples(CELLS, CELLS), max_size=20))
def test_wide_and_long_agree(rows):
    wide = pl.DataFrame(rows, schema={"KIDS": pl.Float64, "BAG": pl.Float64}, orient="row", strict=False)
    long = [("KIDS", a) for a, _ in rows] + [("BAG", b) for _, b in rows]
    assume(rows)
    one = ask("pareto", {}, wide, (Column("KIDS", "decimal"), Column("BAG", "decimal"))).result
    other = ask(
        "pareto",
        {},
        pl.DataFrame(long, schema={"c": pl.String, "v": pl.Float64}, orient="row", strict=False),
        (Column("c", "text", "category"), Column("v", "decimal", "measure")),
    ).result
    assert one == other
