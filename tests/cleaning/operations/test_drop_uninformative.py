import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_selection import VarianceThreshold

from cleaning.engine.running import Step, StepFailed, check, run
from cleaning.operations import InvalidStep, Outline, parse
from tests.cleaning.operations.checking import applied, failing, frame, tables
from tests.cleaning.snippets import cells, ran

ROWS = 22
TABLE = {
    "id": ("integer", list(range(ROWS))),
    "code": ("text", [None, *(f"c{n}" for n in range(ROWS - 1))]),
    "few ids": ("integer", [*range(19), None, None, None]),
    "nearly": ("text", [f"c{n // 2}" for n in range(ROWS)]),
    "weight": ("decimal", [n / 7 for n in range(ROWS)]),
    "day": ("date", [f"2024-01-{n + 1:02}" for n in range(ROWS)]),
    "same": ("text", ["x"] * ROWS),
    "same or none": ("integer", [5, None] * (ROWS // 2)),
    "none": ("boolean", [None] * ROWS),
    "flag": ("boolean", [True, False] * (ROWS // 2)),
    "late": ("integer", [0] * (ROWS - 1) + [1]),
}


@pytest.mark.parametrize(
    ("params", "gone"),
    [
        ({}, ["id", "code", "same", "same or none", "none"]),
        ({"id_like": False}, ["same", "same or none", "none"]),
        ({"constant": False}, ["id", "code"]),
        ({"keep": ["id", "same"]}, ["code", "same or none", "none"]),
    ],
)
def test_columns_that_go(params, gone):
    data, dtypes = frame(**TABLE)
    done = applied(data, dtypes, "drop_uninformative", **params)
    assert done.done[0].change.columns_removed == gone
    assert list(done.frame.columns) == [name for name in TABLE if name not in gone]
    profile = {
        "rows": ROWS,
        "columns": [
            {
                "name": name,
                "dtype": dtypes[name],
                "unique_count": int(data[name].nunique()),
                "missing_count": int(data[name].isna().sum()),
            }
            for name in data.columns
        ],
    }
    assert parse("drop_uninformative", params).estimate(profile).removed == len(gone)


def test_later_data_lose_the_columns_that_were_learned():
    operation = parse("drop_uninformative", {})
    learned = json.loads(json.dumps(applied(*frame(**TABLE), "drop_uninformative").done[0].fitted))
    data, dtypes = frame(same=("text", ["x", "y"]), flag=("boolean", [True, True]), other=("integer", [1, 1]))
    done = run(data, dtypes, [Step(1, operation, learned)])
    assert cells(done.frame) == cells(data[["flag", "other"]])
    with pytest.raises(StepFailed) as refusal:
        run(*frame(same=("text", ["x", "y"])), [Step(1, operation, learned)])
    assert refusal.value.details["reason"] == "no_column_left"


def test_what_may_be_gone_is_not_promised_but_may_be_used():
    before = Outline({"id": "integer", "t": "text", "w": "decimal", "target": "boolean"})
    after = parse("drop_uninformative", {"keep": ["target"]}).outline(before)
    assert after.uncertain == {"id", "t", "w"}
    assert parse("drop_uninformative", {"constant": False}).outline(before).uncertain == {"id", "t"}
    assert after.without(["t"]).uncertain == {"id", "w"}

    steps = [
        Step(1, parse("drop_uninformative", {})),
        Step(2, parse("fill_missing", {"columns": ["same"], "strategy": "mode"})),
    ]
    data, dtypes = frame(**TABLE)
    check(steps, dtypes)
    with pytest.raises(StepFailed) as refusal:
        run(data, dtypes, steps)
    assert (refusal.value.details["step_order"], refusal.value.details["reason"]) == (2, "column_not_found")
    data["same"] = data["nearly"]
    assert "same" in run(data, dtypes, steps).frame
    wrong = [steps[0], Step(2, parse("fill_missing", {"columns": ["same"], "strategy": "mean"}))]
    with pytest.raises(StepFailed) as refusal:
        check(wrong, dtypes)
    assert refusal.value.details["reason"] == "column_has_wrong_type"


def test_refusals():
    same = frame(a=("text", ["x", "x"]), b=("integer", [None, None]))
    assert failing(*same, "drop_uninformative") == "no_column_left"
    assert failing(*same, "drop_uninformative", keep=["z"]) == "column_not_found"
    with pytest.raises(InvalidStep):
        parse("drop_uninformative", {"constant": False, "id_like": False})


def test_one_row_tells_nothing():
    done = applied(*frame(a=("text", ["x"]), b=("integer", [None])), "drop_uninformative")
    assert list(done.frame.columns) == ["a", "b"]


def test_columns_known_only_from_data_are_judged_by_what_they_hold():
    data, _dtypes = frame(**TABLE)
    code = parse("drop_uninformative", {}).snippet(Outline({"weight": "decimal", "day": "date"}, ("i", "c", "f")))
    assert list(ran(data.drop(columns=["late"]), code)) == ["few ids", "nearly", "weight", "day", "flag"]


@given(
    tables(["integer", "text", "boolean", "decimal", "datetime"], rows=(1, 24)), st.booleans(), st.sampled_from([1, 3])
)
def test_as_a_count_of_values_finds_it(table, nearly, held):
    data, dtypes = table
    gone = []
    for name, values in cells(data).items():
        present = [value for value in values if value is not None]
        ids = dtypes[name] in ("integer", "text") and len(set(present)) == len(present) >= 20
        if (len(set(present)) <= 1 < len(data)) or (nearly and ids):
            gone.append(name)
    keep = list(data.columns)[:held]
    gone = [name for name in gone if name not in keep]
    done = applied(data, dtypes, "drop_uninformative", id_like=nearly, keep=keep)
    assert done.done[0].change.columns_removed == gone


@given(st.lists(st.lists(st.integers(0, 1), min_size=5, max_size=5), min_size=2, max_size=6))
def test_constant_columns_as_scikit_learn_finds_them(rows):
    table = frame(kept=("integer", [0] * len(rows)), **{
        f"c{place}": ("integer", [row[place] for row in rows]) for place in range(5)
    })  # fmt: skip
    done = applied(*table, "drop_uninformative", keep=["kept"])
    if np.ptp(rows, axis=0).any():
        stay = [f"c{place}" for place in VarianceThreshold().fit(rows).get_support(indices=True)]
    else:
        stay = []  # scikit-learn refuses such a table
    assert list(done.frame.columns) == ["kept", *stay]
