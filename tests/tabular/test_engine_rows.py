"""Filters, order and pages against plain Python on tables with nulls, ties, NaN, infinities and huge integers."""

import math
import threading
from datetime import UTC, date, datetime, timedelta
from operator import eq, ge, gt, le, lt, ne

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabular.engines import pages
from tabular.engines.cells import json_rows
from tabular.query import Filter, Page, RowsQuery, Sort, parse_filters
from tabular.schema import Column
from tabular.values import ValueNotOfType
from tests.spec.tables import POLARS, drawn, stored

COLUMNS = tuple(Column(f"c {dtype}", dtype) for dtype in POLARS)
VALUES = {
    "text": st.sampled_from(["", "a", "A", "ab", "東京", "a.c", "=1", "é", "É"]),
    "integer": st.sampled_from([0, 1, -1, 2**53 + 1, 2**63 - 1, -(2**63), 7]),
    "decimal": st.sampled_from([0.0, 0.5, -2.0, math.nan, math.inf, -math.inf, 1e300, 0.1 + 0.2]),
    "boolean": st.booleans(),
    "date": st.sampled_from([date(2024, 2, 29), date(1, 1, 1), date(9999, 12, 31), date(2024, 1, 1)]),
    "datetime": st.sampled_from(
        [datetime(2024, 2, 29, 23, 59, 59, 999_999), datetime(2024, 1, 1), datetime(1950, 5, 5)]
    ),
}
ROWS = st.lists(st.tuples(*(st.none() | VALUES[column.dtype] for column in COLUMNS)), max_size=15)
COMPARE = {"eq": eq, "ne": ne, "gt": gt, "gte": ge, "lt": lt, "lte": le}


def table_of(rows):
    return pl.DataFrame(rows, schema={one.name: POLARS[one.dtype] for one in COLUMNS}, orient="row", strict=False)


def seen(cell):
    """NaN is the null that people see."""
    return None if isinstance(cell, float) and math.isnan(cell) else cell


def as_text(cell):
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
    return str(cell)


def matches(asked: Filter, cell) -> bool:
    cell = seen(cell)
    if asked.op in ("isnull", "notnull"):
        return (cell is None) == (asked.op == "isnull")
    if cell is None:
        return False
    if asked.op == "contains":
        return asked.value.lower() in as_text(cell).lower()
    if asked.op in ("startswith", "endswith"):
        return getattr(as_text(cell), asked.op)(asked.value)
    if asked.op in ("in", "notin"):
        return (cell in asked.value) == (asked.op == "in")
    if asked.op == "between":
        return asked.value[0] <= cell <= asked.value[1]
    return COMPARE[asked.op](cell, asked.value)


@st.composite
def asked_filters(draw):
    column = draw(st.sampled_from(COLUMNS))
    values = VALUES[column.dtype].filter(lambda cell: not isinstance(cell, float) or math.isfinite(cell))
    if column.dtype == "integer":
        values |= st.sampled_from([0.5, 2**70, -(2**70), 1.0])
    op = draw(st.sampled_from(["eq", "ne", "gt", "gte", "lt", "lte", "in", "notin", "between", "isnull", "notnull"]))
    if column.dtype in ("text", "integer") and draw(st.booleans()):
        op, values = (
            draw(st.sampled_from(["contains", "startswith", "endswith"])),
            st.sampled_from(["a", "A", ".", "1", ""]),
        )
    takes = {
        "in": st.lists(values).map(tuple),
        "notin": st.lists(values).map(tuple),
        "between": st.tuples(values, values),
    }
    none = op in ("isnull", "notnull")
    return Filter(column.name, op, None if none else draw(takes.get(op, values))).checked(COLUMNS)


@given(ROWS, st.lists(asked_filters(), max_size=2))
def test_filters_match_what_plain_python_matches(rows, filters):
    places = {column.name: at for at, column in enumerate(COLUMNS)}
    expected = [row for row in rows if all(matches(one, row[places[one.column]]) for one in filters)]
    query = RowsQuery(tuple(places), tuple(filters))
    with stored(table_of(rows), COLUMNS) as table:
        found, total = table.rows(query)
        assert table.count(filters) == total == len(expected)
    assert found.equals(table_of(expected))


def sort_key(cell, descending):
    cell = seen(cell)
    if cell is None:
        return (1, 0)
    return (0, cell)


def sorted_plainly(rows, sorts):
    """Stable: by the last key first; Python keeps ties in order, also with ``reverse``."""
    places = {column.name: at for at, column in enumerate(COLUMNS)}
    for one in reversed(sorts):
        at = places[one.column]
        known = [row for row in rows if seen(row[at]) is not None]
        known.sort(key=lambda row: row[at], reverse=one.descending)
        rows = known + [row for row in rows if seen(row[at]) is None]
    return rows


SORTS = st.lists(st.builds(Sort, st.sampled_from([one.name for one in COLUMNS]), st.booleans()), max_size=3)


@given(ROWS, SORTS, st.integers(1, 4), st.integers(1, 5), st.booleans())
def test_pages_are_slices_of_the_sorted_table(rows, sorts, number, size, deep):
    names = tuple(one.name for one in COLUMNS)
    ordered = sorted_plainly(rows, sorts)
    kept = pages._TOP
    pages._TOP = 0 if deep else kept
    try:
        with stored(table_of(rows), COLUMNS) as table:
            found, total = table.rows(RowsQuery(names, (), tuple(sorts), Page(number, size)))
            everything, _ = table.rows(RowsQuery(names, (), tuple(sorts)))
    finally:
        pages._TOP = kept
    assert total == len(rows)
    assert found.equals(table_of(ordered[(number - 1) * size : number * size]))
    assert everything.equals(table_of(ordered))


def test_columns_keep_the_asked_order_and_pages_end():
    frame, columns = drawn(
        """
        city:text | qty:integer
        東京      | 3
        大阪      |
        """
    )
    with stored(frame, columns) as table:
        assert table.rows(RowsQuery(("qty", "city"), page=Page(1, 1)))[0].columns == ["qty", "city"]
        past, total = table.rows(RowsQuery(("qty",), page=Page(10**12, 100)))
        assert (len(past), total) == (0, 2)


def test_contains_is_literal_and_knows_no_case():
    frame, columns = drawn(
        """
        name:text
        A.C
        abc
        (x)*
        ÀB
        """
    )
    with stored(frame, columns) as table:
        for text, expected in {"a.c": ["A.C"], "B": ["abc", "ÀB"], ")*": ["(x)*"], "àb": ["ÀB"]}.items():
            found, _ = table.rows(RowsQuery(("name",), parse_filters([f"name,contains,{text}"], columns)))
            assert found["name"].to_list() == expected


def test_columns_named_like_sql():
    name = '"; DROP TABLE x; --\n\\'
    frame = pl.DataFrame({name: [1, 2], "len": [3, 4], "*": [5, 6], "^a$": [7, 8]})
    columns = tuple(Column(one, "integer") for one in frame.columns)
    with stored(frame, columns) as table:
        found, _ = table.rows(RowsQuery(tuple(frame.columns), (Filter(name, "eq", 2),), (Sort("^a$", True), Sort("*"))))
        assert found.rows() == [(2, 4, 6, 8)]
        assert table.facets(list(frame.columns), 1)[name].unique == 2


def test_moments_with_and_without_zones():
    noon = datetime(2024, 3, 31, 12, tzinfo=UTC)
    frame = pl.DataFrame({"at": [noon, noon + timedelta(hours=1)]})
    columns = (Column("at", "datetime"),)
    with stored(frame, columns) as table:
        for text in ("2024-03-31T12:00:00", "2024-03-31T12:00:00Z", "2024-03-31T21:00:00+09:00"):
            found, _ = table.rows(RowsQuery(("at",), parse_filters([f"at,eq,{text}"], columns)))
            assert json_rows(found) == [{"at": "2024-03-31T12:00:00Z"}]
    with (
        stored(frame.with_columns(pl.col("at").dt.replace_time_zone(None)), columns) as table,
        pytest.raises(ValueNotOfType),
    ):
        table.rows(RowsQuery(("at",), parse_filters(["at,eq,2024-03-31T12:00:00Z"], columns)))


def test_json_rows_hold_no_nan():
    frame = pl.DataFrame({"x": [math.nan, math.inf, 1.0], "d": [date(2024, 1, 31), None, None]})
    assert json_rows(frame) == [{"x": None, "d": "2024-01-31"}, {"x": None, "d": None}, {"x": 1.0, "d": None}]


def test_facets_count_and_break_ties_by_appearance():
    frame, columns = drawn(
        """
        city:text | x:decimal
        b         | 1
        a         | 2
        a         |
        b         | 2
                  | nan
        c         | 3
        """
    )
    with stored(frame, columns) as table:
        facets = table.facets(["city", "x"], 2)
        assert (facets["city"].values, facets["city"].unique, facets["city"].missing) == ([("b", 2), ("a", 2)], 3, 1)
        assert (facets["x"].values, facets["x"].missing) == ([(2.0, 2), (1.0, 1)], 2)
        assert table.facets(["city"], 9, parse_filters(["x,gte,2"], columns))["city"].values == [
            ("a", 1),
            ("b", 1),
            ("c", 1),
        ]


def test_an_empty_table():
    frame, columns = drawn("a:text | n:integer")
    with stored(frame, columns) as table:
        assert table.rows(RowsQuery(("n", "a"), (), (Sort("n"),), Page()))[1] == 0
        assert list(table.scan_batches(RowsQuery(("n",), (), (Sort("n"),)))) == []
        assert table.facets(["a"], 5)["a"].values == []


def test_a_megabyte_of_values_in_one_filter():
    frame = pl.DataFrame({"n": list(range(100))})
    columns = (Column("n", "integer"),)
    asked = parse_filters(["n,in," + "|".join(map(str, range(50, 150_000)))], columns)
    with stored(frame, columns) as table:
        assert table.count(asked) == 50


def test_a_replaced_file_is_read_again(tmp_path):
    frame, columns = drawn("n:integer\n1")
    with stored(frame, columns) as table:
        assert len(table) == 1
        pl.DataFrame({"n": [1, 2, 3]}).write_parquet(table.path)
        assert (len(table), table.count([Filter("n", "gt", 1)])) == (3, 2)


def test_many_threads_get_the_same_answer():
    frame = pl.DataFrame({"n": list(range(1000)), "s": ["x", "y"] * 500})
    columns = (Column("n", "integer"), Column("s", "text"))
    query = RowsQuery(("n",), (Filter("s", "eq", "y"),), (Sort("n", True),), Page(2, 10))
    found = []
    with stored(frame, columns, row_group_size=100) as table:
        threads = [threading.Thread(target=lambda: found.append(table.rows(query))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(found) == 8
    assert all(total == 500 and page["n"].to_list() == list(range(979, 959, -2)) for page, total in found)
