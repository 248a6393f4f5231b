import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

from cleaning.engine.running import Step, run
from cleaning.operations import parse
from tests.cleaning.operations.checking import applied, failing, frame, tables
from tests.cleaning.snippets import cells

METHODS = ["standard", "minmax", "robust"]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("standard", [-1.5, -0.5, -0.5, -0.5, None, 0.0, 0.0, 1.0, 2.0]),  # mean 5, deviation 2
        ("minmax", [0.0, 2 / 7, 2 / 7, 2 / 7, None, 3 / 7, 3 / 7, 5 / 7, 1.0]),
        ("robust", [-5 / 3, -1 / 3, -1 / 3, -1 / 3, None, 1 / 3, 1 / 3, 5 / 3, 3.0]),  # 4 … 4.5 … 5.5
    ],
)
def test_against_figures_made_by_hand(method, expected):
    table = frame(n=("integer", [2, 4, 4, 4, None, 5, 5, 7, 9]))
    done = applied(*table, "scale", columns=["n"], method=method)
    assert cells(done.frame)["n"] == pytest.approx(expected)
    assert done.dtypes == {"n": "decimal"}


@pytest.mark.parametrize("method", METHODS)
def test_a_constant_column_is_divided_by_one(method):
    table = frame(x=("decimal", [0.1, 0.1, None, 0.1]), n=("integer", [3, 3, 3, 3]))
    done = applied(*table, "scale", columns=["x", "n"], method=method)
    assert cells(done.frame)["x"] == pytest.approx([0, 0, None, 0], abs=1e-15)
    assert cells(done.frame)["n"] == [0, 0, 0, 0]
    assert {one["spread"] for one in done.done[0].fitted["columns"].values()} == {1.0}


def test_quartiles_that_are_equal_divide_by_one():
    done = applied(*frame(n=("integer", [5, 5, 5, 5, 5, 5, 100])), "scale", columns=["n"], method="robust")
    assert cells(done.frame) == {"n": [0, 0, 0, 0, 0, 0, 95]}


@pytest.mark.parametrize("method", METHODS)
def test_later_files_are_scaled_as_the_first_was(method):
    operation = parse("scale", {"columns": ["n"], "method": method})
    fitted = run(*frame(n=("integer", [0, 10, 20])), [Step(1, operation)]).done[0].fitted
    later = run(*frame(n=("integer", [10, None, 1000])), [Step(1, operation, fitted)])
    spread = {"standard": math.sqrt(200 / 3), "minmax": 20, "robust": 10}[method]
    centre = 0 if method == "minmax" else 10
    assert cells(later.frame)["n"] == pytest.approx([(10 - centre) / spread, None, (1000 - centre) / spread])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("values", [[math.inf, 1.0], [-math.inf, 1.0, 2.0]])
def test_no_infinity_comes_out(method, values):
    assert failing(*frame(x=("decimal", values)), "scale", columns=["x"], method=method) == "column_not_scalable"


def test_numbers_too_far_apart_or_too_close():
    far, close = frame(x=("decimal", [-1.7e308, 1.7e308])), frame(x=("decimal", [1e-200, 2e-200]))
    for method in ("standard", "minmax"):
        assert failing(*far, "scale", columns=["x"], method=method) == "column_not_scalable"
    assert failing(*close, "scale", columns=["x"]) == "column_not_scalable"
    assert cells(applied(*close, "scale", columns=["x"], method="minmax").frame) == {"x": [0, 1]}
    steep = frame(x=("decimal", [0.0, 1e-300, 2e-300, 3e-300, 1e300]))
    assert failing(*steep, "scale", columns=["x"], method="robust") == "column_not_scalable"


def test_what_the_profile_can_say():
    effect = parse("scale", {"columns": ["n"]}).estimate({"rows": 1, "columns": []})
    assert (effect.rows, effect.cells, effect.added, effect.removed) == (0, None, 0, 0)


def test_refusals():
    table = frame(x=("decimal", [None, None]), t=("text", ["a", "b"]))
    assert failing(*table, "scale", columns=["x"]) == "column_without_values"
    assert failing(*table, "scale", columns=["t"]) == "column_has_wrong_type"


@given(tables(["decimal", "integer"]), st.sampled_from(METHODS))
@settings(max_examples=40)
def test_as_the_snippet_and_scikit_learn_have_it(table, method):
    data, dtypes = table
    assume(all(data[name].notna().any() for name in data.columns))
    # Where squares underflow there is no deviation to divide by.
    assume(method != "standard" or all(_spread(data[name]) != 0 for name in data.columns))
    done = applied(data, dtypes, "scale", columns=list(data.columns), method=method)
    scaler = {"standard": StandardScaler(), "minmax": MinMaxScaler(), "robust": RobustScaler()}[method]
    for name in data.columns:
        numbers = data[name].astype("float64").to_numpy().reshape(-1, 1)
        size = np.nanmax(np.abs(numbers))
        # Ours and theirs round differently, most where spreads are small beside the numbers.
        assume(np.nanmin(numbers) == np.nanmax(numbers) or np.nanmax(numbers) - np.nanmin(numbers) > 1e-6 * size)
        ours, theirs = done.frame[name].to_numpy(), scaler.fit_transform(numbers)[:, 0]
        near = 1e-6 if np.nanmin(numbers) < np.nanmax(numbers) else size / 2**50
        assert np.allclose(ours, theirs, rtol=1e-6, atol=near, equal_nan=True)


def _spread(cells):
    numbers = cells.astype("float64")
    return numbers.std(ddof=0) if numbers.min() < numbers.max() else 1
