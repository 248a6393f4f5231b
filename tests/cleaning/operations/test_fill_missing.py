import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cleaning.operations.checking import applied, failing, frame, tables
from tests.cleaning.snippets import cells


def test_mean_of_what_is_there():
    done = applied(*frame(age=("integer", [1, None, 4])), "fill_missing", columns=["age"], strategy="mean")
    assert cells(done.frame) == {"age": [1, 2.5, 4]}


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [("median", [None, 2, 2, 7]), ("mode", [None, 2, 2, 7]), ("forward", [None, 2, 2, 7]), ("backward", [2, 2, 7, 7])],
)
def test_against_a_hand_made_column(strategy, expected):
    table = frame(n=("integer", [None, 2, None, 7]))
    done = applied(*table, "fill_missing", columns=["n"], strategy=strategy)
    fill = {"median": 4.5, "mode": 2}.get(strategy)
    wanted = [fill, 2, fill, 7] if fill else expected
    assert cells(done.frame) == {"n": wanted}


def test_flag_says_where_values_were_missing():
    done = applied(
        *frame(t=("text", ["x", None])), "fill_missing", columns=["t"], strategy="constant", value="?", flag=True
    )
    assert cells(done.frame) == {"t": ["x", "?"], "t_was_missing": [("boolean", False), ("boolean", True)]}


def test_values_of_another_type_are_refused():
    table = frame(n=("integer", [1, None]), d=("date", ["2024-01-01", None]), t=("text", ["x", None]))
    assert failing(*table, "fill_missing", columns=["n"], strategy="constant", value="x") == "value_not_of_column"
    assert failing(*table, "fill_missing", columns=["d"], strategy="constant", value="soon") == "value_not_of_column"
    assert failing(*table, "fill_missing", columns=["t"], strategy="mean") == "column_has_wrong_type"
    assert failing(*table, "fill_missing", columns=["z"], strategy="mode") == "column_not_found"


@given(tables(["integer", "decimal"]), st.sampled_from(["mean", "median", "interpolate", "mode"]), st.booleans())
def test_numbers_as_the_snippet_has_them(table, strategy, flag):
    data, dtypes = table
    known = [name for name in data.columns if data[name].notna().any()]
    if known:
        applied(data, dtypes, "fill_missing", columns=known, strategy=strategy, flag=flag)


@given(tables(["text", "boolean", "date", "datetime"]), st.sampled_from(["forward", "backward", "mode"]))
def test_other_types_as_the_snippet_has_them(table, strategy):
    data, dtypes = table
    known = [name for name in data.columns if data[name].notna().any()]
    if known:
        applied(data, dtypes, "fill_missing", columns=known, strategy=strategy)


def test_a_column_without_values_teaches_nothing():
    data, dtypes = frame(n=("integer", [None, None]))
    assert failing(data, dtypes, "fill_missing", columns=["n"], strategy="mode") == "column_without_values"
    assert isinstance(data, pd.DataFrame)


@pytest.mark.parametrize("value", ["now", "today", "NaT", "", "12:00", "1/2/2024", "2024", "2024-W05-1", "2024-02-30"])
@pytest.mark.parametrize("dtype", ["date", "datetime"])
def test_only_an_iso_date_stands_for_a_date(dtype, value):
    table = frame(d=(dtype, ["2024-01-01", None]))
    assert failing(*table, "fill_missing", columns=["d"], strategy="constant", value=value) == "value_not_of_column"


@pytest.mark.parametrize("value", ["2024-02-01T15:04:05", "2024-02-01T00:00:00Z"])
def test_a_date_has_no_time(value):
    table = frame(d=("date", ["2024-01-01", None]))
    assert failing(*table, "fill_missing", columns=["d"], strategy="constant", value=value) == "value_not_of_column"


def test_moments_with_an_offset_go_where_there_are_some():
    plain = frame(m=("datetime", ["2024-01-01T10:00", None]))
    zoned = (plain[0].assign(m=plain[0]["m"].dt.tz_localize("UTC")), plain[1])
    done = applied(*plain, "fill_missing", columns=["m"], strategy="constant", value="2024-02-01T15:04:05")
    assert done.frame["m"].iloc[1] == pd.Timestamp("2024-02-01T15:04:05")
    done = applied(*zoned, "fill_missing", columns=["m"], strategy="constant", value="2024-02-01T15:04:05+09:00")
    assert done.frame["m"].iloc[1] == pd.Timestamp("2024-02-01T06:04:05Z")
    for table, value in ((plain, "2024-02-01T15:04:05Z"), (zoned, "2024-02-01T15:04:05")):
        assert failing(*table, "fill_missing", columns=["m"], strategy="constant", value=value) == "value_not_of_column"


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 10**400], ids=["more", "less", "huge"])
def test_whole_numbers_have_64_bits(value):
    table = frame(n=("integer", [1, None]))
    assert failing(*table, "fill_missing", columns=["n"], strategy="constant", value=value) == "value_not_of_column"
