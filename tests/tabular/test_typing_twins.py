"""One table written as CSV, XLSX, JSON, NDJSON and Parquet is one dataset."""

import json
from datetime import date, datetime

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tabular.sources import ingested

COLUMNS = {
    "年月日": st.dates(date(1901, 1, 1), date(2100, 1, 1)),
    "店舗コード": st.integers(0, 99999).map(lambda n: f"{n:05d}"),
    "店舗名": st.sampled_from(["渋谷店", "新宿,東口", '"池袋"', "NA", "=1+1", "a\nb", "😀", "שלום"]),
    "JAN": st.integers(10**17, 10**18).map(str),
    "売上": st.integers(-(10**14), 10**14),
    "単価": st.integers(-(10**9), 10**9).map(lambda n: (2 * n + 1) / 8),
    "会員": st.booleans(),
    "時刻": st.datetimes(datetime(1901, 1, 1), datetime(2100, 1, 1)).map(lambda t: t.replace(second=1, microsecond=0)),
}
ROW = st.fixed_dictionaries(COLUMNS).map(lambda row: {name: row[name] for name in COLUMNS})
TABLES = st.lists(ROW, min_size=2, max_size=12)


def csv(rows, path):
    def field(value):
        if isinstance(value, bool):
            return str(value).lower()
        text = value.isoformat() if hasattr(value, "isoformat") else str(value)
        return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n') else text

    lines = [",".join(COLUMNS), *(",".join(field(row[name]) for name in COLUMNS) for row in rows)]
    path.write_text("\n".join(lines) + "\n")


def jsonable(row):
    return {name: v.isoformat() if hasattr(v, "isoformat") else v for name, v in row.items()}


def array(rows, path):
    path.write_text(json.dumps([jsonable(row) for row in rows], ensure_ascii=False))


def lines(rows, path):
    path.write_text("".join(json.dumps(jsonable(row)) + "\n" for row in rows))


def parquet(rows, path):
    pq.write_table(pa.Table.from_pylist(rows), path)


def workbook(rows, path):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("売上")
        day, moment = (book.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"))
        sheet.write_row(0, 0, list(COLUMNS))
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row.values()):
                if isinstance(value, datetime):
                    sheet.write_datetime(r, c, value, moment)
                elif isinstance(value, date):
                    sheet.write_datetime(r, c, value, day)
                elif isinstance(value, str):
                    sheet.write_string(r, c, value)
                else:
                    sheet.write(r, c, value)


WRITERS = {"csv": csv, "json": array, "ndjson": lines, "parquet": parquet, "xlsx": workbook}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TABLES)
def test_five_formats_one_dataset(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("twins")
    frames = {}
    for kind, write in WRITERS.items():
        path = folder / f"table.{kind}"
        write(rows, path)
        found, frames[kind] = ingested(path)
        assert [c.name for c in found.columns] == list(COLUMNS), kind
    wanted = frames.pop("parquet")
    assert wanted["売上"].to_list() == [row["売上"] for row in rows]
    assert wanted["店舗名"].to_list() == [row["店舗名"] for row in rows]
    for kind, frame in frames.items():
        moments = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Datetime)]
        assert frame.schema == wanted.schema, kind
        assert frame.drop(moments).equals(wanted.drop(moments)), kind
        assert frame.select(moments).equals(wanted.select(moments)), kind


@pytest.mark.parametrize("kind", list(WRITERS))
def test_roles_are_the_same_too(tmp_path, kind):
    rows = [{name: _example(name, i) for name in COLUMNS} for i in range(3)]
    WRITERS[kind](rows, tmp_path / f"table.{kind}")
    found, _ = ingested(tmp_path / f"table.{kind}")
    roles = {column.name: column.role for column in found.columns}
    assert (roles["年月日"], roles["店舗名"], roles["店舗コード"], roles["売上"]) == ("date", "store", "id", "measure")


def _example(name, i):
    return {
        "年月日": date(2024, 1, 1 + i),
        "店舗コード": f"{i:05d}",
        "店舗名": "渋谷店",
        "JAN": str(10**17 + i),
        "売上": 100 * i,
        "単価": 0.5 + i,
        "会員": i == 1,
        "時刻": datetime(2024, 1, 1, 12, i),
    }[name]
