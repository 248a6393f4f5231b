"""Counts, sums, quartiles and correlations against numpy, pandas and exact integers."""

import math

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tabular.query import Aggregate, Bucket
from tabular.schema import Column
from tests.spec.tables import drawn, stored

FLOATS = st.floats(allow_nan=True, allow_infinity=True, width=64)
# Nothing near zero's end of the doubles: there the oracles themselves lose their digits.
TAME = st.floats(-1e6, 1e6).map(lambda value: round(value, 6)) | st.integers(-20, 20).map(float)
INTEGERS = st.integers(-(2**63), 2**63 - 1) | st.integers(-5, 5)


def column_of(values, dtype):
    polars = {"integer": pl.Int64, "decimal": pl.Float64}[dtype]
    return pl.DataFrame({"x": values}, schema={"x": polars}), (Column("x", dtype),)


def known(values):
    return [one for one in values if one is not None and math.isfinite(one)]


@given(st.lists(st.none() | TAME | st.just(math.nan), max_size=60), st.integers(1, 30))
def test_bars_are_numpys(values, bins):
    with stored(*column_of(values, "decimal")) as table:
        found = table.histogram("x", bins)
    numbers = known(values)
    assert (found.count, found.missing) == (len(numbers), len(values) - len(numbers))
    if not numbers:
        assert (found.edges, found.counts) == ([], [])
    elif min(numbers) == max(numbers):
        assert found.counts == [len(numbers)]
        assert found.edges[0] < numbers[0] < found.edges[1]
    else:
        assume((max(numbers) - min(numbers)) / bins > 1e-300)
        counts, edges = np.histogram(numbers, bins)
        assert (found.counts, found.edges) == (counts.tolist(), edges.tolist())


@given(st.lists(FLOATS | st.none(), max_size=40), st.integers(1, 1000))
def test_bars_of_anything_add_up(values, bins):
    with stored(*column_of(values, "decimal")) as table:
        found = table.histogram("x", bins)
    numbers = known(values)
    assert sum(found.counts) == found.count == len(numbers)
    assert all(math.isfinite(edge) for edge in found.edges)
    if numbers:
        assert found.edges[0] <= min(numbers)
        assert found.edges[-1] >= max(numbers)


@given(st.lists(INTEGERS | st.none(), max_size=40), st.integers(1, 50))
def test_bars_of_integers(values, bins):
    with stored(*column_of(values, "integer")) as table:
        found = table.histogram("x", bins)
    assert sum(found.counts) == len(known(values))


def test_a_constant_is_one_bar():
    for value in (5.0, 0.0, -1e300, 1.7976931348623157e308, 5e-324):
        with stored(*column_of([value] * 3, "decimal")) as table:
            found = table.histogram("x", 20)
        assert found.counts == [3]
        assert found.edges[0] <= value <= found.edges[1]
    with stored(*column_of([5, 5, None], "integer")) as table:
        assert table.histogram("x", 20).edges == [4.5, 5.5]


@given(st.lists(INTEGERS | st.none(), min_size=1, max_size=40))
def test_sums_of_integers_never_wrap_around(values):
    with stored(*column_of(values, "integer")) as table:
        found = table.totals(["x"])
    assert found.frame["value"].tolist() == [float(sum(known(values)))]
    assert found.frame["used"].tolist() == [len(known(values))]


def test_sums_by_category_and_period_never_wrap_around():
    frame, columns = drawn(
        """
        day:date   | c:text | n:integer
        2024-01-01 | a      | 9223372036854775807
        2024-01-02 | a      | 9223372036854775807
        2024-01-31 | b      | -9223372036854775808
        """
    )
    with stored(frame, columns) as table:
        assert table.totals_by("c", "n").frame["value"].tolist() == [2.0 * (2**63 - 1), -(2.0**63)]
        found = table.buckets(Bucket("day", "month"), Aggregate("n", "sum"))
        assert found.frame["value"].tolist() == [float(2**63 - 2)]


@given(st.lists(TAME | st.none() | st.just(math.nan), max_size=40))
def test_descriptions_are_pandas(values):
    with stored(*column_of(values, "decimal")) as table:
        found = table.describe(["x"])["x"]
    numbers = pd.Series(known(values), dtype=float)
    assert found["count"] == len(numbers)
    for figure in ("mean", "std", "min", "max"):
        expected = getattr(numbers, figure)()
        if math.isnan(expected):
            assert found[figure] is None
        else:
            assert found[figure] == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(st.sampled_from(["integer", "decimal"]), st.lists(st.integers(-50, 50) | st.none() | INTEGERS, max_size=40))
def test_quartiles_and_distinct_values(dtype, values):
    if dtype == "decimal":
        values = [None if one is None else float(one) for one in values]
    with stored(*column_of(values, dtype)) as table:
        (found,) = table.numbers(["x"])
    numbers = sorted(known(values))
    assert found.distinct.tolist() == sorted(set(numbers))
    assert found.counts.tolist() == [numbers.count(one) for one in sorted(set(numbers))]
    for share in (0.25, 0.5, 0.75) if numbers else ():
        expected = float(np.quantile(np.array(numbers, dtype=float), share))
        assert found.quantile(share) == pytest.approx(expected, rel=1e-12, abs=1e-9)


def test_quartiles_between_the_ends_of_the_doubles():
    with stored(*column_of([-1.7e308, 1.7e308], "decimal")) as table:
        (found,) = table.numbers(["x"])
    assert [found.quantile(share) for share in (0.25, 0.5, 0.75)] == pytest.approx([-0.85e308, 0.0, 0.85e308])


PAIRS = st.lists(
    st.tuples(st.integers(-9, 9) | st.none(), TAME | st.none(), st.integers(0, 1) | st.none()), max_size=30
)


@given(PAIRS, st.sampled_from(["pearson", "spearman"]))
def test_correlations_are_pandas_over_pairs(rows, method):
    names = ["a", "b", "c"]
    frame = pl.DataFrame(rows, schema={"a": pl.Int64, "b": pl.Float64, "c": pl.Int64}, orient="row", strict=False)
    columns = tuple(Column(name, dtype) for name, dtype in zip(names, ["integer", "decimal", "integer"], strict=True))
    with stored(frame, columns) as table:
        found = table.correlation(names, method)
    whole = pd.DataFrame(rows, columns=names, dtype=float)
    for i, one in enumerate(names):
        for j, other in enumerate(names):
            if i == j:
                continue
            pair = whole[[one, other]].dropna()
            ranked = pair.rank() if method == "spearman" else pair
            # A spread that is nothing beside the values' size is rounding to either computation.
            spread = ranked.std() / np.maximum(ranked.abs().max(), 1e-300)
            assume(not ((spread > 0) & (spread < 1e-5)).any())
            if len(pair) < 2 or (ranked.nunique() < 2).any():
                assert math.isnan(found[i, j])
            else:
                assert found[i, j] == pytest.approx(float(np.corrcoef(ranked.T)[0, 1]), abs=1e-6)


def test_correlation_keeps_its_digits_far_from_zero():
    x = np.arange(200.0)
    y = np.sin(x)
    frame = pl.DataFrame({"x": x + 1e9, "y": y * 1e-9, "z": y + 1e12})
    columns = tuple(Column(name, "decimal") for name in "xyz")
    with stored(frame, columns, row_group_size=50) as table:
        found = table.correlation(list("xyz"), "pearson")
    assert found[0, 1] == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-9)
    assert found[1, 2] == pytest.approx(1.0, abs=1e-6)


def test_duplicate_rows_are_counted():
    frame, columns = drawn("a:text | b:integer\nx | 1\nx | 1\nx |\nx |\ny | 1")
    with stored(frame, columns) as table:
        assert table.duplicate_rows() == 2
