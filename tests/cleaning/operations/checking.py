"""What must hold of every operation on every table, and tables to try it on."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from cleaning.engine import frames
from cleaning.engine.running import Ran, Step, StepFailed, run
from cleaning.operations import Operation, Outline, parse
from tests.cleaning.snippets import as_from_csv, cells, ran

TEXT = pd.StringDtype(na_value=float("nan"))
PANDAS = {"integer": "Int64", "decimal": "float64", "boolean": "boolean", "text": TEXT,
          "date": "datetime64[us]", "datetime": "datetime64[us]"}  # fmt: skip


def frame(**columns: tuple[str, Sequence[Any]]) -> tuple[pd.DataFrame, dict[str, Any]]:
    """``frame(age=("integer", [1, None]))`` → the frame as the engine has it, and its types."""
    made = {name: _series(dtype, values) for name, (dtype, values) in columns.items()}
    return pd.DataFrame(made), {name: dtype for name, (dtype, _values) in columns.items()}


def _series(dtype: str, values: Sequence[Any]) -> pd.Series:
    if dtype in ("date", "datetime"):
        return pd.Series([pd.NaT if one is None else pd.Timestamp(one) for one in values], dtype="datetime64[us]")
    missing: Any = pd.NA if dtype in ("integer", "boolean") else float("nan")
    return pd.Series([missing if one is None else one for one in values], dtype=PANDAS[dtype])


def applied(table: pd.DataFrame, dtypes: dict[str, Any], operation: str, **params: Any) -> Ran:
    """One step through the engine, with everything checked that must hold of any operation."""
    made = parse(operation, params)
    assert parse(operation, json.loads(json.dumps(made.params()))) == made
    untouched = cells(table)
    done = run(table, dtypes, [Step(1, made)], samples=20)
    assert cells(table) == untouched, "the given table was changed"
    fitted = done.done[0].fitted
    again = run(table, dtypes, [Step(1, made, json.loads(json.dumps(fitted)))])
    assert cells(again.frame) == cells(done.frame), "what was learned does not survive JSON"
    _as_outlined(made, dtypes, done)
    _as_counted(made, table, dtypes, done)
    _as_coded(made, table, dtypes, done)
    said = made.describe()
    assert said.template % said.facts
    return done


def failing(table: pd.DataFrame, dtypes: dict[str, Any], operation: str, **params: Any) -> str:
    """The reason for which the step is refused."""
    try:
        run(table, dtypes, [Step(1, parse(operation, params))])
    except StepFailed as refusal:
        assert refusal.details["message"] % refusal.details["details"]
        return str(refusal.details["reason"])
    raise AssertionError("the step was not refused")


def _as_outlined(operation: Operation, dtypes: dict[str, Any], done: Ran) -> None:
    """The types promised before anything ran are those that came."""
    outline = operation.outline(Outline(dtypes))
    for name, dtype in outline.columns.items():
        if name in done.dtypes or name not in outline.uncertain:
            assert done.dtypes[name] == dtype, (name, dtype, done.dtypes[name])
    for name in done.dtypes:
        assert name in outline.columns or name.startswith(outline.prefixes), name
    assert list(done.dtypes) == list(done.frame.columns)
    assert cells(frames.settled(done.frame)) == cells(done.frame)


def _as_counted(operation: Operation, table: pd.DataFrame, dtypes: dict[str, Any], done: Ran) -> None:
    """The counts, against a walk over all cells of both tables."""
    change, renames = done.done[0].change, dict(operation.renames())
    assert set(done.frame.index) <= set(table.index)
    assert done.frame.index.is_unique
    origin = {renames.get(name, name): name for name in table.columns}
    changed, rows = 0, set()
    after = {name: dict(zip(done.frame.index, values, strict=True)) for name, values in cells(done.frame).items()}
    before = {name: dict(zip(table.index, values, strict=True)) for name, values in cells(table).items()}
    for name, column in after.items():
        if name not in origin:
            continue
        text = done.dtypes[name] == "text", dtypes[origin[name]] == "text"
        for row, cell in column.items():
            old = before[origin[name]][row]
            if old != cell or (None not in (old, cell) and text[0] != text[1]):
                changed += 1
                rows.add(row)
    assert (change.cells_changed, change.rows_changed) == (changed, len(rows))
    assert change.rows_after == len(done.frame)
    assert set(change.columns_added) == set(after) - set(origin)
    assert set(change.columns_removed) == set(origin.values()) - {origin.get(name) for name in after}


def _as_coded(operation: Operation, table: pd.DataFrame, dtypes: dict[str, Any], done: Ran) -> None:
    """The rendered code does the same, also to what ``pd.read_csv`` makes of the table."""
    code = "\n".join([*operation.imports, operation.snippet(Outline(dtypes))])
    for given in (table, as_from_csv(table)):
        found = ran(given, code)
        assert isinstance(found, pd.DataFrame), f"{found}\n{code}"
        assert cells(found) == cells(done.frame), code
        assert list(found.index) == list(done.frame.index), code


# --- tables for property tests ----------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["", " ", "a", "A ", "ａ", "東京", "㈱アオキ", "株式会社 アオキ", "=1+1", "x\ny", '"q"', "a'b", "None"]
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "integer": st.integers(-(2**53), 2**53) | st.integers(-3, 3),
    "decimal": st.floats(-1e9, 1e9, allow_nan=False, width=32) | st.sampled_from([0.0, 0.5, -1.5]),
    "boolean": st.booleans(),
    "text": WORDS | st.text(max_size=5).filter(lambda text: "\x00" not in text and text.isprintable()),
    "date": st.dates()
    .filter(lambda day: 1700 < day.year < 2200)
    .map(lambda day: datetime(day.year, day.month, day.day)),
    "datetime": st.datetimes(datetime(1700, 1, 1), datetime(2200, 1, 1)).map(lambda one: one.replace(microsecond=0)),
}
NAMES = ["a", "b c", "値段", 'q"uote', "it's", "x\\n", "df", "column", "{c}", "%(x)s", "self"]


@st.composite
def tables(draw: Any, dtypes: Sequence[str], *, rows: tuple[int, int] = (1, 12), nulls: bool = True) -> Any:
    """A table with one column of each of ``dtypes``, under awkward names, with cells missing."""
    count = draw(st.integers(*rows))
    names = draw(st.permutations(NAMES))[: len(dtypes)]
    columns = {}
    for name, dtype in zip(names, dtypes, strict=True):
        value = VALUES[dtype] | st.none() if nulls else VALUES[dtype]
        columns[name] = (dtype, draw(st.lists(value, min_size=count, max_size=count)))
    return frame(**columns)
