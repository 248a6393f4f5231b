from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split

from cleaning.engine.running import Step, run
from cleaning.operations import InvalidStep, parse
from tests.cleaning.operations.checking import applied, failing, frame, tables
from tests.cleaning.snippets import cells


def test_the_first_of_the_shuffled_rows_are_for_testing():
    table = frame(n=("integer", range(10)))
    done = applied(*table, "split_rows", seed=7, test_share=0.3)
    tests = set(np.random.default_rng(7).permutation(10)[:3])
    assert cells(done.frame)["split"] == ["test" if row in tests else "train" for row in range(10)]
    assert done.dtypes == {"n": "integer", "split": "text"}


@pytest.mark.parametrize(
    ("rows", "share", "tests"),
    [(10, 0.2, 2), (5, 0.5, 3), (10, 0.15, 2), (100, 0.145, 15), (2, 0.01, 1), (2, 0.99, 1), (1, 0.9, 0), (3, 0.5, 2)],
)
def test_how_many(rows, share, tests):
    done = applied(*frame(n=("integer", range(rows))), "split_rows", test_share=share)
    assert cells(done.frame)["split"].count("test") == tests


def test_strata_get_their_parts_and_the_total_fits():
    """10 · 0.3 = 3: of 6, 3 and 1 rows these are 1.8, 0.9 and 0.3: 1 + 1 of the largest remainders, and 0 + 1."""
    table = frame(t=("text", ["a"] * 6 + [None] * 3 + ["b"]))
    for seed in range(5):
        done = applied(*table, "split_rows", test_share=0.3, stratify="t", seed=seed)
        found = Counter(zip(cells(done.frame)["t"], cells(done.frame)["split"], strict=True))
        assert (found["a", "test"], found[None, "test"], found["b", "test"]) == (2, 1, 0)


def test_equal_remainders_are_not_settled_by_the_order_of_rows():
    data, dtypes = frame(n=("integer", range(100)))
    rows = [
        cells(run(data, dtypes, [Step(1, parse("split_rows", {"stratify": "n", "seed": seed}))]).frame)["split"]
        for seed in range(3)
    ]
    assert [one.count("test") for one in rows] == [20, 20, 20]
    assert len({tuple(one) for one in rows}) == 3


def test_the_same_seed_gives_the_same_rows_and_another_gives_others():
    table = frame(n=("integer", range(50)))
    one, two, three = (cells(applied(*table, "split_rows", seed=seed).frame)["split"] for seed in (1, 1, 2))
    assert one == two != three


def test_rows_that_a_filter_left_keep_their_numbers():
    data, dtypes = frame(t=("text", ["a", "b", "a", "b", "a", "b"]))
    left = data.iloc[[0, 2, 3, 5]]
    done = applied(left, dtypes, "split_rows", stratify="t", test_share=0.5)
    assert list(done.frame.index) == [0, 2, 3, 5]
    assert Counter(done.frame[done.frame["split"] == "test"]["t"]) == {"a": 1, "b": 1}


def test_refusals():
    table = frame(split=("text", ["a", "b"]))
    assert failing(*table, "split_rows") == "column_exists"
    assert failing(*table, "split_rows", column="part", stratify="nope") == "column_not_found"
    for params in ({"test_share": 0.0}, {"test_share": 1.0}, {"seed": -1}, {"column": ""}, {"stratify": "split"}):
        with pytest.raises(InvalidStep):
            parse("split_rows", params)


@given(
    tables(["text", "integer", "boolean", "decimal"], rows=(1, 30)),
    st.floats(0.01, 0.99).map(lambda share: round(share, 3)),
    st.integers(0, 3),
    st.integers(0, 4),
)
@settings(max_examples=40)
def test_as_the_snippet_has_it_and_in_proportion(table, share, seed, place):
    data, dtypes = table
    stratify = [*data.columns, None][place]
    done = applied(data, dtypes, "split_rows", column="part", test_share=share, seed=seed, stratify=stratify)
    rows, marks = len(data), cells(done.frame)["part"]
    wanted = int((rows * Decimal(str(share))).quantize(Decimal(1), ROUND_HALF_UP))
    tests = marks.count("test")
    assert tests == (0 if rows == 1 else min(max(wanted, 1), rows - 1))
    if stratify is not None:
        values = cells(data)[stratify]
        for value, count in Counter(values).items():
            got = sum(mark == "test" for one, mark in zip(values, marks, strict=True) if one == value)
            assert abs(got - count * tests / rows) < 1


def test_strata_as_scikit_learn_sizes_them():
    """Where every part is whole there is one answer."""
    values = ["a"] * 50 + ["b"] * 30 + ["c"] * 20
    _, theirs = train_test_split(values, test_size=0.2, stratify=values, random_state=0)
    data, dtypes = frame(t=("text", values))
    done = run(data, dtypes, [Step(1, parse("split_rows", {"stratify": "t"}))])
    assert Counter(done.frame[done.frame["split"] == "test"]["t"]) == Counter(theirs) == {"a": 10, "b": 6, "c": 4}
