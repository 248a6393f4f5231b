from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from cleaning.engine.running import Step, run
from cleaning.operations import parse
from tests.cleaning.operations.checking import applied, failing, frame, tables
from tests.cleaning.snippets import cells


def test_shares_are_of_the_rows_that_hold_a_value():
    table = frame(t=("text", ["a", None, "b", "a", "a"]), n=("integer", [7, 7, None, 8, 9]))
    done = applied(*table, "frequency_encode", columns=["t", "n"])
    assert cells(done.frame) == {"t": [0.75, None, 0.25, 0.75, 0.75], "n": [0.5, 0.5, None, 0.25, 0.25]}
    assert done.dtypes == {"t": "decimal", "n": "decimal"}


def test_counts_are_integers():
    table = frame(t=("text", ["a", None, "b", "a"]), b=("boolean", [True, None, True, False]))
    done = applied(*table, "frequency_encode", columns=["t", "b"], share=False)
    assert cells(done.frame) == {"t": [2, None, 1, 2], "b": [2, None, 2, 1]}
    assert done.dtypes == {"t": "integer", "b": "integer"}


def test_values_that_come_later_never_occurred():
    for share, expected in ((True, [0.0, 0.5, None]), (False, [0, 1, None])):
        operation = parse("frequency_encode", {"columns": ["t"], "share": share})
        fitted = run(*frame(t=("text", ["b", "a"])), [Step(1, operation)]).done[0].fitted
        later = run(*frame(t=("text", ["c", "b", None])), [Step(1, operation, fitted)])
        assert cells(later.frame) == {"t": expected}


def test_integers_beyond_decimals_are_told_apart():
    data, dtypes = frame(n=("integer", [2**62 + 1, None, 2**62, 2**62]))
    done = run(data, dtypes, [Step(1, parse("frequency_encode", {"columns": ["n"], "share": False}))])
    assert cells(done.frame) == {"n": [1, None, 2, 2]}


def test_refusals():
    assert failing(*frame(x=("decimal", [1.0])), "frequency_encode", columns=["x"]) == "column_has_wrong_type"
    many = frame(n=("integer", range(50_001)), m=("integer", range(50_001)))
    assert failing(*many, "frequency_encode", columns=["n", "m"]) == "too_many_categories"


@given(tables(["text", "integer", "boolean"]), st.booleans())
@settings(max_examples=40)
def test_as_counted_by_hand_and_as_the_snippet_has_it(table, share):
    data, dtypes = table
    done = applied(data, dtypes, "frequency_encode", columns=list(data.columns), share=share)
    for name, then in cells(data).items():
        counts = Counter(one for one in then if one is not None)
        total = counts.total() if share else 1
        assert cells(done.frame)[name] == [None if one is None else counts[one] / total for one in then]


def test_what_the_profile_can_say():
    column = {"name": "t", "dtype": "text", "missing_count": 2, "unique_count": 4}
    profile = {"rows": 9, "columns": [column, column | {"name": "n", "dtype": "integer"}]}
    assert parse("frequency_encode", {"columns": ["t"]}).estimate(profile).cells == 7
    assert parse("frequency_encode", {"columns": ["n"]}).estimate(profile).cells is None
