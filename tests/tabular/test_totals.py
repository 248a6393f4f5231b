"""Rows of totals at a table's end are kept aside, and only those."""

from datetime import date
from importlib import import_module
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tabular import onepass
from tabular.ingest import Ingested
from tabular.options import Limits, Options
from tabular.readers import delimited
from tabular.readers.totals import hold_values, label_column
from tabular.sniff import sniff
from tests.tabular.sources import details, dtypes, ingested, reasons

HEADER = ("日付", "店舗", "売上")
ROWS = [(date(2024, 1, 1), "恵比寿", 100), (date(2024, 1, 2), "渋谷", 200), (date(2024, 1, 3), "渋谷", 300)]
LEDGER = "日付,店舗,売上\n2024-01-01,恵比寿,100\n2024-01-02,渋谷,200\n2024-01-03,渋谷,300\n"


def load(folder: Path, data: str | bytes, name: str = "a.csv", **said: object) -> tuple[Ingested, pl.DataFrame]:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return ingested(path, **said)


def assert_ledger(
    found: Ingested, frame: pl.DataFrame, aside: list[tuple[int, str]], reason: str = "total_row"
) -> None:
    assert dtypes(found) == ["date", "text", "integer"]
    assert frame.rows() == ROWS
    assert found.report["rejected"] == [{"line": line, "reason": reason, "text": text} for line, text in aside]
    assert details(found, "rows_kept_aside") == {"count": len(aside)}
    assert (found.report["rows"], found.report["lossless"]) == (3, False)


@pytest.mark.parametrize(
    "row",
    [
        "合計,,600",
        "合　計,,600",
        " 小計 ：,,600",
        "計,,600",
        "総計,全店,600",
        "Total,,600",
        "GRAND TOTAL:,,600",
        "Ｔｏｔａｌ,,600",
        "Sub-total,-,600",
        '"合計",,600',
        '"合計","","¥1,600"',
        "合計,600",  # a field short
        "合計,,600,",  # and one that is empty too many
    ],
)
def test_a_last_row_of_totals_is_kept_aside(row: str, tmp_path: Path) -> None:
    assert_ledger(*load(tmp_path, LEDGER + row + "\n"), [(5, row)])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("finished", [True, False])
@pytest.mark.parametrize("gap", [0, 1, 2])
def test_encodings_line_ends_and_blank_lines(encoding: str, end: str, finished: bool, gap: int, tmp_path: Path) -> None:
    text = (LEDGER + "\n" * gap + "小計,,600\n合計,,600\n").replace("\n", end)
    text = text if finished else text.removesuffix(end)
    found, frame = load(tmp_path, text.encode(encoding))
    assert_ledger(found, frame, [(5 + gap, "小計,,600"), (6 + gap, "合計,,600")])
    assert ("blank_lines" in reasons(found)) == bool(gap)


def test_tabs_old_line_ends_and_a_footnote_below(tmp_path: Path) -> None:
    text = LEDGER.replace(",", "\t")
    assert_ledger(*load(tmp_path, text + "合計\t\t600\n", "a.tsv"), [(5, "合計\t\t600")])
    assert_ledger(*load(tmp_path, (LEDGER + "合計,,600\n").replace("\n", "\r")), [(5, "合計,,600")])
    found, frame = load(tmp_path, LEDGER + "\n合計,,600\n\n※ 税抜\n")
    assert frame.rows() == ROWS
    assert [(r["line"], r["reason"]) for r in found.report["rejected"]] == [(6, "total_row"), (8, "footnote")]


def test_empty_records_below_the_totals_stay_rows(tmp_path: Path) -> None:
    found, frame = load(tmp_path, LEDGER + "小計,,600\n,,\n\n合計,,600\n,,\n※ 税抜\n")
    assert frame.rows() == [*ROWS, (None, None, None), (None, None, None)]
    assert [(r["line"], r["reason"]) for r in found.report["rejected"]] == [
        (5, "total_row"),
        (8, "total_row"),
        (10, "footnote"),
    ]
    found, frame = load(tmp_path, LEDGER + "合計,,600\n,,\n2024-01-04,渋谷,5\n")
    assert (found.report["rejected"], frame.row(3), frame.row(4)) == ([], ("合計", None, 600), (None, None, None))


def test_the_label_may_stand_below_numbers_or_in_a_later_column_of_dates(tmp_path: Path) -> None:
    found, frame = load(tmp_path, "No,品名,数量\n1,a,5\n2,b,6\n3,c,7\n計,,18\n")
    assert (dtypes(found), frame["数量"].sum()) == (["integer", "text", "integer"], 18)
    found, frame = load(tmp_path, "店舗,日付,売上\n恵比寿,2024-01-01,1\n渋谷,2024-01-02,2\n渋谷,,3\n,合計,6\n")
    assert (dtypes(found), frame["売上"].sum()) == (["text", "date", "integer"], 6)


@pytest.mark.parametrize(
    "text",
    [
        "店舗,売上\n恵比寿,1\n渋谷,2\nTotal,3\n",  # a shop of that name
        "日付,店舗,売上\n2024-01-01,恵比寿,1\n2024-01-02,渋谷,2\n,合計,3\n",
        "日付,店舗,売上\n2024-01-01,恵比寿,1\n合計,,1\n2024-01-02,渋谷,2\n2024-01-03,渋谷,2\n",  # not at the end
        "日付,店舗,売上\n2024-01-01,恵比寿,1\n小計,,1\n2024-01-02,渋谷,2\n2024-01-03,渋谷,2\n合計,,5\n",
        "日付,店舗,売上\n2024-01-01,恵比寿,1\n2024-01-02,渋谷,2\n2024-01-03,渋谷,2\n合計,,\n",  # no number
        "日付,店舗,売上\n2024-01-01,恵比寿,1\n2024-01-02,渋谷,2\n未定,渋谷,2\n合計,,5\n",
        "日付,店舗,売上\n2024-01-01,恵比寿,1\n2024-01-02,渋谷,2\n2024-01-03,渋谷,2\n合計予定,,5\n",
        "年代,人数\n10-19,1\n20-29,2\n30-39,3\n計,6\n",
        ",店舗,売上\n,恵比寿,1\n,渋谷,2\n,渋谷,2\n合計,,5\n",  # nothing else in its column
        LEDGER + "小計,,1\n" * 6,
    ],
)
def test_where_the_word_may_be_a_value_the_row_is_data(text: str, tmp_path: Path) -> None:
    found, frame = load(tmp_path, text)
    assert found.report["rejected"] == []
    assert len(frame) == text.count("\n") - 1
    assert [tuple("" if c is None else str(c) for c in row) for row in frame.rows()] == [
        tuple(line.split(",")) for line in text.splitlines()[1:]
    ]


def test_the_caller_may_say_that_the_column_is_text(tmp_path: Path) -> None:
    found, frame = load(tmp_path, LEDGER + "合計,,600\n", types={"日付": "text"})
    assert (found.report["rejected"], frame["日付"].to_list()[-1]) == ([], "合計")


def test_totals_are_no_bad_rows(tmp_path: Path) -> None:
    found, _ = load(tmp_path, LEDGER + "小計,,600\n合計,,600\n", max_bad_rows=0.0)
    assert found.rows == 3


def _long(rows: int, late: str = "") -> str:
    body = [f"2024-{1 + i % 12:02d}-{1 + i % 28:02d},店{i % 7},{i}" for i in range(rows)]
    if late:
        body[rows // 2] = late
    return "日付,店舗,売上\n" + "\n".join(body) + "\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("tail", ["合計,,7\n", "小計,,7\n合計,,7\n", "\n合計,,7", '"合計",,7\n', "計,,7\n※ 速報\n"])
def test_one_pass_gives_what_the_table_alone_gives(tail: str, end: str, tmp_path: Path) -> None:
    alone = _long(3_000).replace("\n", end)
    plain, expected = load(tmp_path, alone, "plain.csv")
    found, frame = load(tmp_path, alone + tail.replace("\n", end), "total.csv")
    assert frame.equals(expected)
    assert dtypes(found) == dtypes(plain) == ["date", "text", "integer"]
    lines = [(i, line) for i, line in enumerate(tail.splitlines(), 3_002) if line]
    assert [(one["line"], one["text"]) for one in found.report["rejected"]] == lines
    assert (plain.report["lossless"], found.report["lossless"]) == (True, False)


def test_a_word_beyond_the_sample_makes_the_last_row_data_too(tmp_path: Path) -> None:
    found, frame = load(tmp_path, _long(3_000, late="未定,店1,5") + "合計,,7\n")
    assert (found.report["rejected"], dtypes(found)[0]) == ([], "text")
    assert (len(frame), frame.row(-1)) == (3_001, ("合計", None, 7))


def test_totals_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = _long(300) + "小計,,7\n小計,,8\n合計,,15\n"
    size = len(text.encode())
    for block in range(size - 60, size + 5):
        monkeypatch.setattr(import_module("tabular.readers.delimited.sift"), "_BLOCK", block)
        found, frame = load(tmp_path, text)
        assert (len(frame), [one["line"] for one in found.report["rejected"]]) == (300, [302, 303, 304])


_CELLS = st.sampled_from(
    ["", "1", "2.5", "2024-01-05", "2024-02-06", "店", "合計", "Total", "小計", '"合計"', "計 :", "007", "x,y"]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.lists(st.tuples(st.dates().map(str), _CELLS, st.integers(0, 999).map(str)), min_size=6, max_size=12),
    tail=st.lists(st.tuples(_CELLS, _CELLS, _CELLS), max_size=3),
)
def test_a_row_is_kept_or_kept_aside_and_the_passes_agree(
    body: list[tuple[str, ...]], tail: list[tuple[str, ...]], tmp_path: Path
) -> None:
    rows = [tuple(cell.strip('"') for cell in row) for row in [*body, *tail]]
    pl.DataFrame(rows, schema=["d", "s", "n"], orient="row").write_csv(tmp_path / "a.csv")
    options = Options("a.csv")
    raw = delimited.read(tmp_path / "a.csv", tmp_path, sniff(tmp_path / "a.csv", options), options, Limits())
    fast = onepass.convert(raw, options, tmp_path, tmp_path / "fast.parquet", sample_rows=2)
    settled = raw.spooled()
    aside = _expected_aside(rows)
    assert [one["reason"] for one in settled.rejected] == ["total_row"] * aside
    kept = [tuple(cell or None for cell in row) for row in rows[: len(rows) - aside]]
    assert pl.read_parquet(settled.path).select(settled.names).rows() == kept
    if fast:
        assert (fast.rows, fast.raw.rejected) == (len(kept), settled.rejected)


def _expected_aside(rows: list[tuple[str, ...]]) -> int:
    """By the definition, from the end: at least the body's dates stand above."""
    for count in range(len(rows)):
        if label_column(rows[-1 - count]) is None or not hold_values(_column(rows[: -1 - count], rows[-1 - count])):
            continue
        labels = {label_column(row) for row in rows[-1 - count :]}
        if None not in labels and all(
            hold_values(row[c] for row in rows[: -1 - count]) for c in labels if c is not None
        ):
            return count + 1
    return 0


def _column(rows: list[tuple[str, ...]], labelled: tuple[str, ...]) -> list[str]:
    column = label_column(labelled)
    return [] if column is None else [row[column] for row in rows]


_TABLE_CELLS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6),
    st.dates().map(str),
    st.integers().map(str),
    st.sampled_from(["合計金額予定", "totally", "計画", "Total Wine"]),
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(_TABLE_CELLS, _TABLE_CELLS, _TABLE_CELLS), min_size=3, max_size=12))
def test_files_without_such_a_tail_are_untouched(rows: list[tuple[str, ...]], tmp_path: Path) -> None:
    frame = pl.DataFrame([("k1", "b", "c"), *rows, ("2024-01-05", "b", "7")], schema=["k", "l", "m"], orient="row")
    frame.write_csv(tmp_path / "a.csv", quote_style="always")
    options = Options("a.csv", delimiter=",", header_row=1)
    raw = delimited.read(tmp_path / "a.csv", tmp_path, sniff(tmp_path / "a.csv", options), options, Limits()).spooled()
    assert raw.rejected == ()
    assert raw.rows == len(frame)


# -- workbooks


def book(folder: Path, rows: list[tuple[object, ...]], **said: object) -> tuple[Ingested, pl.DataFrame]:
    with xlsxwriter.Workbook(folder / "a.xlsx") as workbook:
        day = workbook.add_format({"num_format": "yyyy/m/d"})
        sheet = workbook.add_worksheet()
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(r, c, cell, day)
                elif cell != "":
                    sheet.write(r, c, cell)
    return ingested(folder / "a.xlsx", **said)


@pytest.mark.parametrize("gap", [0, 1])
@pytest.mark.parametrize("as_text", [False, True])
def test_totals_of_a_workbook(as_text: bool, gap: int, tmp_path: Path) -> None:
    rows = [(str(day) if as_text else day, shop, sales) for day, shop, sales in ROWS]
    found, frame = book(tmp_path, [HEADER, *rows, *[("",)] * gap, ("小計", "", 600), ("合　計", "", 600)])
    assert_ledger(found, frame, [(5 + gap, "小計\t\t600"), (6 + gap, "合　計\t\t600")])


def test_totals_of_a_long_workbook_with_a_footnote(tmp_path: Path) -> None:
    rows = [(date(2024, 1 + i % 12, 1 + i % 28), "店", i) for i in range(6_000)]
    found, frame = book(tmp_path, [HEADER, *rows, ("Total", "", 7), ("※ 税抜",)])
    assert (len(frame), dtypes(found)) == (6_000, ["date", "text", "integer"])
    assert [(r["line"], r["reason"]) for r in found.report["rejected"]] == [(6002, "total_row"), (6003, "footnote")]


@pytest.mark.parametrize(
    "rows",
    [
        [("店舗", "売上"), ("恵比寿", 1), ("渋谷", 2), ("Total", 3)],
        [HEADER, *ROWS, ("小計", "", 600), ROWS[0], ("合計", "", 700)],
        [HEADER, *ROWS, ("", "合計", 600)],
        [HEADER, *ROWS, *[("小計", "", 1)] * 6],
    ],
)
def test_rows_of_a_workbook_that_are_data(rows: list[tuple[object, ...]], tmp_path: Path) -> None:
    found, frame = book(tmp_path, rows)
    assert found.report["rejected"] == []
    assert len(frame) == len(rows) - 1


def test_the_caller_may_say_that_a_workbooks_column_is_text(tmp_path: Path) -> None:
    found, frame = book(tmp_path, [HEADER, *ROWS, ("合計", "", 600)], types={"日付": "text"})
    assert (found.report["rejected"], frame["日付"].to_list()[-1]) == ([], "合計")
