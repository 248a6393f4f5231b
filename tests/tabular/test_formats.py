"""Files read back by other people's readers: csv, openpyxl, pyarrow, json."""

import csv
import io
import json
from datetime import UTC, date, datetime

import openpyxl
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabular.formats import FORMATS, UnknownFormat, format_named, from_pandas
from tabular.formats.xlsx import MAX_ROWS, TextTooLongForXlsx, TooManyColumnsForXlsx, TooManyRowsForXlsx
from tabular.schema import Column

COLUMNS = (
    Column("品名", "text"),
    Column("数量", "integer"),
    Column("単価", "decimal"),
    Column("有効", "boolean"),
    Column("日付", "date"),
    Column("時刻", "datetime"),
)
FRAME = pl.DataFrame(
    {
        "品名": ["=1+1", 'りんご, "赤"', None, "a\nb", "-5", "+81", "@x", "\tt", "\rr", "ok", "00123"],
        "数量": [1, None, -3, 2**53 + 1, 10**15, 999_999_999_999_999, 0, 0, 0, 0, -(10**15)],
        "単価": [0.1, -2.5, None, float("nan"), float("inf"), 1e16, 3.0, 0.0, 0.0, 0.0, 0.1 + 0.2],
        "有効": [True, False, None, *[True] * 8],
        "日付": [date(2024, 1, 31), None, date(1850, 1, 1), *[date(2024, 2, 29)] * 8],
        "時刻": [
            datetime(2024, 1, 31, 15, 4, 5),
            None,
            datetime(2024, 1, 1, 0, 0, 0, 500_000),
            *[datetime(2024, 1, 1)] * 8,
        ],
    }
)


def written(name, frame=FRAME, columns=COLUMNS, *, size=4, **options):
    batches = frame.iter_slices(size) if len(frame) else []
    return b"".join(FORMATS[name].write(batches, columns, **options))


def rows_of_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


def test_csv_defuses_text_but_never_numbers():
    header, *rows = rows_of_csv(written("csv"))
    assert header == ["品名", "数量", "単価", "有効", "日付", "時刻"]
    assert [row[0] for row in rows] == [
        "'=1+1", 'りんご, "赤"', "", "a\nb", "'-5", "'+81", "'@x", "'\tt", "'\rr", "ok", "00123",
    ]  # fmt: skip
    assert [row[1] for row in rows][2] == "-3"
    assert [row[2] for row in rows][:6] == ["0.1", "-2.5", "", "", "inf", "1e+16"]
    assert [row[4] for row in rows][:3] == ["2024-01-31", "", "1850-01-01"]
    assert [row[5] for row in rows][:3] == ["2024-01-31T15:04:05", "", "2024-01-01T00:00:00.500"]


def test_csv_names_are_defused_too():
    frame = pl.DataFrame({"=cmd": [1]})
    assert written("csv", frame, [Column("=cmd", "integer")]) == b"'=cmd\n1\n"
    assert written("csv", frame, [Column("=cmd", "integer")], raw=True) == b"=cmd\n1\n"


def test_csv_bom_only_when_asked():
    assert written("csv", bom=True).startswith(b"\xef\xbb\xbf")
    assert not written("csv").startswith(b"\xef\xbb\xbf")


def test_utc_moments_carry_z():
    frame = pl.DataFrame({"t": [datetime(2024, 1, 31, 15, 4, 5, tzinfo=UTC)]})
    columns = [Column("t", "datetime")]
    assert written("csv", frame, columns) == b"t\n2024-01-31T15:04:05Z\n"
    assert json.loads(written("json", frame, columns)) == [{"t": "2024-01-31T15:04:05Z"}]


@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"])), st.text()), max_size=20))
def test_raw_csv_holds_every_text(rows):
    rows = [(a.encode("utf-8", "replace").decode(), b.encode("utf-8", "replace").decode()) for a, b in rows]
    frame = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String}, orient="row")
    data = written("csv", frame, [Column("a", "text"), Column("b", "text")], raw=True)
    assert rows_of_csv(data) == [["a", "b"], *map(list, rows)]


def test_a_null_in_a_single_column_is_still_a_row():
    frame = pl.DataFrame({"a": ["x", None, "y"]})
    assert written("csv", frame, [Column("a", "text")]) == b'a\nx\n""\ny\n'


@pytest.mark.parametrize("name", ["json", "ndjson"])
def test_json_rows(name):
    data = written(name).decode()
    rows = (
        json.loads(data, parse_constant=pytest.fail) if name == "json" else [json.loads(x) for x in data.splitlines()]
    )
    assert len(rows) == len(FRAME)
    assert rows[0] == {
        "品名": "=1+1", "数量": 1, "単価": 0.1, "有効": True, "日付": "2024-01-31", "時刻": "2024-01-31T15:04:05",
    }  # fmt: skip
    assert rows[3]["数量"] == 2**53 + 1
    assert rows[3]["単価"] is None
    assert rows[4]["単価"] is None
    assert "りんご" in data


def test_parquet_keeps_types_and_values():
    table = pq.read_table(io.BytesIO(written("parquet")))
    assert pl.from_arrow(table).equals(FRAME)


def sheet(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data), read_only=True).active


def test_xlsx_cells_have_their_types():
    rows = list(sheet(written("xlsx")).iter_rows())
    assert [cell.value for cell in rows[0]] == [column.name for column in COLUMNS]
    first = rows[1]
    assert (first[0].value, first[0].data_type) == ("=1+1", "s")
    assert (first[1].value, first[1].data_type) == (1, "n")
    assert first[4].value == datetime(2024, 1, 31)
    assert first[4].number_format == "yyyy-mm-dd"
    assert first[5].value == datetime(2024, 1, 31, 15, 4, 5)
    numbers = [row[1].value for row in rows[1:]]
    assert numbers[3:6] == [str(2**53 + 1), str(10**15), 999_999_999_999_999]
    assert numbers[10] == str(-(10**15))
    assert rows[3][4].value == "1850-01-01"
    assert rows[2][4].value is None
    assert rows[11][0].value == "00123"


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_table_without_rows_still_is_a_file(name):
    data = written(name, FRAME.clear())
    names = [column.name for column in COLUMNS]
    readers = {
        "csv": lambda: rows_of_csv(data) == [names],
        "xlsx": lambda: [list(row) for row in sheet(data).iter_rows(values_only=True)] == [names],
        "parquet": lambda: pq.read_table(io.BytesIO(data)).column_names == names,
        "json": lambda: json.loads(data) == [],
        "ndjson": lambda: data == b"",
    }
    assert readers[name]()


def test_a_sheet_has_limits_and_says_what_has_none():
    check = FORMATS["xlsx"].check
    check(MAX_ROWS - 1, COLUMNS)
    with pytest.raises(TooManyRowsForXlsx) as refused:
        check(MAX_ROWS, COLUMNS)
    assert "csv" in refused.value.details["formats"]
    with pytest.raises(TooManyColumnsForXlsx):
        check(1, [Column(str(n), "text") for n in range(16_385)])
    with pytest.raises(TextTooLongForXlsx):
        written("xlsx", pl.DataFrame({"a": ["x" * 32_768]}), [Column("a", "text")])


def test_too_many_rows_are_noticed_while_writing():
    batch = pl.DataFrame({"a": [None]}, schema={"a": pl.Int64}).select(pl.col("a").repeat_by(2**20).explode())
    with pytest.raises(TooManyRowsForXlsx):
        b"".join(FORMATS["xlsx"].write([batch], [Column("a", "integer")]))


def test_unknown_format_lists_the_known():
    assert format_named("csv") is FORMATS["csv"]
    with pytest.raises(UnknownFormat) as refused:
        format_named("pdf")
    assert refused.value.details["formats"] == ["csv", "xlsx", "parquet", "json", "ndjson"]


def test_pandas_frames_find_their_types():
    frame = pd.DataFrame(
        {"day": [date(2024, 1, 31), None], "n": [1, 2], "x": [0.5, None], "ok": [True, False], "t": ["=a", None]}
    )
    batches, columns = from_pandas(frame)
    assert [column.dtype for column in columns] == ["date", "integer", "decimal", "boolean", "text"]
    data = b"".join(FORMATS["csv"].write(batches, columns))
    assert data == b"day,n,x,ok,t\n2024-01-31,1,0.5,true,'=a\n,2,,false,\n"
