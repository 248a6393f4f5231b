"""Questions as URL text and as JSON: read, refused, written back."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabular.errors import TableError
from tabular.query import (
    OPERATORS,
    Aggregate,
    Bucket,
    Filter,
    Page,
    RowsQuery,
    Sort,
    parse_columns,
    parse_filters,
    parse_sort,
)
from tabular.schema import Column

COLUMNS = (
    Column("city", "text"),
    Column("qty", "integer"),
    Column("price", "decimal"),
    Column("day", "date"),
    Column("at", "datetime"),
    Column("ok", "boolean"),
    Column("a,b", "text"),
    Column("-x", "integer"),
)


def one(text: str) -> Filter:
    return parse_filters([text], COLUMNS)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("city,eq,Tokyo, Japan", Filter("city", "eq", "Tokyo, Japan")),
        ("city,eq,", Filter("city", "eq", "")),
        ("qty,gt,5", Filter("qty", "gt", 5)),
        ("qty,gt,2.5", Filter("qty", "gt", 2.5)),
        ("price,lte,1e3", Filter("price", "lte", 1000)),
        ("qty,in,1|2|3", Filter("qty", "in", (1, 2, 3))),
        ("city,notin,a|b", Filter("city", "notin", ("a", "b"))),
        ("day,between,2024-01-01|2024-02-29", Filter("day", "between", (date(2024, 1, 1), date(2024, 2, 29)))),
        ("at,gte,2024-01-31T15:04:05", Filter("at", "gte", datetime(2024, 1, 31, 15, 4, 5))),
        ("at,gte,2024-01-31", Filter("at", "gte", datetime(2024, 1, 31))),
        ("ok,eq,TRUE", Filter("ok", "eq", True)),
        ("qty,isnull", Filter("qty", "isnull")),
        ("qty,contains,1", Filter("qty", "contains", "1")),
        ('{"col": "a,b", "op": "in", "val": ["a|b", "c"]}', Filter("a,b", "in", ("a|b", "c"))),
        ('{"col": "qty", "op": "eq", "val": 7}', Filter("qty", "eq", 7)),
        ('{"col": "ok", "op": "ne", "val": false}', Filter("ok", "ne", False)),
    ],
)
def test_filters_are_read_by_the_columns_type(text, expected):
    found = one(text)
    assert found == expected
    assert type(found.value) is type(expected.value)


@pytest.mark.parametrize(
    ("text", "reason", "details"),
    [
        ("town,eq,x", "column_not_found", {"column": "town", "columns": [column.name for column in COLUMNS]}),
        ("city,like,x", "unknown_operator", {"operator": "like", "operators": list(OPERATORS)}),
        ("qty,eq,abc", "value_not_of_type", {"column": "qty", "dtype": "integer", "value": "abc"}),
        ("qty,eq,", "value_not_of_type", {"column": "qty", "dtype": "integer", "value": ""}),
        ("qty,eq,nan", "value_not_of_type", {"column": "qty", "dtype": "integer", "value": "nan"}),
        ("price,eq,1e999", "value_not_of_type", None),
        ("price,eq,１２", "value_not_of_type", None),
        ("day,eq,2024-02-30", "value_not_of_type", None),
        ("day,eq,2024-1-5", "value_not_of_type", None),
        ("at,eq,yesterday", "value_not_of_type", None),
        ("ok,eq,1", "value_not_of_type", None),
        ("qty,in,1|x", "value_not_of_type", {"column": "qty", "dtype": "integer", "value": "x"}),
        ("qty,between,1", "invalid_filter", None),
        ("qty,between,1|2|3", "invalid_filter", None),
        ("qty", "invalid_filter", None),
        ("qty,eq", "invalid_filter", None),
        (",eq,1", "invalid_filter", None),
        ("", "invalid_filter", None),
        ("qty,isnull,yes", "invalid_filter", None),
        ('{"col": "qty", "op": "eq"}', "invalid_filter", None),
        ('{"col": "qty", "op": "eq", "val": [1]}', "invalid_filter", None),
        ('{"col": "qty", "op": "in", "val": 1}', "invalid_filter", None),
        ('{"col": "qty", "op": "in", "val": [null]}', "invalid_filter", None),
        ('{"col": 1, "op": "eq", "val": 1}', "invalid_filter", None),
        ('{"col": "city", "op": "eq", "val": 1}', "value_not_of_type", None),
        ('{"col": "qty", "op": "eq", "val": true}', "value_not_of_type", None),
        ('{"col": "city", "op": "contains", "val": 5}', "value_not_of_type", None),
    ],
)
def test_what_cant_be_asked_is_refused_by_name(text, reason, details):
    with pytest.raises(TableError) as refused:
        one(text)
    assert refused.value.reason == reason
    assert details is None or refused.value.details == details


def test_a_thousand_filters_are_refused():
    with pytest.raises(TableError) as refused:
        parse_filters(["qty,eq,1"] * 1000, COLUMNS)
    assert refused.value.reason == "too_many_filters"


def test_deeply_nested_json_is_no_filter():
    with pytest.raises(TableError):
        one('{"col":' + "[" * 100_000)


def test_sorts_and_columns():
    assert parse_sort("qty,-city", COLUMNS) == (Sort("qty"), Sort("city", True))
    assert parse_sort("qty,-qty", COLUMNS) == (Sort("qty"),)
    assert parse_sort('[{"col": "-x", "desc": true}]', COLUMNS) == (Sort("-x", True),)
    assert parse_sort("", COLUMNS) == ()
    assert parse_columns("day,qty,day", COLUMNS) == ("day", "qty")
    assert parse_columns('["a,b"]', COLUMNS) == ("a,b",)
    assert parse_columns(None, COLUMNS) == tuple(column.name for column in COLUMNS)


@pytest.mark.parametrize("text", ["nope", "qty,,city", '[{"col": 5}]', '["qty"]', '[{"col":"qty","desc":"yes"}]'])
def test_bad_sorts_are_refused(text):
    with pytest.raises(TableError) as refused:
        parse_sort(text, COLUMNS)
    assert refused.value.reason in ("column_not_found", "invalid_sort")


@pytest.mark.parametrize(
    ("page", "size"), [("0", "50"), ("-1", "50"), ("x", "50"), ("1", "0"), ("1", "101"), ("1.5", "1"), ("１", "1")]
)
def test_pages_have_bounds(page, size):
    with pytest.raises(TableError) as refused:
        Page.from_text(page, size)
    assert refused.value.reason == "invalid_page"


def test_pages():
    assert Page.from_text(None, None) == Page(1, 50)
    assert Page.from_text("1000000000000", "100").offset == 99_999_999_999_900


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SCALARS = {
    "text": TEXT,
    "integer": st.integers(-(2**70), 2**70),
    "decimal": st.floats(allow_nan=False, allow_infinity=False) | st.integers(),
    "boolean": st.booleans(),
    "date": st.dates(),
    "datetime": st.datetimes(),
}


@st.composite
def filters(draw):
    column = draw(st.sampled_from(COLUMNS))
    op = draw(st.sampled_from(list(OPERATORS)))
    values = TEXT if op in ("contains", "startswith", "endswith") else SCALARS[column.dtype]
    takes = {
        "none": st.none(),
        "one": values,
        "pair": st.tuples(values, values),
        "list": st.lists(values, max_size=4).map(tuple),
    }
    return Filter(column.name, op, draw(takes[OPERATORS[op]]))


@given(filters())
def test_a_checked_filter_survives_json(asked):
    checked = asked.checked(COLUMNS)
    assert Filter.from_dict(checked.to_dict()).checked(COLUMNS) == checked
    assert checked.checked(COLUMNS) == checked


@given(
    st.lists(st.sampled_from([column.name for column in COLUMNS]), unique=True).map(tuple),
    st.lists(filters(), max_size=3),
    st.lists(st.builds(Sort, st.sampled_from([column.name for column in COLUMNS]), st.booleans()), max_size=3),
    st.none() | st.builds(Page, st.integers(1, 10**12), st.integers(1, 100)),
)
def test_a_rows_query_survives_json(columns, asked, sort, page):
    query = RowsQuery(columns, tuple(asked), tuple(sort), page).checked(COLUMNS)
    assert RowsQuery.from_dict(query.to_dict()).checked(COLUMNS) == query


def test_aggregates_and_buckets_survive_json():
    for value in (Aggregate("qty", "mean"), Aggregate(None, "count"), Bucket("day", "week")):
        assert type(value).from_dict(value.to_dict()) == value
