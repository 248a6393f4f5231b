"""Histograms read off small tables; numpy's counts are checked on the engine."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.services import KINDS
from tabular.errors import TableError
from tests.spec.tables import ask, drawn

NUMBERS = "n:integer | t:text\n1 | a\n2 | b\n | c\n4 | d\n4 | e"


def histogram(body, text=NUMBERS):
    frame, columns = drawn(text)
    return ask("histogram", body, frame, columns)


def test_edges_counts_and_summary():
    answer = histogram({"column": "n", "bins": 3})
    assert answer.result == {
        "bins": [1.0, 2.0, 3.0, 4.0],
        "counts": [1, 1, 2],
        "fit": None,
        "summary": {"count": 4, "mean": 2.75, "std": pytest.approx(1.5), "min": 1.0, "max": 4.0, "missing": 1},
    }
    assert answer.receipt["rows_excluded"] == {"value_missing": 1}


def test_twenty_bins_by_default():
    assert len(histogram({"column": "n"}).result["counts"]) == 20
    assert len(histogram({"column": "n", "bins": None}).result["bins"]) == 21


def test_the_fitted_normal_is_the_most_likely_one():
    fit = histogram({"column": "n", "fit": "normal"}).result["fit"]
    values = [1, 2, 4, 4]
    assert fit == {"distribution": "normal", "params": {"mean": 2.75, "std": pytest.approx(np.std(values))}}


def test_one_value_is_one_bar_and_none_are_none():
    one = histogram({"column": "n", "fit": "normal"}, "n:integer\n7").result
    assert (one["bins"], one["counts"], one["summary"]["std"]) == ([6.5, 7.5], [1], None)
    assert one["fit"]["params"] == {"mean": 7.0, "std": 0.0}
    none = histogram({"column": "n"}, "n:integer | t:text\n | x").result
    assert (none["bins"], none["counts"]) == ([], [])
    assert none["summary"] == {"count": 0, "mean": None, "std": None, "min": None, "max": None, "missing": 1}
    assert none["warnings"] == [{"reason": "no_values", "details": {"column": "n"}}]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "missing_field"),
        ({"column": "nope"}, "column_not_found"),
        ({"column": "t"}, "column_not_numeric"),
        ({"column": 5}, "text_expected"),
        ({"column": "n", "bins": 0}, "number_out_of_range"),
        ({"column": "n", "bins": -1}, "number_out_of_range"),
        ({"column": "n", "bins": 10**9}, "number_out_of_range"),
        ({"column": "n", "bins": "x"}, "number_out_of_range"),
        ({"column": "n", "bins": True}, "number_out_of_range"),
        ({"column": "n", "bins": 2.5}, "number_out_of_range"),
        ({"column": "n", "bins": math.nan}, "number_out_of_range"),
        ({"column": "n", "fit": "gamma"}, "invalid_choice"),
    ],
)
def test_bad_questions_are_refused(body, reason):
    _, columns = drawn(NUMBERS)
    with pytest.raises(TableError) as refused:
        KINDS["histogram"].parse(body, columns, {})
    assert refused.value.reason == reason


@given(st.lists(st.integers(-1000, 1000) | st.none(), max_size=50), st.integers(1, 30))
def test_any_histogram_of_integers(values, bins):
    text = "n:integer | t:text\n" + "\n".join(f"{'' if one is None else one} | x" for one in values)
    result = histogram({"column": "n", "bins": bins}, text).result
    known = [one for one in values if one is not None]
    assert sum(result["counts"]) == len(known)
    if len(set(known)) > 1:
        counts, edges = np.histogram(known, bins)
        assert (result["counts"], result["bins"]) == (counts.tolist(), edges.tolist())
