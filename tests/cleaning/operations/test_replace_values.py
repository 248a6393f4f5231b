from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaning.engine.running import Step, run
from cleaning.operations import OPERATIONS, InvalidStep, Outline, parse
from tests.cleaning.operations.checking import NAMES, VALUES, applied, failing, frame
from tests.cleaning.snippets import cells, ran


def replaced(dtype, values, *pairs):
    replacements = [{"from": old, "to": new} for old, new in pairs]
    done = applied(*frame(c=(dtype, values)), "replace_values", columns=["c"], replacements=replacements)
    return [one[1] if isinstance(one, tuple) else one for one in cells(done.frame)["c"]]


@pytest.mark.parametrize(
    ("dtype", "values", "pairs", "expected"),
    [
        ("text", ["a", "A", "a ", None, ""], [("a", "b")], ["b", "A", "a ", None, ""]),
        ("text", ["a", "b", "c"], [("a", "b"), ("b", "a")], ["b", "a", "c"]),  # no chaining: a swap
        ("text", ["a", None, ""], [("a", None), (None, "?"), ("", None)], [None, "?", None]),
        ("text", ["a", "b"], [("a", "x"), ("a", "y")], ["x", "b"]),  # the first counts
        ("text", ["1", "True", "nan", None], [("1", "0"), ("nan", "no")], ["0", "True", "no", None]),
        ("integer", [1, -999, None, 2], [(-999, None), (1, 2)], [2, None, None, 2]),
        ("integer", [1, 2, None], [(None, 0), (1, 2), (2, 1)], [2, 1, 0]),
        ("integer", [1, 0], [(5, 6)], [1, 0]),
        ("integer", [2**62 + 1, 2**62], [(2**62, 0)], [2**62 + 1, 0]),
        ("decimal", [0.5, 1.0, -0.0, None], [(1, 2.5), (0, 7), (None, 1)], [0.5, 2.5, 7, 1]),
        ("boolean", [True, False, None], [(True, False), (False, True)], [False, True, None]),
        ("boolean", [True, False, None], [(None, False), (False, None)], [True, None, False]),
        ("boolean", [True, True], [(True, None)], [None, None]),
        ("integer", [7, 7], [(7, None), (None, 1)], [None, None]),
        ("text", ["x", "y"], [(None, None)], ["x", "y"]),
    ],
)
def test_cells_by_hand(dtype, values, pairs, expected):
    assert replaced(dtype, values, *pairs) == expected


def test_days_and_moments():
    days = replaced("date", ["1900-01-01", "2024-02-29", None], ("1900-01-01", None), (None, "2024-03-01"))
    assert days == [None, datetime(2024, 2, 29), datetime(2024, 3, 1)]
    moments = replaced(
        "datetime", ["2024-01-31T15:04:05", "2024-01-31"], ("2024-01-31T15:04:05", "1400-01-01T00:00:01")
    )
    assert moments == [datetime(1400, 1, 1, 0, 0, 1), datetime(2024, 1, 31)]


def test_moments_with_an_offset():
    data = pd.DataFrame({"c": pd.to_datetime(["2024-01-31T15:04:05Z", "2024-02-01T00:00:00Z", None]).as_unit("us")})
    replacements = [
        {"from": "2024-02-01T00:00:00+09:00", "to": None},
        {"from": None, "to": "2024-05-01T09:00:00+09:00"},
        {"from": "2024-01-31T15:04:05Z", "to": "2024-01-31T16:04:05Z"},
    ]
    operation = parse("replace_values", {"columns": ["c"], "replacements": replacements})
    done = run(data, {"c": "datetime"}, [Step(1, operation)])
    expected = [datetime(2024, 1, 31, 16, 4, 5, tzinfo=UTC), datetime(2024, 2, 1, tzinfo=UTC),
                datetime(2024, 5, 1, tzinfo=UTC)]  # fmt: skip
    assert cells(done.frame)["c"] == expected
    assert cells(ran(data, operation.snippet(Outline({"c": "datetime"}))))["c"] == expected
    zoneless = [{"from": "2024-01-31T15:04:05", "to": None}]
    assert (
        failing(data, {"c": "datetime"}, "replace_values", columns=["c"], replacements=zoneless)
        == "value_not_of_column"
    )
    plain = frame(c=("datetime", ["2024-01-31T15:04:05"]))
    zoned = [{"from": "2024-01-31T15:04:05Z", "to": None}]
    assert failing(*plain, "replace_values", columns=["c"], replacements=zoned) == "value_not_of_column"


@pytest.mark.parametrize(
    ("dtype", "value"),
    [
        ("integer", "1"), ("integer", 1.0), ("integer", True), ("integer", 2**63), ("decimal", "1"), ("decimal", False),
        ("decimal", 2**53 + 1), ("decimal", 10**400), ("boolean", 1), ("boolean", "True"), ("text", 1), ("text", False),
        ("date", "2024-13-01"), ("date", "2024-01-31T01:00:00"), ("date", "today"), ("date", 20240131),
        ("datetime", "05.01.2024"),
    ],
)  # fmt: skip
def test_values_of_another_type_are_refused(dtype, value):
    table = frame(c=(dtype, [None]))
    for pair in ({"from": value, "to": None}, {"from": None, "to": value}):
        assert failing(*table, "replace_values", columns=["c"], replacements=[pair]) == "value_not_of_column"


def test_other_refusals():
    one = [{"from": "a", "to": "b"}]
    both = frame(t=("text", ["a"]), n=("integer", [1]))
    assert failing(*both, "replace_values", columns=["t", "n"], replacements=one) == "value_not_of_column"
    assert failing(*both, "replace_values", columns=["z"], replacements=one) == "column_not_found"
    for wrong in ([], [{"from": "a"}], [{"to": "a"}], [{"from": "a", "to": []}], [{"old": "a", "new": "b"}],
                  [{"from": float("nan"), "to": 1}], [{"from": 1, "to": 2, "note": ""}], ["a"]):  # fmt: skip
        with pytest.raises(InvalidStep):
            parse("replace_values", {"columns": ["t"], "replacements": wrong})


def test_plans_and_the_schema_say_from_and_to():
    params = {"columns": ["t"], "replacements": [{"from": True, "to": 1.0}, {"from": 1, "to": None}]}
    assert repr(parse("replace_values", params).params()) == repr(params)  # true is not 1, 1.0 not 1
    schema = OPERATIONS["replace_values"].model_json_schema()
    assert set(schema["$defs"]["Replacement"]["properties"]) == {"from", "to"}


def test_many_replacements_over_several_columns():
    values = [f"v{n % 700}" for n in range(3000)]
    pairs = [{"from": f"v{n}", "to": f"v{(n + 1) % 500}"} for n in range(500)]
    table = frame(a=("text", values), b=("text", values[::-1]))
    done = applied(*table, "replace_values", columns=["a", "b"], replacements=pairs)
    wanted = [f"v{(int(one[1:]) + 1) % 500}" if int(one[1:]) < 500 else one for one in values]
    assert cells(done.frame) == {"a": wanted, "b": wanted[::-1]}

    emptied = [{"from": f"v{n}", "to": None} for n in range(700)] + [{"from": None, "to": "?"}]
    done = applied(*frame(a=("text", [*values[:99], None])), "replace_values", columns=["a"], replacements=emptied)
    assert cells(done.frame) == {"a": [None] * 99 + ["?"]}


@given(st.sampled_from(["integer", "decimal", "boolean", "text", "date"]), st.sampled_from(NAMES), st.data())
def test_as_a_walk_over_the_cells_does_it(dtype, name, data):
    value = VALUES[dtype] | st.none()
    known = data.draw(st.lists(value, min_size=1, max_size=5))
    values = data.draw(st.lists(st.sampled_from(known) | value, min_size=1, max_size=10))
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(known) | value, st.sampled_from(known) | value), min_size=1))
    plain = (lambda day: day and day.date().isoformat()) if dtype == "date" else (lambda one: one)
    done = applied(
        *frame(**{name: (dtype, values)}),
        "replace_values",
        columns=[name],
        replacements=[{"from": plain(old), "to": plain(new)} for old, new in pairs],
    )
    wanted = [next((new for old, new in pairs if old == one), one) for one in values]
    assert cells(done.frame) == cells(frame(**{name: (dtype, wanted)})[0])


@pytest.mark.parametrize(
    ("columns", "pairs", "changed"),
    [
        (["t"], [("a", "b"), ("a", "c"), ("q", "b")], 4),
        (["t"], [("b", "b"), (None, "?")], 3),
        (["t", "f"], [(None, None)], 0),
        (["f"], [(True, False)], 6),
        (["n"], [(1, 2)], None),
        (["n"], [(None, 2)], 5),
        (["many"], [("a", "b")], None),
    ],
)
def test_what_the_profile_can_tell(columns, pairs, changed):
    columns_of_profile = [
        {"name": "t", "missing_count": 3, "unique_count": 2, "statistics": {"value_counts": {"a": 4, "b": 1}}},
        {"name": "f", "missing_count": 0, "unique_count": 2, "statistics": {"value_counts": {"true": 6, "false": 2}}},
        {"name": "n", "missing_count": 5, "unique_count": 2, "statistics": {"mean": 1.5}},
        {"name": "many", "missing_count": 0, "unique_count": 25, "statistics": {"value_counts": {"a": 4}}},
    ]
    params = {"columns": columns, "replacements": [{"from": old, "to": new} for old, new in pairs]}
    assert parse("replace_values", params).estimate({"rows": 8, "columns": columns_of_profile}).cells == changed


def test_a_column_called_self():
    table = frame(self=("text", ["a", "b"]))
    done = applied(*table, "replace_values", columns=["self"], replacements=[{"from": "a", "to": None}])
    assert cells(done.frame) == {"self": [None, "b"]}
