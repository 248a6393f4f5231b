"""A table, its real profile, the plan that the rules make of it, and the table after it."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.services import profile
from cleaning.engine import frames
from cleaning.engine.running import Ran, Step, check, run
from cleaning.planner.proposed import Proposed
from cleaning.planner.rules import propose
from tabular import roles
from tabular.engines.local import Table
from tabular.ingest import ingest
from tabular.options import Options
from tabular.schema import Column
from tests.cleaning.snippets import cells

SHARED = Path(__file__).parents[4] / "shared/data"
Cells = tuple[pd.DataFrame, dict[str, Any]]


def profiled(table: pd.DataFrame, dtypes: Mapping[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        frames.write(table, dtypes, path)
        columns = roles.assign([Column(name, dtype) for name, dtype in dtypes.items()], path)
        return _facts(Table(path, columns))


def read(source: Path, rows: int | None = None) -> tuple[pd.DataFrame, dict[str, Any], dict[str, Any]]:
    """A file as the product takes it: its cells, its types, its profile; of its first ``rows``, if told."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        made = ingest(source, path, Options(source.name))
        dtypes: dict[str, Any] = {column.name: column.dtype for column in made.columns}
        table = frames.read(path).copy()
        if rows is not None:
            return table.head(rows), dtypes, profiled(table.head(rows), dtypes)
        return table, dtypes, _facts(Table(path, made.columns))


def _facts(table: Table) -> dict[str, Any]:
    """As the planner gets them: through JSON."""
    facts: dict[str, Any] = json.loads(json.dumps(profile.run(table, profile.Params()).result, allow_nan=False))
    return facts


def carried_out(plan: Sequence[Proposed], table: pd.DataFrame, dtypes: Mapping[str, Any]) -> Ran:
    steps = [Step(order, one.operation) for order, one in enumerate(plan, start=1)]
    check(steps, dtypes)
    return run(table, dtypes, steps)


def planned(table: pd.DataFrame, dtypes: dict[str, Any], task: Any, target: str | None) -> tuple[list[Proposed], Ran]:
    """The plan and what it leads to, checked for what must hold of any plan."""
    facts = profiled(table, dtypes)
    plan = propose(facts, task, target)
    assert propose(json.loads(json.dumps(facts)), task, target) == plan
    ran = carried_out(plan, table, dtypes)
    for step in plan:
        assert step.why is not None
        assert step.why.template % json.loads(json.dumps(dict(step.why.facts)))
    return plan, ran


def assert_untouched(table: pd.DataFrame, ran: Ran, target: str) -> None:
    """The target's cells of the rows that stayed are what they were; rows without it are gone."""
    assert cells(table.loc[ran.frame.index, [target]]) == cells(ran.frame[[target]])
    if table[target].notna().any():
        assert ran.frame[target].notna().all()


def assert_ready(ran: Ran, target: str | None) -> None:
    """Every feature is a number that varies, in every row."""
    for name in ran.frame.columns:
        if name == target:
            continue
        assert ran.dtypes[name] in ("integer", "decimal"), (name, ran.dtypes[name])
        numbers = ran.frame[name].to_numpy(dtype="float64", na_value=np.nan)
        assert np.isfinite(numbers).all(), name
        assert len(numbers) < 2 or numbers.min() < numbers.max(), name
