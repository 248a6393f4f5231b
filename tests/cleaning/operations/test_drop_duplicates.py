import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaning.operations import parse
from tests.cleaning.operations.checking import applied, failing, frame, tables
from tests.cleaning.snippets import cells

TABLE = {"a": ("integer", [1, None, 1, None, 5, 6]), "t": ("text", ["x", None, "x", "", "X", "x "])}


@pytest.mark.parametrize(
    ("params", "rows"),
    [
        ({}, [0, 1, 3, 4, 5]),  # missing and empty text differ
        ({"keep": "last"}, [1, 2, 3, 4, 5]),
        ({"columns": ["a"]}, [0, 1, 4, 5]),
        ({"columns": ["a"], "keep": "last"}, [2, 3, 4, 5]),
        ({"columns": ["t"]}, [0, 1, 3, 4, 5]),
    ],
)
def test_rows_that_stay(params, rows):
    assert list(applied(*frame(**TABLE), "drop_duplicates", **params).frame.index) == rows


def test_long_integers_next_to_each_other_differ():
    done = applied(*frame(a=("integer", [2**62, 2**62 + 1, 2**62])), "drop_duplicates")
    assert cells(done.frame) == {"a": [2**62, 2**62 + 1]}


def test_columns_must_exist():
    assert failing(*frame(**TABLE), "drop_duplicates", columns=["a", "z"]) == "column_not_found"


@given(
    tables(["integer", "text", "boolean", "decimal", "datetime"], rows=(1, 8)),
    st.lists(st.integers(0, 7), max_size=12),
    st.sampled_from(["first", "last"]),
    st.integers(0, 3),
)
def test_as_a_walk_over_the_rows_finds_it(table, repeated, keep, looked):
    data, dtypes = table
    data = data.iloc[[*range(len(data)), *(place % len(data) for place in repeated)]].reset_index(drop=True)
    columns = list(data.columns)[:looked] or None
    rows = list(zip(*cells(data[columns] if columns else data).values(), strict=True))
    places = range(len(rows)) if keep == "first" else reversed(range(len(rows)))
    seen = {}
    for place in places:
        seen.setdefault(rows[place], place)
    done = applied(data, dtypes, "drop_duplicates", columns=columns, keep=keep)
    assert list(done.frame.index) == sorted(seen.values())


@pytest.mark.parametrize(("columns", "rows"), [(None, 3), (["a"], 4), (["t"], 6), (["a", "t"], None)])
def test_what_the_profile_can_tell(columns, rows):
    profile = {
        "rows": 10,
        "issues": [{"reason": "duplicate_rows", "details": {"rows": 3}}],
        "columns": [
            {"name": "a", "unique_count": 5, "missing_count": 2},
            {"name": "t", "unique_count": 4, "missing_count": 0},
        ],
    }
    assert parse("drop_duplicates", {"columns": columns}).estimate(profile).rows == rows
