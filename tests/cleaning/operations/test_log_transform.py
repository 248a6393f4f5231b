import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import FunctionTransformer

from cleaning.engine.running import Step, StepFailed, run
from cleaning.operations import parse
from tests.cleaning.operations.checking import applied, failing, frame, tables
from tests.cleaning.snippets import cells


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("log1p", [math.log(2), math.log(101), math.log(1.5)]),
        ("log", [0.0, math.log(100), math.log(0.5)]),
        ("log10", [0.0, 2.0, math.log10(0.5)]),
        ("signed_log1p", [math.log(2), math.log(101), math.log(1.5)]),
    ],
)
def test_against_the_standard_library(method, expected):
    table = frame(x=("decimal", [1.0, 100.0, None, 0.5]), n=("integer", [1, 100, None, 2]))
    done = applied(*table, "log_transform", columns=["x", "n"], method=method)
    found = cells(done.frame)["x"]
    assert found.pop(2) is None
    assert found == pytest.approx(expected, rel=1e-14)
    assert done.dtypes == {"x": "decimal", "n": "decimal"}


def test_the_sign_stays():
    done = applied(*frame(n=("integer", [-9, 0, 9, None])), "log_transform", columns=["n"], method="signed_log1p")
    assert cells(done.frame)["n"] == pytest.approx([-math.log(10), 0, math.log(10), None])


@pytest.mark.parametrize(
    ("method", "value"),
    [("log1p", -1.0), ("log1p", -2.5), ("log", 0.0), ("log", -1.0), ("log10", 0.0), ("log10", -3.0),
     ("log1p", math.inf), ("log", math.inf), ("log10", math.inf), ("signed_log1p", -math.inf)],
)  # fmt: skip
def test_values_without_a_logarithm_are_named(method, value):
    data, dtypes = frame(x=("decimal", [1.0, None, value, value]))
    with pytest.raises(StepFailed) as refusal:
        run(data, dtypes, [Step(1, parse("log_transform", {"columns": ["x"], "method": method}))])
    assert refusal.value.details["reason"] == "no_logarithm"
    assert refusal.value.details["details"] == {"column": "x", "count": 2, "value": str(value), "method": method}
    assert str(value) in refusal.value.details["message"] % refusal.value.details["details"]


def test_numbers_just_inside():
    done = applied(*frame(x=("decimal", [math.nextafter(-1, 0)])), "log_transform", columns=["x"])
    assert cells(done.frame)["x"] == [pytest.approx(math.log(2**-53))]
    applied(*frame(x=("decimal", [5e-324, 1.7e308])), "log_transform", columns=["x"], method="log")


def test_other_types_are_refused():
    assert failing(*frame(t=("text", ["a"])), "log_transform", columns=["t"]) == "column_has_wrong_type"


def test_a_later_file_is_checked_too():
    operation = parse("log_transform", {"columns": ["n"]})
    fitted = run(*frame(n=("integer", [1])), [Step(1, operation)]).done[0].fitted
    with pytest.raises(StepFailed):
        run(*frame(n=("integer", [-1])), [Step(1, operation, fitted)])


@given(tables(["decimal", "integer"]), st.sampled_from(["log1p", "log", "log10", "signed_log1p"]))
@settings(max_examples=40)
def test_as_the_snippet_and_scikit_learn_have_it(table, method):
    data, dtypes = table
    if method != "signed_log1p":
        data = data.abs() + 1
    done = applied(data, dtypes, "log_transform", columns=list(data.columns), method=method)
    functions = {"log1p": np.log1p, "log": np.log, "log10": np.log10,
                 "signed_log1p": lambda x: np.copysign(np.log(np.abs(x) + 1), x)}  # fmt: skip
    numbers = data.astype("float64").to_numpy()
    expected = FunctionTransformer(functions[method]).fit_transform(numbers)
    assert np.allclose(done.frame.to_numpy(dtype="float64"), expected, rtol=1e-9, atol=1e-9, equal_nan=True)


def test_what_the_profile_can_say():
    profile = {"rows": 9, "columns": [{"name": "n", "dtype": "integer", "missing_count": 2, "unique_count": 4}]}
    assert parse("log_transform", {"columns": ["n"], "method": "log"}).estimate(profile).cells == 7
    assert parse("log_transform", {"columns": ["n"]}).estimate(profile).cells is None
