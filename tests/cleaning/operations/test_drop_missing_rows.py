import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaning.operations import parse
from tests.cleaning.operations.checking import applied, failing, frame, tables
from tests.cleaning.snippets import cells

TABLE = {"a": ("integer", [1, None, None, 4]), "t": ("text", ["", "x", None, None]), "d": ("date", [None] * 4)}


@pytest.mark.parametrize(
    ("params", "rows"),
    [
        ({"columns": ["a"]}, [0, 3]),
        ({"columns": ["t"]}, [0, 1]),  # empty text is a value
        ({"columns": ["a", "t"]}, [0]),
        ({"columns": ["a", "t"], "how": "all"}, [0, 1, 3]),
        ({"how": "all"}, [0, 1, 3]),
    ],
)
def test_rows_that_stay(params, rows):
    assert list(applied(*frame(**TABLE), "drop_missing_rows", **params).frame.index) == rows


def test_a_table_of_which_no_row_is_whole_is_refused():
    assert failing(*frame(**TABLE), "drop_missing_rows") == "no_row_left"
    assert failing(*frame(**TABLE), "drop_missing_rows", columns=["a", "z"]) == "column_not_found"


@given(
    tables(["integer", "text", "boolean", "decimal", "datetime"]), st.sampled_from(["any", "all"]), st.integers(0, 5)
)
def test_as_a_walk_over_the_rows_finds_it(table, how, looked):
    data, dtypes = table
    columns = list(data.columns)[:looked] or None
    judge = any if how == "any" else all
    values = cells(data[columns] if columns else data)
    stay = [
        row for place, row in enumerate(data.index) if not judge(column[place] is None for column in values.values())
    ]
    if stay:
        done = applied(data, dtypes, "drop_missing_rows", columns=columns, how=how)
        assert list(done.frame.index) == stay
    else:
        assert failing(data, dtypes, "drop_missing_rows", columns=columns, how=how) == "no_row_left"


@pytest.mark.parametrize(
    ("params", "rows"),
    [
        ({"columns": ["a"]}, 2),
        ({"columns": ["a", "full"]}, 2),
        ({"columns": ["full"]}, 0),
        ({"columns": ["a", "t"]}, None),
        ({"columns": ["a", "t"], "how": "all"}, None),
        ({"columns": ["a"], "how": "all"}, 2),
        ({"columns": ["a", "full"], "how": "all"}, 0),
        ({}, None),
        ({"how": "all"}, 0),
    ],
)
def test_what_the_profile_can_tell(params, rows):
    counts = {"a": 2, "t": 1, "full": 0}
    profile = {"rows": 4, "columns": [{"name": name, "missing_count": count} for name, count in counts.items()]}
    assert parse("drop_missing_rows", params).estimate(profile).rows == rows
