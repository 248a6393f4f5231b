"""Small visible tables: what is asked is read off the page, a blank is a null."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import polars as pl

from analysis.services import KINDS
from tabular.engines.local import Table
from tabular.schema import Column

POLARS = {
    "integer": pl.Int64,
    "decimal": pl.Float64,
    "boolean": pl.Boolean,
    "date": pl.Date,
    "datetime": pl.Datetime("us"),
    "text": pl.String,
}
READ = {
    "integer": int,
    "decimal": float,
    "boolean": lambda text: text == "true",
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "text": str,
}


def drawn(text: str) -> tuple[pl.DataFrame, tuple[Column, ...]]:
    """``name:dtype[:role] | …`` on the first line, a row on each other line."""
    head, *lines = [line for line in text.strip().splitlines() if line.strip()]
    columns = []
    for part in head.split("|"):
        name, dtype, *role = part.strip().split(":")
        columns.append(Column(name, dtype, role[0] if role else None))
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    cells = {
        column.name: [READ[column.dtype](row[at]) if row[at] else None for row in rows]
        for at, column in enumerate(columns)
    }
    return pl.DataFrame(cells, schema={column.name: POLARS[column.dtype] for column in columns}), tuple(columns)


def roles_of(columns: Sequence[Column]) -> dict[str, object]:
    """What the columns say of themselves, as a dataset hands it on."""
    first = {
        role: next((one.name for one in columns if one.role == role), None) for role in ("date", "store", "category")
    }
    return first | {"measures": [one.name for one in columns if one.role == "measure"]}


@contextmanager
def stored(frame: pl.DataFrame, columns: Sequence[Column], *, row_group_size: int | None = None) -> Iterator[Table]:
    """The table as it is stored, a small one in small row groups so that their borders are met."""
    row_group_size = row_group_size or max(4, len(frame) // 5)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        frame.write_parquet(path, row_group_size=row_group_size)
        yield Table(path, columns)


def ask(kind: str, body: dict, frame: pl.DataFrame, columns: Sequence[Column], roles: dict | None = None):
    """The answer of an analysis to a table; checks on the way what holds for every kind."""

    service = KINDS[kind]
    params = service.parse(body, columns, roles_of(columns) if roles is None else roles)
    again = json.loads(json.dumps(params.canonical()))
    assert service.parse(again, columns, {}) == params
    with stored(frame, columns) as table:
        answer = service.run(table, params, {})
    json.dumps(answer.result, allow_nan=False)
    receipt = answer.receipt
    assert receipt["rows"] == len(frame) == receipt["rows_used"] + sum(receipt["rows_excluded"].values())
    service.frame(answer.result)
    return answer
