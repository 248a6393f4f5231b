"""From a file to a dataset, with a report of every decision."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tabular import onepass
from tabular.errors import TableError
from tabular.formats import csv as csv_format
from tabular.ingest import Ingested, NoRows, ingest, inspect
from tabular.options import Options

_DATA = Path(__file__).parents[1] / "data"


def load(
    folder: Path, data: bytes | str, filename: str = "source.csv", **options: object
) -> tuple[Ingested, pl.DataFrame]:
    source, target = folder / "upload", folder / "table.parquet"
    source.write_bytes(data.encode() if isinstance(data, str) else data)
    made = ingest(source, target, Options(filename=filename, **options))  # type: ignore[arg-type]
    assert sorted(path.name for path in folder.iterdir()) == ["table.parquet", "upload"]
    return made, pl.read_parquet(target)


def exported(made: Ingested, frame: pl.DataFrame) -> bytes:
    return b"".join(csv_format.write(iter([frame]), made.columns, raw=True))


def test_a_messy_japanese_ledger(tmp_path: Path) -> None:
    text = (
        "売上台帳 2024年1月\r\n\r\n"
        "伝票番号,年月日,店舗名,数量,金額,備考,備考\r\n"
        '00123,2024年1月5日,渋谷店,3,"1,200円",,済\r\n'
        '00124,令和6年1月6日,新宿店,１２,"▲3,400円",NA,\r\n'
        "00125,2024年1月7日,渋谷店,5\r\n"
        "00126,2024年1月8日,梅田店,7,980円,x,y,z,はみ出し\r\n"
        + "".join(f"{i:05d},2024年1月{9 + i % 20}日,渋谷店,{i},{i * 10}円,,\r\n" for i in range(200, 210))
        + "\r\n※ 速報値\r\n"
    )
    made, frame = load(tmp_path, text.encode("cp932"))
    assert (made.format, made.encoding, made.rows) == ("csv", "cp932", 13)
    report = made.report
    assert (report["delimiter"], report["header_row"], report["rows"], report["lossless"]) == (",", 3, 13, False)
    assert {c["name"]: (c["dtype"], c["role"]) for c in report["columns"]} == {
        "伝票番号": ("text", "id"),
        "年月日": ("date", "date"),
        "店舗名": ("text", "store"),
        "数量": ("integer", "measure"),
        "金額": ("integer", "measure"),
        "備考": ("text", "category"),
        "備考_2": ("text", "category"),
    }
    first = report["columns"][0]
    assert "zero" in first["reason"]
    assert first["evidence"] == [{"line": 4, "value": "00123"}]
    assert [one["line"] for one in report["rejected"]] == [7, 19]
    assert [one["reason"] for one in report["rejected"]] == ["too_many_fields", "footnote"]
    said = {warning["reason"] for warning in made.warnings}
    assert {"duplicate_headers", "preamble_skipped", "short_rows_padded", "rows_kept_aside", "unit_removed"} <= said
    assert frame["金額"].to_list()[:3] == [1200, -3400, None]
    assert frame["年月日"][1] == date(2024, 1, 6)
    assert made.preview[1]["数量"] == 12
    json.dumps(report, allow_nan=False)
    json.dumps(made.preview, allow_nan=False)


def test_a_real_retail_file(tmp_path: Path) -> None:
    made, frame = load(tmp_path, (_DATA / "retail_ja.csv").read_bytes(), "retail_ja.csv")
    assert made.encoding == "cp932"
    assert made.rows == len(frame) == len((_DATA / "retail_ja.csv").read_bytes().splitlines()) - 1
    assert {c.name: c.role for c in made.columns if c.role in ("date", "store")} == {
        "年月日": "date",
        "店舗名": "store",
    }


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_lossless_means_the_export_gives_the_source_back(ending: str, tmp_path: Path) -> None:
    rows = [
        "id,code,day,price,ok,note",
        '1,007,2024-01-31,1.5,true,"a ""b"", c"',
        "2,,,-2.25,false,NA",
        "3,x,2024-02-01,,,",
    ]
    made, frame = load(tmp_path, ending.join(rows) + ending)
    assert made.report["lossless"] is True
    assert exported(made, frame).decode().splitlines() == rows


@pytest.mark.parametrize("cell", ["1.50", "+1", "1e3", " 1", "1,000", "NA", "１"])
def test_a_number_written_otherwise_is_not_lossless(cell: str, tmp_path: Path) -> None:
    made, _ = load(tmp_path, f'id,n\n1,1.5\n2,"{cell}"\n3,3.5\n')
    if made.columns[1].dtype != "text":
        assert made.report["lossless"] is False


def test_a_header_and_no_row_is_refused(tmp_path: Path) -> None:
    for data in ("a,b\n", "a,b", "a,b\n\n\n"):
        with pytest.raises(NoRows):
            load(tmp_path, data)


def test_nothing_is_left_behind_by_a_refusal(tmp_path: Path) -> None:
    source = tmp_path / "upload"
    source.write_bytes(b"a,b\n" + b"1,2,3\n" * 10 + b"1,2\n" * 10)
    with pytest.raises(TableError):
        ingest(source, tmp_path / "table.parquet", Options(filename="x.csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["upload"]


def test_what_the_caller_says_wins(tmp_path: Path) -> None:
    data = "x;1\nid;n,m\n00012;1,5\n00013;?\n"
    made, frame = load(
        tmp_path, data, delimiter=";", header_row=2, types={"id": "integer"}, na_values=("?",), encoding="ascii"
    )
    assert [(c.name, c.dtype) for c in made.columns] == [("id", "integer"), ("n,m", "decimal")]
    assert frame.rows() == [(12, 1.5), (13, None)]


def test_inspect_keeps_nothing_and_says_the_same(tmp_path: Path) -> None:
    source = tmp_path / "upload"
    source.write_bytes((_DATA / "retail_ja.csv").read_bytes())
    found = inspect(source, Options(filename="retail_ja.csv"))
    made = ingest(source, tmp_path / "table.parquet", Options(filename="retail_ja.csv"))
    assert set(found) == {"format", "encoding", "delimiter", "header_row", "sheets", "columns", "sample", "warnings"}
    assert found["columns"] == [{**c.to_dict(), "reason": c.reason} for c in made.columns]
    assert found["sample"] == made.preview
    assert sorted(path.name for path in tmp_path.iterdir()) == ["table.parquet", "upload"]


def test_large_and_small_files_take_different_ways_to_one_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"{i:05d},2024-01-{1 + i % 28:02d},店{i % 7},{i},{i / 8},{i}.50\n" for i in range(3000))
    by_pass, frame = load(tmp_path, "id,day,shop,n,x,price\n" + rows)
    monkeypatch.setattr(onepass, "convert", lambda *args: None)
    by_spool, other = load(tmp_path, "id,day,shop,n,x,price\n" + rows)
    assert frame.equals(other)
    assert by_pass == by_spool


_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
_CELL = st.one_of(
    _TEXT,
    st.sampled_from(
        ["", "NA", "null", "007", "12345678901234567890", "-", "=1+1", "'", '"', '""', "a\nb", "a\r\nb", " x "]
    ),
    st.sampled_from(
        ["😀", "שלום", "渋谷店", "ｶﾅ", "1,200円", "2024-01-05", "1e5", "true", "１２", "0", "-0", "1.10", "；", "#x"]
    ),
    st.integers(-(10**20), 10**20).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
)
_NAME = st.one_of(st.sampled_from(["id", "年月日", "a,b", 'q"q', "x\ny", "id", "#", "1"]), _TEXT)


def _table() -> st.SearchStrategy[tuple[list[str], list[list[str]]]]:
    def of_width(width: int) -> st.SearchStrategy[tuple[list[str], list[list[str]]]]:
        row = st.lists(_CELL, min_size=width, max_size=width)
        return st.tuples(st.lists(_NAME, min_size=width, max_size=width), st.lists(row, min_size=1, max_size=12))

    return st.integers(2, 5).flatmap(of_width)


def _quoted(rows: list[list[str]], end: str) -> str:
    return "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + end for row in rows)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=_table(), end=st.sampled_from(["\n", "\r\n"]), bom=st.booleans())
def test_text_in_is_text_out(table: tuple[list[str], list[list[str]]], end: str, bom: bool, tmp_path: Path) -> None:
    """Whatever the cells hold, read as text they come back as they are."""
    names, rows = table
    data = (b"\xef\xbb\xbf" if bom else b"") + _quoted([names, *rows], end).encode()
    source, target = tmp_path / "upload", tmp_path / "table.parquet"
    source.write_bytes(data)
    asked = Options(filename="x.csv", encoding="utf-8", delimiter=",", header_row=1)
    first = ingest(source, target, asked)
    types = {column.name: "text" for column in first.columns}
    made = ingest(source, target, Options(filename="x.csv", encoding="utf-8", delimiter=",", header_row=1, types=types))
    frame = pl.read_parquet(target)
    assert frame.rows() == [tuple(cell or None for cell in row) for row in rows]
    assert made.report["lossless"] is True
    assert not made.report["rejected"]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=_table(), cp932=st.booleans())
def test_what_is_called_lossless_comes_back_cell_for_cell(
    table: tuple[list[str], list[list[str]]], cp932: bool, tmp_path: Path
) -> None:
    names, rows = table
    text = _quoted([names, *rows], "\n")
    encoding = "cp932" if cp932 else "utf-8"
    try:
        assume(text.encode(encoding).decode(encoding) == text)
    except UnicodeError:
        assume(False)
    source, target = tmp_path / "upload", tmp_path / "table.parquet"
    source.write_bytes(text.encode(encoding))
    made = ingest(source, target, Options(filename="x.csv", encoding=encoding, delimiter=",", header_row=1))
    frame = pl.read_parquet(target)
    again = tmp_path / "again"
    again.write_bytes(exported(made, frame))
    types = {column.name: "text" for column in made.columns}
    asked = Options(filename="x.csv", encoding="utf-8", delimiter=",", header_row=1, types=types)
    ingest(again, target, asked)
    back = pl.read_parquet(target).rows()
    if made.report["lossless"]:
        assert back == [tuple(cell or None for cell in row) for row in rows]
