import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import OrdinalEncoder

from cleaning.engine.running import Step, run
from cleaning.operations import InvalidStep, parse
from tests.cleaning.operations.checking import applied, failing, frame, tables
from tests.cleaning.snippets import cells


def test_values_are_numbered_as_they_sort():
    table = frame(
        t=("text", ["b", None, "a", "B"]), n=("integer", [10, 9, None, 10]), b=("boolean", [True, False, None, True])
    )
    done = applied(*table, "ordinal_encode", columns=["t", "n", "b"])
    assert cells(done.frame) == {"t": [2, None, 1, 0], "n": [1, 0, None, 1], "b": [1, 0, None, 1]}
    assert set(done.dtypes.values()) == {"integer"}


def test_a_given_order_counts_also_for_values_that_do_not_occur():
    table = frame(size=("text", ["L", None, "S"]), n=("integer", [7, 5, None]), b=("boolean", [True, False, None]))
    order = {"size": ["S", "M", "L"], "n": [7, 6, 5], "b": [True, False]}
    done = applied(*table, "ordinal_encode", columns=["size", "n", "b"], categories=order)
    assert cells(done.frame) == {"size": [2, None, 0], "n": [0, 2, None], "b": [0, 1, None]}


def test_a_column_without_an_order_beside_one_that_has_it():
    table = frame(a=("text", ["y", "x"]), b=("text", ["y", "x"]))
    done = applied(*table, "ordinal_encode", columns=["a", "b"], categories={"a": ["y", "x"]})
    assert cells(done.frame) == {"a": [0, 1], "b": [1, 0]}


def test_values_that_come_later_become_missing():
    operation = parse("ordinal_encode", {"columns": ["t"]})
    fitted = run(*frame(t=("text", ["b", "a"])), [Step(1, operation)]).done[0].fitted
    later = run(*frame(t=("text", ["c", "b", None, "a"])), [Step(1, operation, fitted)])
    assert cells(later.frame) == {"t": [None, 1, None, 0]}


def test_integers_beyond_decimals_are_told_apart():
    data, dtypes = frame(n=("integer", [2**62 + 1, None, 2**62]))
    done = run(data, dtypes, [Step(1, parse("ordinal_encode", {"columns": ["n"]}))])
    assert cells(done.frame) == {"n": [1, None, 0]}


def test_refusals():
    table = frame(t=("text", ["a", "b"]), x=("decimal", [1.0, 2.0]))
    assert failing(*table, "ordinal_encode", columns=["x"]) == "column_has_wrong_type"
    assert failing(*table, "ordinal_encode", columns=["t"], categories={"t": ["a"]}) == "value_not_listed"
    assert failing(*table, "ordinal_encode", columns=["t"], categories={"t": ["a", 1]}) == "value_not_of_column"
    flags = frame(b=("boolean", [True, False]))
    assert failing(*flags, "ordinal_encode", columns=["b"], categories={"b": [0, 1]}) == "value_not_of_column"


@pytest.mark.parametrize(
    "categories", [{"other": ["a"]}, {"t": []}, {"t": ["a", "a"]}, {"t": [1.5]}, {"t": [None]}, {"t": "abc"}]
)
def test_orders_that_make_no_sense(categories):
    with pytest.raises(InvalidStep):
        parse("ordinal_encode", {"columns": ["t"], "categories": categories})


def test_too_many_values_are_not_remembered():
    data, dtypes = frame(n=("integer", range(100_001)))
    assert failing(data, dtypes, "ordinal_encode", columns=["n"]) == "too_many_categories"


@given(tables(["text", "integer", "boolean"]))
@settings(max_examples=40)
def test_as_the_snippet_has_it(table):
    data, dtypes = table
    applied(data, dtypes, "ordinal_encode", columns=list(data.columns))


@given(tables(["text", "integer", "boolean"]), st.randoms())
@settings(max_examples=40)
def test_given_orders_as_the_snippet_has_them(table, random):
    data, dtypes = table
    orders = {}
    for name in data.columns:
        values = data[name].dropna().unique().tolist()
        random.shuffle(values)
        if values:
            orders[name] = values
    done = applied(data, dtypes, "ordinal_encode", columns=list(data.columns), categories=orders or None)
    for name, order in orders.items():
        then, now = cells(data)[name], cells(done.frame)[name]
        plain = [one[1] if isinstance(one, tuple) else one for one in then]
        assert now == [None if one is None else order.index(one) for one in plain]


@given(tables(["text", "integer"], nulls=False))
def test_as_scikit_learn_has_it(table):
    data, dtypes = table
    done = run(data, dtypes, [Step(1, parse("ordinal_encode", {"columns": list(data.columns)}))])
    given_as = np.array(list(zip(*(data[name].tolist() for name in data.columns), strict=True)), dtype=object)
    assert (done.frame.to_numpy(dtype="float64") == OrdinalEncoder().fit_transform(given_as)).all()


def test_what_the_profile_can_say():
    column = {"name": "t", "dtype": "text", "missing_count": 2, "unique_count": 4}
    profile = {"rows": 9, "columns": [column, column | {"name": "n", "dtype": "integer"}]}
    assert parse("ordinal_encode", {"columns": ["t"]}).estimate(profile).cells == 7
    assert parse("ordinal_encode", {"columns": ["t", "n"]}).estimate(profile).cells is None
