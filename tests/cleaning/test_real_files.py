"""Every operation on real files, with everything checked that must hold of any: counts, types, memory, code."""

from pathlib import Path

import pytest

from cleaning.engine import frames
from cleaning.engine.running import StepFailed
from cleaning.operations import OPERATIONS
from tabular.ingest import ingest
from tabular.options import Options
from tests.cleaning.operations.checking import applied

HERE = Path(__file__).parents[1] / "data"
SHARED = Path(__file__).parents[3] / "shared" / "data"
FILES = [
    HERE / "superstore.xlsx",
    HERE / "messy_ja.csv",
    HERE / "retail_ja.csv",
    SHARED / "bokeh_titanic_all.csv",
    SHARED / "penguins.csv",
    SHARED / "vega_seattle-weather.csv",
    SHARED / "vega_cars.json",
    SHARED / "nycflights13_planes.csv",
]
ROWS = 400


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.name)
def table(request, tmp_path_factory):
    """The first rows of a real file, typed by the product."""
    if not request.param.exists():
        pytest.skip(f"{request.param.name} is not shipped with the project")
    target = tmp_path_factory.mktemp("real") / "table.parquet"
    found = ingest(request.param, target, Options(filename=request.param.name))
    return frames.read(target).head(ROWS), {column.name: column.dtype for column in found.columns}


def chosen(frame, dtypes):
    """``[(operation, params)]`` that fit the table: for each operation the columns that it takes."""
    numbers = [name for name, dtype in dtypes.items() if dtype in ("integer", "decimal")]
    known = [name for name in numbers if frame[name].notna().any()]
    texts = [name for name, dtype in dtypes.items() if dtype == "text"]
    labels = [name for name in texts if 0 < frame[name].nunique() <= 50]
    days = [name for name, dtype in dtypes.items() if dtype in ("date", "datetime")]
    every = list(dtypes)
    return [
        (operation, params)
        for operation, columns, params in [
            ("bin", known, {"columns": known, "method": "quantile"}),
            ("bin", known, {"columns": known}),
            ("cast", every, {"columns": every, "dtype": "text"}),
            ("cast", texts, {"columns": texts, "dtype": "decimal", "errors": "empty"}),
            ("drop_columns", every[1:], {"columns": every[1:]}),
            ("drop_duplicates", every, {}),
            ("drop_missing_rows", every, {"how": "any"}),
            ("drop_uninformative", every, {"keep": every[:1]}),
            ("fill_missing", known, {"columns": known, "strategy": "median", "flag": True}),
            ("fill_missing", labels, {"columns": labels, "strategy": "mode"}),
            ("fill_missing", every, {"columns": every, "strategy": "forward"}),
            ("frequency_encode", texts, {"columns": texts}),
            ("group_rare", labels, {"columns": labels, "min_share": 0.2}),
            ("log_transform", known, {"columns": known, "method": "signed_log1p"}),
            ("merge_categories", texts, {"columns": texts}),
            ("normalise_text", texts, {"columns": texts, "case": "lower", "company": True}),
            ("one_hot", labels, {"columns": labels, "missing": True}),
            ("ordinal_encode", labels, {"columns": labels}),
            ("outliers", known, {"columns": known}),
            ("outliers", known, {"columns": known, "method": "z", "action": "empty"}),
            ("parse_dates", texts, {"columns": texts, "errors": "empty"}),
            ("rename_columns", every, {"names": {every[0]: every[0] + " (old)"}}),
            ("replace_values", labels, {"columns": labels, "replacements": [{"from": None, "to": "?"}]}),
            ("scale", known, {"columns": known}),
            ("scale", known, {"columns": known, "method": "robust"}),
            ("split_date", days, {"columns": days, "keep": True}),
            ("split_rows", every, {"column": "part", "test_share": 0.25, "seed": 7}),
        ]
        if columns
    ]


def test_every_operation_on_every_column_it_takes(table):
    frame, dtypes = table
    tried = chosen(frame, dtypes)
    for operation, params in tried:
        try:
            applied(frame, dtypes, operation, **params)
        except StepFailed as refusal:  # a step may not fit a file; then it says so in words
            assert refusal.details["message"] % refusal.details["details"], (operation, refusal)
            assert refusal.details["reason"] in EXPECTED, (operation, refusal.details)
    assert len(tried) > 15


# Refusals that are right for some of these files.
EXPECTED = {"no_row_left", "no_column_left"}


def test_the_list_is_complete():
    dtypes = {"a": "integer", "b": "text", "c": "date"}
    import pandas as pd

    frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"], "c": pd.to_datetime(["2024-01-01", "2024-01-02"])})
    assert {operation for operation, _params in chosen(frame, dtypes)} == set(OPERATIONS)
