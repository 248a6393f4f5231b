import json
from fractions import Fraction
from statistics import fmean, stdev

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import RobustScaler

from cleaning.engine.running import Step, StepFailed, run
from cleaning.operations import InvalidStep, Outline, parse
from tests.cleaning.operations.checking import applied, failing, frame, tables
from tests.cleaning.snippets import cells

# Quartiles 2 and 4 of 1..5: fences at -1 and 7. With 100 for 5 they are the same.
FEW = [1, 2, 3, 4, 100, None]


@pytest.mark.parametrize(
    ("action", "values", "dtype"),
    [
        ("clip", [1, 2, 3, 4, 7, None], "decimal"),
        ("empty", [1, 2, 3, 4, None, None], "integer"),
        ("drop", [1, 2, 3, 4, None], "integer"),
    ],
)
def test_fences_of_integers(action, values, dtype):
    done = applied(*frame(n=("integer", FEW)), "outliers", columns=["n"], action=action)
    assert cells(done.frame) == {"n": values}
    assert done.dtypes == {"n": dtype}
    assert done.done[0].fitted == {"bounds": {"n": [-1.0, 7.0]}}


def test_what_lies_on_a_bound_stays():
    table = frame(n=("decimal", [2.0, 2.0, 4.0, 4.0, 7.0, -1.0]), m=("decimal", [0.0, 0.0, 1.0, 1.0, 7.5, -6.5]))
    done = applied(*table, "outliers", columns=["n", "m"], action="drop")
    low, high = done.done[0].fitted["bounds"]["n"]
    assert (low, high) == (-1.0, 7.0)
    assert list(done.frame.index) == [0, 1, 2, 3]  # rows 4 and 5 go for the other column's sake


def test_all_bounds_are_learned_before_a_row_goes():
    near = [10.0, 11.0, 12.0, 13.0, 14.0]
    table = frame(a=("decimal", [*near, 1000.0]), b=("decimal", [*near[:-1], 900.0, 14.0]))
    done = applied(*table, "outliers", columns=["a", "b"], action="drop")
    assert list(done.frame.index) == [0, 1, 2, 3]


def test_standard_deviations():
    values = [1.0] * 5 + [2.0] * 5 + [9.0]
    mean, reach = fmean(values), 2 * stdev(values)
    done = applied(*frame(n=("decimal", values)), "outliers", columns=["n"], method="z", threshold=2)
    low, high = done.done[0].fitted["bounds"]["n"]
    assert (low, high) == (pytest.approx(mean - reach, rel=1e-14), pytest.approx(mean + reach, rel=1e-14))
    assert cells(done.frame) == {"n": [*values[:-1], high]}
    rare = applied(*frame(n=("decimal", values)), "outliers", columns=["n"], method="z", action="empty")
    assert cells(rare.frame) == {"n": values}  # three of them reach beyond 9


@pytest.mark.parametrize("method", ["iqr", "z"])
@pytest.mark.parametrize("action", ["clip", "drop", "empty"])
@pytest.mark.parametrize("values", [[0.1] * 7, [None, None], [0.1, None], [0.1] * 1000])
def test_columns_without_spread_are_left_alone(method, action, values):
    done = applied(*frame(n=("decimal", values)), "outliers", columns=["n"], method=method, action=action)
    assert cells(done.frame) == {"n": values}
    assert done.done[0].fitted == {"bounds": {"n": [None, None]}}


def test_equal_quartiles_bound_nothing():
    values = [0, 0, 0, 0, 0, 0, 9]
    done = applied(*frame(n=("integer", values)), "outliers", columns=["n"])
    assert cells(done.frame) == {"n": values}


def test_later_data_meet_the_bounds_that_were_learned():
    learned = json.loads(json.dumps(applied(*frame(n=("integer", FEW)), "outliers", columns=["n"]).done[0].fitted))
    later = frame(n=("decimal", [6.5, 7.5, -50.0, None]))
    for action, values in {"clip": [6.5, 7, -1, None], "empty": [6.5, None, None, None], "drop": [6.5, None]}.items():
        step = Step(1, parse("outliers", {"columns": ["n"], "action": action}), learned)
        assert cells(run(*later, [step]).frame) == {"n": values}
    unbounded = {"bounds": {"n": [None, None]}}
    step = Step(1, parse("outliers", {"columns": ["n"]}), unbounded)
    assert cells(run(*later, [step]).frame) == cells(later[0])


def test_long_integers_are_kept_or_refused_but_not_rounded():
    near = [2**62 + 1024 * place + 1 for place in range(5)]  # decimals are 1024 apart there
    exact = [*near, 0, 2**62 + 2**14]
    for action in ("empty", "drop"):
        table, dtypes = frame(n=("integer", exact))
        operation = parse("outliers", {"columns": ["n"], "threshold": 0.5, "action": action})
        assert [one for one in cells(run(table, dtypes, [Step(1, operation)]).frame)["n"] if one is not None] == near
    table = frame(n=("integer", exact))
    assert failing(*table, "outliers", columns=["n"]) == "integer_too_long"
    with pytest.raises(StepFailed) as refusal:
        run(*table, [Step(1, parse("outliers", {"columns": ["n"]}))])
    assert refusal.value.details["details"] == {"column": "n", "value": 2**62 + 1}
    even = frame(n=("integer", [2**62, 2**62 + 2**12, 2**62 + 2**13]))
    assert cells(applied(*even, "outliers", columns=["n"]).frame) == cells(even[0])


def test_refusals():
    table = frame(n=("integer", FEW), t=("text", ["x"] * 6), w=("decimal", [-1.7e308, 1.7e308] * 3))
    assert failing(*table, "outliers", columns=["t"]) == "column_has_wrong_type"
    assert failing(*table, "outliers", columns=["z"]) == "column_not_found"
    for method in ("iqr", "z"):
        assert failing(*table, "outliers", columns=["w"], method=method) == "spread_too_wide"
    for threshold in (0, -1, float("inf"), float("nan"), True, "3"):
        with pytest.raises(InvalidStep):
            parse("outliers", {"columns": ["n"], "threshold": threshold})


def test_a_bound_beyond_all_decimals_is_none():
    table = frame(w=("decimal", [1e308, 1.1e308, 1.2e308, 1.3e308]))
    done = applied(*table, "outliers", columns=["w"], threshold=10)
    assert done.done[0].fitted == {"bounds": {"w": [pytest.approx(1.075e308 - 10 * 1.5e307), None]}}
    assert cells(done.frame) == cells(table[0])


def test_columns_whose_type_only_the_data_tells():
    before = Outline({"n": "integer"}, ("made_",))
    after = parse("outliers", {"columns": ["n", "made_x"]}).outline(before)
    assert dict(after.columns) == {"n": "decimal"}


METHODS = st.sampled_from([("iqr", None), ("iqr", 0.25), ("z", None), ("z", 0.75)])


@settings(max_examples=60)
@given(tables(["integer", "decimal"], rows=(1, 15)), METHODS, st.sampled_from(["clip", "drop", "empty"]))
def test_as_the_snippet_has_it(table, method, action):
    data, dtypes = table
    how, threshold = method
    params = {"columns": list(data.columns), "method": how, "threshold": threshold}
    if action != "drop" or _leaves_rows(data, dtypes, params):
        applied(data, dtypes, "outliers", action=action, **params)
    else:
        assert failing(data, dtypes, "outliers", action=action, **params) == "no_row_left"


def _leaves_rows(data, dtypes, params):
    emptied = run(data, dtypes, [Step(1, parse("outliers", params | {"action": "empty"}))]).frame
    return bool((emptied.isna() == data.isna()).all(axis=1).any())


@given(st.lists(st.integers(-1000, 1000), min_size=4, max_size=40), st.sampled_from([0.5, 1.5, 3.0]))
def test_quartiles_as_scikit_learn_has_them_and_as_fractions_give_them(values, threshold):
    done = applied(*frame(n=("integer", values)), "outliers", columns=["n"], threshold=threshold)
    low, high = done.done[0].fitted["bounds"]["n"]
    ordered = [Fraction(value) for value in sorted(values)]
    q1, q3 = (_quantile(ordered, Fraction(share, 4)) for share in (1, 3))
    if q1 == q3:
        assert (low, high) == (None, None)
        return
    reach = Fraction(threshold) * (q3 - q1)
    assert (low, high) == (pytest.approx(float(q1 - reach), abs=1e-9), pytest.approx(float(q3 + reach), abs=1e-9))
    scale = RobustScaler().fit(np.array(values, dtype=float)[:, None]).scale_[0]
    assert high - low == pytest.approx(scale * (1 + 2 * threshold))
    assert cells(done.frame)["n"] == [min(max(value, low), high) for value in values]


def _quantile(ordered, share):
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


@pytest.mark.parametrize(
    ("params", "effect"),
    [
        ({"columns": ["n"]}, (0, 3)),
        ({"columns": ["n", "m", "q"], "action": "empty"}, (0, 5)),
        ({"columns": ["n", "q"], "action": "drop"}, (3, 0)),
        ({"columns": ["n", "m"], "action": "drop"}, (None, 0)),
        ({"columns": ["n"], "threshold": 2.0}, (0, None)),
        ({"columns": ["n"], "method": "z", "action": "drop"}, (None, 0)),
    ],
)
def test_what_the_profile_can_tell(params, effect):
    def issues(cells):
        return [{"reason": "skewed", "details": {}}, {"reason": "outliers", "details": {"cells": cells}}]

    columns = [{"name": "n", "issues": issues(3)}, {"name": "m", "issues": issues(2)}, {"name": "q", "issues": []}]
    found = parse("outliers", params).estimate({"rows": 9, "columns": columns})
    assert (found.rows, found.cells) == effect


def test_a_column_called_self():
    table = frame(self=("decimal", [1.0, 2.0, 3.0, 90.0]))
    done = applied(*table, "outliers", columns=["self"])
    assert cells(done.frame) == {"self": [1, 2, 3, 24.75 + 1.5 * 23]}
