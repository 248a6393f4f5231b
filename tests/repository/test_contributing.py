"""The example analysis of CONTRIBUTING.md is code that works."""

import re
import textwrap
import types
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from analysis.services import Service
from cleaning.operations import OPERATIONS
from tabular.engines.local import Table
from tabular.schema import Column
from tests.cleaning.operations.checking import applied, frame

ROOT = Path(__file__).parents[2]


WRITTEN = (ROOT / "CONTRIBUTING.md").read_text()


def example(holding: str) -> types.ModuleType:
    """The code block that holds this text, as a module."""
    blocks = re.findall(r"^ *```python\n(.*?)```", WRITTEN, re.DOTALL | re.MULTILINE)
    module = types.ModuleType("spread")
    exec(textwrap.dedent(next(block for block in blocks if holding in block)), vars(module))
    return module


def test_the_example_answers(tmp_path):
    spread = example("class Params")
    numbers = [5.0, None, 1.0, 9.5, 2.0, 7.0, 3.0]
    pl.DataFrame({"qty": numbers}).write_parquet(tmp_path / "t.parquet")
    columns = (Column("qty", "decimal", "measure"),)
    service = Service("spread", spread.Params, spread.run, spread.frame)

    params = service.params.parse({"column": "qty", "tail": 10}, columns, {})
    answer = service.run(Table(tmp_path / "t.parquet", columns), params)

    present = [number for number in numbers if number is not None]
    assert answer.result == {"low": np.quantile(present, 0.1), "high": np.quantile(present, 0.9)}
    assert answer.receipt["rows"] == 7
    assert answer.receipt["rows_used"] == 6
    assert service.frame(answer.result).to_dict("records") == [answer.result]
    script = example("def compute")
    assert script.compute(pd.DataFrame({"qty": numbers}), params.canonical()) == answer.result


def test_the_registry_line_names_the_example():
    line = re.search(r"   Service\((.*)\)$", WRITTEN, re.MULTILINE)
    assert line[1] == '"spread", spread.Params, spread.run, spread.frame'


def test_the_example_operation_keeps_the_promises_of_every_operation(monkeypatch):
    operation = example("class RoundNumbers").RoundNumbers
    monkeypatch.setitem(OPERATIONS, operation.operation, operation)
    table = frame(price=("decimal", [1.26, None, 2.0, -0.34]), n=("integer", [1, 2, None, 4]))
    done = applied(*table, "round_numbers", columns=["price", "n"], digits=1)
    assert done.frame["price"].dropna().tolist() == [round(number, 1) for number in (1.26, 2.0, -0.34)]
