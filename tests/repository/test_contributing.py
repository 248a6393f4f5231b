"""The example analysis of CONTRIBUTING.md is code that works."""

import re
import textwrap
import types
from pathlib import Path

import numpy as np
import polars as pl

from analysis.services import Service
from tabular.engines.local import Table
from tabular.schema import Column

ROOT = Path(__file__).parents[2]


def example() -> types.ModuleType:
    block = re.search(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL)
    module = types.ModuleType("spread")
    exec(textwrap.dedent(block[1]), vars(module))
    return module


def test_the_example_answers(tmp_path):
    spread = example()
    numbers = [5.0, None, 1.0, 9.5, 2.0, 7.0, 3.0]
    pl.DataFrame({"qty": numbers}).write_parquet(tmp_path / "t.parquet")
    columns = (Column("qty", "decimal", "measure"),)
    service = Service(spread.Params, spread.run, spread.frame)

    params = service.params.parse({"column": "qty", "tail": 10}, columns, {})
    answer = service.run(Table(tmp_path / "t.parquet", columns), params)

    present = [number for number in numbers if number is not None]
    assert answer.result == {"low": np.quantile(present, 0.1), "high": np.quantile(present, 0.9)}
    assert answer.receipt["rows"] == 7
    assert answer.receipt["rows_used"] == 6
    assert service.frame(answer.result).to_dict("records") == [answer.result]


def test_the_registry_line_names_the_example():
    line = re.search(r'"spread": Service\((.*)\),', (ROOT / "CONTRIBUTING.md").read_text())
    assert line[1] == "spread.Params, spread.run, spread.frame"
