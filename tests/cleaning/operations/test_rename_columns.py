import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaning.operations import InvalidStep, Outline, parse
from cleaning.operations.operation import ColumnExists
from tests.cleaning.operations.checking import NAMES, applied, failing, frame, tables
from tests.cleaning.snippets import cells

TABLE = {"a": ("integer", [1, None]), "b": ("text", ["x", "y"]), "c": ("boolean", [True, None])}


def test_columns_swap_and_keep_their_places():
    done = applied(*frame(**TABLE), "rename_columns", names={"a": "b", "b": "a"})
    assert list(cells(done.frame).items())[:2] == [("b", [1, None]), ("a", ["x", "y"])]
    change = done.done[0].change
    assert change.columns_renamed == {"a": "b", "b": "a"}
    assert (change.cells_changed, change.columns_added, change.columns_removed) == (0, [], [])
    assert done.dtypes == {"b": "integer", "a": "text", "c": "boolean"}
    assert done.done[0].risks == []


def test_names_move_round_in_a_ring():
    done = applied(*frame(**TABLE), "rename_columns", names={"a": "b", "b": "c", "c": "a"})
    assert list(done.frame.columns) == ["b", "c", "a"]


def test_names_that_are_taken_are_refused():
    table = frame(**TABLE)
    assert failing(*table, "rename_columns", names={"a": "c"}) == "column_exists"
    assert failing(*table, "rename_columns", names={"z": "y"}) == "column_not_found"
    for names in ({"a": "z", "b": "z"}, {}, {"a": ""}, {"a": 1}):
        with pytest.raises(InvalidStep):
            parse("rename_columns", {"names": names})


def test_what_is_unsure_stays_unsure_under_another_name():
    before = Outline({"a": "integer", "b": "text"}, ("color_",), frozenset({"a"}))
    after = parse("rename_columns", {"names": {"a": "b", "b": "n", "color_red": "red"}}).outline(before)
    assert list(after.columns.items()) == [("b", "integer"), ("n", "text")]
    assert after.uncertain == {"b"}
    assert after.dtype("red") is None
    assert after.dtype("color_blue") is None
    with pytest.raises(ColumnExists):
        parse("rename_columns", {"names": {"color_red": "a"}}).outline(before)


@given(tables(["integer", "text", "boolean", "decimal"]), st.permutations([*NAMES, "new"]), st.integers(1, 4))
def test_any_names_for_any(table, others, count):
    data, dtypes = table
    names = dict(zip(list(data.columns)[:count], others, strict=False))
    if set(names.values()) & set(data.columns[count:]):
        assert failing(data, dtypes, "rename_columns", names=names) == "column_exists"
        return
    done = applied(data, dtypes, "rename_columns", names=names)
    assert list(done.frame.columns) == [names.get(name, name) for name in data.columns]
    assert list(cells(done.frame).values()) == list(cells(data).values())
