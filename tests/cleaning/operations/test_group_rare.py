import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import OneHotEncoder

from cleaning.engine.running import Step, run
from cleaning.operations import InvalidStep, group_rare, parse
from tests.cleaning.operations.checking import applied, failing, frame, tables
from tests.cleaning.snippets import cells

LETTERS = ["a", "a", "a", "b", "b", "c", "C", None, None, None]


@pytest.mark.parametrize(
    ("params", "letters"),
    [
        ({"min_count": 2}, ["a", "a", "a", "b", "b", "Other", "Other", None, None, None]),
        ({"min_count": 3, "label": "b"}, ["a", "a", "a", "b", "b", "b", "b", None, None, None]),
        ({"min_share": 0.2}, ["a", "a", "a", "b", "b", "Other", "Other", None, None, None]),  # 2 of 7 values
        ({"min_share": 0.3}, ["a", "a", "a", *["Other"] * 4, None, None, None]),
        ({"min_count": 1}, LETTERS),
        ({}, LETTERS),
    ],
)
def test_rare_letters(params, letters):
    assert cells(applied(*frame(t=("text", LETTERS)), "group_rare", columns=["t"], **params).frame) == {"t": letters}


def test_a_share_that_is_just_reached_stays():
    values = ["x"] * 99 + ["y"]
    assert cells(applied(*frame(t=("text", values)), "group_rare", columns=["t"]).frame) == {"t": values}
    more = [*values, "x"]
    done = applied(*frame(t=("text", more)), "group_rare", columns=["t"])
    assert cells(done.frame) == {"t": ["Other" if one == "y" else one for one in more]}


def test_later_data_know_only_the_categories_that_were_learned():
    learned = applied(*frame(t=("text", LETTERS)), "group_rare", columns=["t"], min_count=2).done[0].fitted
    assert learned == {"kept": {"t": ["a", "b"]}}
    later = frame(t=("text", ["new", "new", "new", "b", "c", None]))
    step = Step(1, parse("group_rare", {"columns": ["t"], "min_count": 2}), json.loads(json.dumps(learned)))
    assert cells(run(*later, [step]).frame) == {"t": ["Other", "Other", "Other", "b", "Other", None]}


def test_refusals(monkeypatch):
    table = frame(t=("text", LETTERS), n=("integer", range(10)))
    assert failing(*table, "group_rare", columns=["n"]) == "column_has_wrong_type"
    assert failing(*table, "group_rare", columns=["z"]) == "column_not_found"
    for params in ({"min_share": 0.1, "min_count": 2}, {"min_share": 0}, {"min_share": 1.5}, {"min_count": 0},
                   {"min_count": 2.0}, {"label": ""}):  # fmt: skip
        with pytest.raises(InvalidStep):
            parse("group_rare", {"columns": ["t"]} | params)
    monkeypatch.setattr(group_rare, "MOST_LEARNED", 3)
    assert failing(*table, "group_rare", columns=["t"], min_count=1) == "too_many_categories"
    assert cells(applied(*table, "group_rare", columns=["t"], min_count=3).frame)["t"][:4] == ["a", "a", "a", "Other"]


LIMITS = st.one_of(
    st.fixed_dictionaries({"min_count": st.integers(1, 4)}),
    st.fixed_dictionaries({"min_share": st.floats(0.01, 1, allow_nan=False)}),
)


@given(tables(["text", "text", "text"], rows=(1, 12)), LIMITS, st.sampled_from(["Other", "a", "", "その他"]), st.data())
def test_as_a_count_finds_it(table, limits, label, data):
    given_, dtypes = table
    columns = data.draw(st.lists(st.sampled_from(list(given_.columns)), min_size=1, unique=True))
    label = label or '"\n'
    done = applied(given_, dtypes, "group_rare", columns=columns, label=label, **limits)
    for name in columns:
        values = cells(given_)[name]
        counts = Counter(value for value in values if value is not None)
        least = limits.get("min_count") or limits["min_share"] * counts.total()
        kept = {value for value, count in counts.items() if count >= least - 1e-9}
        assert cells(done.frame)[name] == [one if one is None or one in kept else label for one in values]


@given(st.lists(st.sampled_from("abcdef"), min_size=2, max_size=30), st.integers(2, 5))
def test_rare_as_scikit_learn_finds_them(values, least):
    done = applied(*frame(t=("text", values)), "group_rare", columns=["t"], min_count=least)
    encoder = OneHotEncoder(min_frequency=least, sparse_output=False, handle_unknown="infrequent_if_exist")
    column = np.array(values, dtype=object)[:, None]
    (rare,) = encoder.fit(column).infrequent_categories_
    rare = set() if rare is None else set(rare)
    assert set(done.done[0].fitted["kept"]["t"]) == set(values) - rare


@pytest.mark.parametrize(
    ("params", "changed"),
    [
        ({"min_count": 2}, 2),
        ({"min_count": 3, "label": "b"}, 2),
        ({"min_share": 0.3}, 4),
        ({"columns": ["t", "u"]}, None),
    ],
)
def test_what_the_profile_can_tell(params, changed):
    counts = dict(Counter(value for value in LETTERS if value))
    columns = [
        {"name": "t", "missing_count": 3, "unique_count": 4, "statistics": {"value_counts": counts}},
        {"name": "u", "missing_count": 3, "unique_count": 40, "statistics": {"value_counts": counts}},
    ]
    operation = parse("group_rare", {"columns": ["t"]} | params)
    assert operation.estimate({"rows": 10, "columns": columns}).cells == changed
    if changed is not None:
        assert (
            applied(*frame(t=("text", LETTERS)), "group_rare", **operation.params()).done[0].change.cells_changed
            == changed
        )


def test_a_column_called_self():
    table = frame(self=("text", ["a", "a", "b"]))
    done = applied(*table, "group_rare", columns=["self"], min_count=2)
    assert cells(done.frame) == {"self": ["a", "a", "Other"]}
