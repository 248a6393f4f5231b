"""Every kind's script, run in a process of its own on the original file, gives the figures of the answer."""

import json
import random
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from analysis.services import KINDS, SourceFacts
from tabular.schema import Column
from tests.spec.tables import roles_of, stored

COLUMNS = (
    Column("日付", "date", "date"),
    Column("店舗名", "text", "store"),
    Column("顧客ID", "integer", "id"),
    Column("部門", "text", "category"),
    Column("売上", "integer", "measure"),
    Column("値引率", "decimal"),
    Column("会員", "boolean"),
    Column("登録日", "date"),
)
QUESTIONS = [
    ("timeseries", {"target_column": "売上"}),
    ("timeseries", {"target_column": "売上", "aggregation": "weekly", "store": "渋谷", "method": "mean"}),
    ("timeseries", {"target_column": "店舗名", "aggregation": "daily", "method": "count"}),
    ("timeseries", {"target_column": "売上", "date_range": ["2024-02-01", "2024-04-15"], "aggregation": "daily"}),
    ("timeseries", {"target_column": "売上", "store": "なし"}),
    ("pareto", {}),
    ("pareto", {"store": "渋谷", "period": "2024-Q1"}),
    ("pareto", {"category_columns": ["売上", "値引率"], "period": "2024-02"}),
    ("histogram", {"column": "値引率", "fit": "normal"}),
    ("histogram", {"column": "売上", "bins": 7}),
    ("summary", {}),
    ("profile", {}),
    ("correlation", {}),
    ("correlation", {"method": "spearman"}),
    ("trend", {"value": "売上", "freq": "W"}),
    ("trend", {"agg": "count", "freq": "M"}),
    ("cohort", {}),
    ("cohort", {"period": "week", "max_periods": 4}),
]
# What only the answer has: words for people, and the profile's reading of its figures.
NOT_RECOMPUTED = {"display_name", "warnings", "issues", "dtype", "role"}


def rows(count=300):
    random.seed(20240101)
    for at in range(count):
        person = random.randint(1, 40)
        yield (
            None if at % 41 == 7 else date(2024, 1, 3) + timedelta(days=random.randint(0, 160)),
            random.choice(["恵比寿", "渋谷", None]),
            person,
            random.choice(["靴", "かばん", "服, 雑貨", None]),
            None if at % 17 == 3 else random.choice([-1, 1]) ** (at % 11 == 0) * random.randint(0, 250_000),
            None if at % 13 == 5 else random.randint(0, 1000) / 8,
            random.choice([True, False, None]),
            date(2023, 12, 20) + timedelta(days=person * 3),
        )


def japanese(cell, name):
    """A cell as a Japanese ledger has it."""
    if cell is None:
        return "-" if name == "売上" else ""
    if name == "日付":
        return f"令和{cell.year - 2018}年{cell.month}月{cell.day}日"
    if name == "登録日":
        return f"{cell.year}/{cell.month}/{cell.day}"
    if name == "売上":
        return f'"▲{-cell:,}"' if cell < 0 else f'"{cell:,}円"'
    return f'"{cell}"' if isinstance(cell, str) else str(cell)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledger")
    cells = list(rows())
    lines = ["売上台帳", "", ",".join(column.name for column in COLUMNS)]
    lines += [",".join(japanese(cell, one.name) for cell, one in zip(row, COLUMNS, strict=True)) for row in cells]
    path = folder / "台帳.csv"
    path.write_bytes("\r\n".join(lines).encode("cp932"))
    schema = {"日付": pl.Date, "店舗名": pl.String, "顧客ID": pl.Int64, "部門": pl.String, "売上": pl.Int64}
    schema |= {"値引率": pl.Float64, "会員": pl.Boolean, "登録日": pl.Date}
    frame = pl.DataFrame(cells, schema=schema, orient="row")
    return path, frame, SourceFacts("台帳.csv", "csv", COLUMNS, encoding="cp932", header_row=3)


def figures(value):
    """A result without what a script does not say, its numbers as approximations."""
    if isinstance(value, dict):
        return {key: figures(one) for key, one in value.items() if key not in NOT_RECOMPUTED}
    if isinstance(value, list):
        return [figures(one) for one in value]
    return pytest.approx(value, rel=1e-9, abs=1e-9) if isinstance(value, float | int) else value


def answered(kind, body, frame, columns=COLUMNS):
    service = KINDS[kind]
    params = service.parse(body, columns, roles_of(columns))
    with stored(frame, columns) as table:
        return params, json.loads(json.dumps(service.run(table, params, {}).result))


def scripted(kind, params, source, path, folder):
    script = folder / "script.py"
    script.write_text(KINDS[kind].code(params, source), encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", script, path], capture_output=True, text=True, cwd=folder, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(("kind", "body"), QUESTIONS)
def test_a_script_gives_the_answers_figures(kind, body, ledger, tmp_path):
    path, frame, source = ledger
    params, result = answered(kind, body, frame)
    found = scripted(kind, params, source, path, tmp_path)
    expected = figures(result)
    if kind == "profile":
        for one in expected["columns"]:
            for extra in {"min", "max"} & set(one["statistics"]) if "gaps" in one["statistics"] else ():
                del one["statistics"][extra]
        del found["rows"], expected["rows"]
    assert found == expected


def test_a_workbook_is_read_by_its_sheet(tmp_path):
    frame = pl.DataFrame({"day": [date(2024, 1, 31), date(2024, 2, 29)], "n": [1, 2]})
    path = tmp_path / "book.xlsx"
    pandas = frame.to_pandas()
    with __import__("pandas").ExcelWriter(path) as book:
        pandas.head(0).to_excel(book, sheet_name="empty", index=False)
        pandas.to_excel(book, sheet_name="売上", index=False)
    columns = (Column("day", "date", "date"), Column("n", "integer", "measure"))
    params, result = answered("timeseries", {"target_column": "n"}, frame, columns)
    source = SourceFacts("book.xlsx", "xlsx", columns, sheet_name="売上")
    assert scripted("timeseries", params, source, path, tmp_path) == figures(result)


@pytest.mark.parametrize("form", ["json", "ndjson", "parquet"])
def test_other_formats(form, tmp_path):
    frame = pl.DataFrame({"day": [date(2024, 1, 31), None], "n": [1.5, 2.0], "c": ["a", None]})
    columns = (Column("day", "date", "date"), Column("n", "decimal", "measure"), Column("c", "text", "category"))
    path = tmp_path / f"data.{form}"
    getattr(frame, f"write_{form}")(path)
    params, result = answered("pareto", {}, frame, columns)
    source = SourceFacts(path.name, form, columns)
    assert scripted("pareto", params, source, path, tmp_path) == figures(result)


def test_every_kind_has_a_script_that_compiles():
    for kind, service in KINDS.items():
        columns = (Column("'\"\n{x}", "integer", "measure"), Column("d", "date", "date"))
        body = {"target_column": columns[0].name, "column": columns[0].name, "value": columns[0].name}
        if kind == "pareto":
            body = {"category_columns": [columns[0].name]}
        if kind == "cohort":
            body = {"user_column": columns[0].name}
        params = service.parse(body, columns, roles_of(columns))
        compile(service.code(params, SourceFacts('"; import os', "csv", columns)), str(Path(kind)), "exec")
