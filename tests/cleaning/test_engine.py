"""The engine on its own: what is read, compared and written."""

import math
import time

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaning.engine import frames
from cleaning.engine.changes import compare, differing
from cleaning.engine.running import Step, StepFailed, check, execute, run
from cleaning.operations import parse
from tabular import parquet
from tabular.schema import Column
from tests.cleaning.operations.checking import VALUES, frame, tables
from tests.cleaning.snippets import cells

ALL = ["integer", "decimal", "boolean", "text", "date", "datetime"]


@given(table=tables(ALL))
def test_a_table_comes_back_as_it_was_stored(table, tmp_path_factory):
    data, dtypes = table
    path = tmp_path_factory.mktemp("stored") / "table.parquet"
    frames.write(data, dtypes, path)
    assert cells(frames.read(path)) == cells(data)
    assert parquet.read_schema(path) == dtypes


def two_columns(dtype):
    column = st.lists(VALUES[dtype] | st.none(), min_size=5, max_size=5)
    return st.tuples(column, column, st.just(dtype))


@given(pair=st.sampled_from(ALL).flatmap(two_columns))
def test_cells_differ_when_their_values_do(pair):
    old, new, dtype = pair
    first, _ = frame(x=(dtype, old))
    second, _ = frame(x=(dtype, new))
    expected = [a != b for a, b in zip(cells(first)["x"], cells(second)["x"], strict=True)]
    assert differing(first["x"], second["x"]).tolist() == expected


def test_the_value_counts_not_the_type_it_is_kept_in():
    whole, _ = frame(x=("integer", [1, 2**53 + 1, None, 3]))
    broken, _ = frame(x=("decimal", [1.0, float(2**53), None, 3.5]))
    text, _ = frame(x=("text", ["1", None, None, "3"]))
    assert differing(whole["x"], broken["x"]).tolist() == [False, True, False, True]
    assert differing(whole["x"], text["x"]).tolist() == [True, True, False, True]


def test_infinity_is_missing(tmp_path):
    path = tmp_path / "table.parquet"
    pl.DataFrame({"x": [1.0, math.inf, -math.inf, None]}).write_parquet(path)
    assert cells(frames.read(path)) == {"x": [1.0, None, None, None]}


def test_the_whole_plan_is_checked_before_anything_runs():
    steps = [Step(1, parse("drop_columns", {"columns": ["a"]})), Step(2, parse("scale", {"columns": ["a"]}))]
    with pytest.raises(StepFailed) as refusal:
        check(steps, {"a": "integer", "b": "text"})
    assert refusal.value.details["step_order"] == 2
    assert refusal.value.details["reason"] == "column_not_found"


def test_columns_that_only_the_data_names_can_be_used_later():
    table = frame(color=("text", ["red", "blue", "red"]), n=("integer", [1, 2, 3]))
    steps = [
        Step(1, parse("one_hot", {"columns": ["color"]})),
        Step(2, parse("drop_columns", {"columns": ["color_red"]})),
    ]
    assert cells(run(*table, steps).frame) == {"n": [1, 2, 3], "color_blue": [0, 1, 0]}
    with pytest.raises(StepFailed):
        run(*table, [steps[0], Step(2, parse("drop_columns", {"columns": ["color_green"]}))])


def test_the_same_plan_gives_the_same_bytes(tmp_path):
    data = pd.DataFrame({"a": pd.array(range(300_000), dtype="Int64"), "b": [one / 7 for one in range(300_000)]})
    data["c"] = (data["a"] % 5).astype("str")
    source = tmp_path / "source.parquet"
    columns = [Column("a", "integer"), Column("b", "decimal"), Column("c", "text")]
    frames.write(data, {column.name: column.dtype for column in columns}, source)
    before = source.read_bytes()
    made = [parse("scale", {"columns": ["b"]}), parse("one_hot", {"columns": ["c"]})]
    steps = [Step(order, operation).to_dict() for order, operation in enumerate(made, 1)]
    outputs = []
    for name in ("first", "second"):
        execute(source, columns, {}, steps, None, tmp_path / name)
        outputs.append((tmp_path / name).read_bytes())
    assert outputs[0] == outputs[1]
    assert source.read_bytes() == before


def test_comparing_many_columns_takes_time_by_their_number_not_its_square():
    """Four times the columns take about four times as long; a walk over all names for each takes sixteen times."""
    seconds = []
    for columns in (1_000, 4_000):
        table = pd.DataFrame({f"c{place}": [1, 2] for place in range(columns)}, dtype="Int64")
        started = time.perf_counter()
        compare(table, table.copy(), ["c1"], {})
        seconds.append(time.perf_counter() - started)
    assert seconds[1] < 8 * seconds[0] + 0.1
