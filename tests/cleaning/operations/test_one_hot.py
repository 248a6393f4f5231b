import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import OneHotEncoder

from cleaning.engine.running import Step, StepFailed, run
from cleaning.operations import Outline, parse
from tests.cleaning.operations.checking import applied, failing, frame, tables
from tests.cleaning.snippets import cells


def test_new_columns_stand_behind_the_others_in_the_order_of_values():
    table = frame(color=("text", ["red", None, "blue", "red"]), n=("integer", [1, 2, 3, 4]))
    done = applied(*table, "one_hot", columns=["color"])
    assert list(done.frame.columns) == ["n", "color_blue", "color_red"]
    assert cells(done.frame) == {"n": [1, 2, 3, 4], "color_blue": [0, 0, 1, 0], "color_red": [1, 0, 0, 1]}
    assert done.dtypes == {"n": "integer", "color_blue": "integer", "color_red": "integer"}


def test_integers_and_booleans_are_named_as_they_read():
    big = 2**53 - 1
    table = frame(n=("integer", [10, 9, None, big]), b=("boolean", [True, None, False, True]))
    done = applied(*table, "one_hot", columns=["n", "b"], missing=True)
    assert cells(done.frame) == {
        "n_10": [1, 0, 0, 0],
        "n_9": [0, 1, 0, 0],
        f"n_{big}": [0, 0, 0, 1],
        "n_missing": [0, 0, 1, 0],
        "b_False": [0, 0, 1, 0],
        "b_True": [1, 0, 0, 1],
        "b_missing": [0, 1, 0, 0],
    } and list(done.frame.columns)[:2] == ["n_10", "n_9"], "as text, 10 comes before 9"


def test_integers_beyond_decimals_keep_columns_of_their_own():
    data, dtypes = frame(n=("integer", [2**53, 2**53 + 1, None]))
    done = run(data, dtypes, [Step(1, parse("one_hot", {"columns": ["n"]}))])
    assert cells(done.frame) == {f"n_{2**53}": [1, 0, 0], f"n_{2**53 + 1}": [0, 1, 0]}


def test_the_first_value_can_be_left_out():
    table = frame(t=("text", ["b", "a", None, "c"]))
    done = applied(*table, "one_hot", columns=["t"], drop_first=True, missing=True)
    assert cells(done.frame) == {"t_b": [1, 0, 0, 0], "t_c": [0, 0, 0, 1], "t_missing": [0, 0, 1, 0]}
    only = frame(t=("text", ["a", "a"]))
    assert failing(*only, "one_hot", columns=["t"], drop_first=True) == "no_column_left"


def test_later_files_get_the_same_columns():
    operation = parse("one_hot", {"columns": ["t"]})
    fitted = run(*frame(t=("text", ["b", "a"])), [Step(1, operation)]).done[0].fitted
    assert fitted == {"categories": {"t": ["a", "b"]}}
    later = run(*frame(t=("text", ["c", "b", None])), [Step(1, operation, fitted)])
    assert cells(later.frame) == {"t_a": [0, 0, 0], "t_b": [0, 1, 0]}


def test_refusals():
    many = frame(t=("text", ["a", "b", "c"]))
    assert failing(*many, "one_hot", columns=["t"], max_categories=2) == "max_categories_exceeded"
    assert failing(*frame(x=("decimal", [1.0])), "one_hot", columns=["x"]) == "column_has_wrong_type"
    assert failing(*frame(t=("text", [None])), "one_hot", columns=["t"]) == "column_without_values"
    assert failing(*frame(t=("text", ["x" * 999])), "one_hot", columns=["t"]) == "category_too_long"
    taken = frame(t=("text", ["a"]), t_a=("integer", [1]))
    assert failing(*taken, "one_hot", columns=["t"]) == "column_exists"
    alike = frame(t=("text", ["a_b"]), t_a=("text", ["b"]))
    assert failing(*alike, "one_hot", columns=["t", "t_a"]) == "column_exists"
    assert failing(*frame(t=("text", ["missing"])), "one_hot", columns=["t"], missing=True) == "column_exists"
    flagged = frame(t=("text", ["a"]), t_missing=("integer", [1]))
    assert failing(*flagged, "one_hot", columns=["t"], missing=True) == "column_exists"


def test_the_count_and_the_way_out_are_named():
    data, dtypes = frame(t=("text", [f"v{number}" for number in range(60)]))
    with pytest.raises(StepFailed) as refusal:
        run(data, dtypes, [Step(1, parse("one_hot", {"columns": ["t"]}))])
    message = refusal.value.details["message"] % refusal.value.details["details"]
    assert "60" in message and "50" in message and "group_rare" in message


def test_later_steps_may_name_the_new_columns():
    outline = parse("one_hot", {"columns": ["t"], "missing": True}).outline(Outline({"t": "text"}))
    assert outline.dtype("t_x") is None
    assert outline.dtype("t_missing") == "integer"
    for name in ("scale", "bin", "log_transform", "one_hot", "ordinal_encode", "frequency_encode"):
        made = parse(name, {"columns": ["t_x"]})
        assert made.outline(outline)
        assert '"t_x"' in made.snippet(outline)


@given(tables(["text", "integer", "boolean"]), st.booleans(), st.booleans())
@settings(max_examples=40)
def test_as_the_snippet_has_it(table, drop_first, missing):
    data, dtypes = table
    assume(all(data[name].notna().any() for name in data.columns))
    names = list(data.columns)
    made = [name + "_missing" for name in names] if missing else []
    for name in names:
        made += [f"{name}_{value}" for value in data[name].dropna().unique().tolist()]
    assume(len(set(made)) == len(made))
    assume(not drop_first or missing or any(data[name].nunique() > 1 for name in names))
    applied(data, dtypes, "one_hot", columns=names, drop_first=drop_first, missing=missing)


@given(tables(["text", "integer"], nulls=False), st.booleans())
def test_as_scikit_learn_has_it(table, drop_first):
    """Given the order of categories, for it sorts numbers by size."""
    data, dtypes = table
    for name in data.columns:
        values = sorted(map(str, data[name].tolist()))
        assume(not drop_first or len(set(values)) > 1)
        done = run(data, dtypes, [Step(1, parse("one_hot", {"columns": [name], "drop_first": drop_first}))])
        encoder = OneHotEncoder(sparse_output=False, drop="first" if drop_first else None)
        expected = encoder.fit_transform(np.array([[str(one)] for one in data[name].tolist()], dtype=object))
        names = list(encoder.get_feature_names_out([name]))
        made = [one for one in done.frame.columns if one not in data.columns]
        assert made == names
        assert (done.frame[made].to_numpy(dtype="float64") == expected).all()


def test_the_profile_tells_how_many_columns_come():
    profile = {"rows": 9, "columns": [{"name": "t", "dtype": "text", "missing_count": 2, "unique_count": 4}]}
    assert parse("one_hot", {"columns": ["t"]}).estimate(profile).added == 4
    assert parse("one_hot", {"columns": ["t"], "drop_first": True}).estimate(profile).added == 3
    assert parse("one_hot", {"columns": ["t"], "missing": True}).estimate(profile).added == 5
    assert parse("one_hot", {"columns": ["other"]}).estimate(profile).added is None
