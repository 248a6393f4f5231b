import math
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import KBinsDiscretizer

from cleaning.engine.running import Step, run
from cleaning.operations import InvalidStep, parse
from tests.cleaning.operations.checking import applied, failing, frame, tables
from tests.cleaning.snippets import cells


def test_ranges_of_equal_width_hold_their_lower_edge():
    table = frame(n=("integer", [0, 9, 10, None, 40, 49, 50]))
    done = applied(*table, "bin", columns=["n"])
    expected = ["[0, 10)", "[0, 10)", "[10, 20)", None, "[40, 50]", "[40, 50]", "[40, 50]"]
    assert cells(done.frame) == {"n": expected}
    assert done.dtypes == {"n": "text"}
    numbered = applied(*table, "bin", columns=["n"], labels="number")
    assert cells(numbered.frame) == {"n": [0, 0, 1, None, 4, 4, 4]}
    assert numbered.dtypes == {"n": "integer"}


def test_ranges_of_equally_many_rows():
    table = frame(x=("decimal", [1.0, 2.0, 3.0, 4.0, None, 5.0, 100.0, 200.0, 300.0]))
    done = applied(*table, "bin", columns=["x"], method="quantile", bins=2)
    assert cells(done.frame)["x"] == ["[1, 4.5)"] * 4 + [None] + ["[4.5, 300]"] * 4


def test_equal_quantiles_are_one_edge():
    table = frame(n=("integer", [0, 0, 0, 0, 0, 0, 0, 5, 9, 10]))
    done = applied(*table, "bin", columns=["n"], method="quantile", bins=4, labels="number")
    assert done.done[0].fitted == {"edges": {"n": [0.0, 3.75, 10.0]}}
    assert cells(done.frame) == {"n": [0] * 7 + [1] * 3}


@pytest.mark.parametrize("method", ["width", "quantile"])
def test_a_constant_column_is_one_range(method):
    table = frame(n=("integer", [7, None, 7]))
    assert cells(applied(*table, "bin", columns=["n"], method=method).frame) == {"n": ["[7, 7]", None, "[7, 7]"]}
    numbered = applied(*table, "bin", columns=["n"], method=method, labels="number")
    assert cells(numbered.frame) == {"n": [0, None, 0]}


def test_given_edges_leave_what_lies_outside_missing():
    table = frame(x=("decimal", [-0.1, 0.0, 0.5, 17.99, 18.0, 65.0, 65.1, None]), n=("integer", range(8)))
    done = applied(*table, "bin", columns=["x", "n"], method="edges", edges=[0, 0.5, 18, 65])
    assert cells(done.frame)["x"] == [None, "[0, 0.5)", "[0.5, 18)", "[0.5, 18)", "[18, 65]", "[18, 65]", None, None]
    numbered = applied(*table, "bin", columns=["x", "n"], method="edges", edges=[0, 0.5, 18, 65], labels="number")
    assert cells(numbered.frame)["x"] == [None, 0, 1, 1, 2, 2, None, None]
    two = applied(*table, "bin", columns=["n"], method="edges", edges=[2, 4])
    assert cells(two.frame)["n"] == [None, None, "[2, 4]", "[2, 4]", "[2, 4]", None, None, None]


@pytest.mark.parametrize("method", ["width", "quantile"])
def test_later_values_outside_belong_to_the_outer_ranges(method):
    operation = parse("bin", {"columns": ["n"], "method": method, "bins": 2})
    fitted = run(*frame(n=("integer", [0, 5, 10])), [Step(1, operation)]).done[0].fitted
    later = run(*frame(n=("integer", [-100, 4, 5, 100, None])), [Step(1, operation, fitted)])
    assert cells(later.frame) == {"n": ["[0, 5)", "[0, 5)", "[5, 10]", "[5, 10]", None]}


def test_texts_read_as_the_numbers_were_written():
    table = frame(x=("decimal", [0.42, 80.0]), n=("integer", [1_700_000_000_001, 1_700_000_000_003]))
    done = applied(*table, "bin", columns=["x"])  # 0.42 + 1 · 15.916 is 16.336000000000002 in binary
    assert cells(done.frame)["x"] == ["[0.42, 16.336)", "[64.084, 80]"]
    done = applied(*table, "bin", columns=["n"], bins=2)
    assert cells(done.frame)["n"] == ["[1700000000001, 1700000000002)", "[1700000000002, 1700000000003]"]


def test_refusals():
    assert failing(*frame(t=("text", ["a"])), "bin", columns=["t"]) == "column_has_wrong_type"
    assert failing(*frame(x=("decimal", [None])), "bin", columns=["x"]) == "column_without_values"
    for values in ([math.inf, 1.0], [-1.7e308, 1.7e308], [math.inf, -math.inf]):
        for method in ("width", "quantile"):
            table = frame(x=("decimal", values))
            assert failing(*table, "bin", columns=["x"], method=method) == "column_without_ranges"
    close = frame(x=("decimal", [1.0, 1 + 4 * 2**-52]))
    assert failing(*close, "bin", columns=["x"], bins=4) == "ranges_too_close"
    numbered = applied(*close, "bin", columns=["x"], bins=4, labels="number")
    assert cells(numbered.frame) == {"x": [0, 3]}


@pytest.mark.parametrize(
    "params",
    [
        {"method": "edges"},
        {"edges": [1, 2]},
        {"method": "edges", "edges": [1]},
        {"method": "edges", "edges": [1, 1]},
        {"method": "edges", "edges": [2, 1]},
        {"method": "edges", "edges": [1, math.inf]},
        {"method": "edges", "edges": [math.nan, 1]},
        {"method": "edges", "edges": [0, 2**53 + 1]},
        {"method": "edges", "edges": [0, 10**400]},
        {"method": "edges", "edges": [1.0, 1.0 + 2**-52]},
        {"method": "edges", "edges": ["1", "2"]},
        {"bins": 1},
        {"bins": 1001},
    ],
)
def test_parameters_that_make_no_sense(params):
    with pytest.raises(InvalidStep):
        parse("bin", {"columns": ["n"], **params})


@given(
    tables(["decimal", "integer"]),
    st.sampled_from(["width", "quantile"]),
    st.integers(2, 12),
    st.sampled_from(["interval", "number"]),
)
@settings(max_examples=40)
def test_as_the_snippet_has_it(table, method, bins, labels):
    data, dtypes = table
    assume(all(data[name].notna().any() for name in data.columns))
    for name in data.columns:
        edges = np.linspace(data[name].min(), data[name].max(), bins + 1, dtype="float64")
        if method == "quantile":
            edges = np.nanquantile(data[name].astype("float64"), np.linspace(0, 1, bins + 1))
        names = {f"{edge:.15g}" for edge in np.unique(edges)}
        assume(labels == "number" or len(names) == len(np.unique(edges)))
    applied(data, dtypes, "bin", columns=list(data.columns), method=method, bins=bins, labels=labels)


@given(
    tables(["decimal", "integer"]),
    st.lists(st.integers(-5, 5) | st.floats(-2, 2, width=16), min_size=2, max_size=6, unique_by=float).map(sorted),
    st.sampled_from(["interval", "number"]),
)
@settings(max_examples=40)
def test_given_edges_as_the_snippet_and_pandas_have_them(table, edges, labels):
    data, dtypes = table
    done = applied(data, dtypes, "bin", columns=list(data.columns), method="edges", edges=edges, labels=labels)
    for name in data.columns:
        numbers = data[name].astype("float64")
        places = pd.cut(numbers, edges, right=False, labels=False).mask(numbers == edges[-1], len(edges) - 2)
        if labels == "number":
            assert cells(done.frame)[name] == [None if one != one else int(one) for one in places]
        else:
            assert [one is None for one in cells(done.frame)[name]] == places.isna().tolist()


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=40, unique=True), st.integers(2, 9))
def test_as_scikit_learn_has_it(values, bins):
    data, dtypes = frame(n=("integer", values))
    for method, strategy in (("width", "uniform"), ("quantile", "quantile")):
        params = {"columns": ["n"], "method": method, "bins": bins, "labels": "number"}
        done = run(data, dtypes, [Step(1, parse("bin", params))])
        more = {"quantile_method": "linear"} if strategy == "quantile" else {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = KBinsDiscretizer(bins, encode="ordinal", strategy=strategy, subsample=None, **more)
            expected = theirs.fit_transform(np.array(values, dtype="float64").reshape(-1, 1))[:, 0]
        ours = done.done[0].fitted["edges"]["n"]
        assert np.allclose(ours, theirs.bin_edges_[0])
        # A value on an edge may fall to either side where the two round the edge differently.
        for value, place, wanted in zip(values, done.frame["n"], expected, strict=True):
            assert place == wanted or min(abs(value - edge) for edge in ours) < 1e-9


def test_what_the_profile_can_say():
    profile = {"rows": 9, "columns": [{"name": "n", "dtype": "integer", "missing_count": 2, "unique_count": 4}]}
    assert parse("bin", {"columns": ["n"]}).estimate(profile).cells == 7
    assert parse("bin", {"columns": ["n"], "labels": "number"}).estimate(profile).cells is None
