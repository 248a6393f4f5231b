"""Workbooks: sheets, typed cells, merged cells, errors, and what lies around the table."""

import re
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import xlsxwriter

from tabular.options import Limits, TooManySheets, UnpackRatioTooHigh
from tabular.readers.excel import SheetNotFound, WorkbookDamaged
from tabular.readers.workbooks import SheetTooSparse
from tabular.sniff import EmptyFile
from tests.tabular.sources import details, dtypes, ingested, reasons


@pytest.fixture
def book(tmp_path):
    """Writes ``{sheet: rows}``; a function cell is called with (sheet, row, column, book)."""

    def write(sheets, name="book.xlsx", options=None, finish=None):
        path = tmp_path / name
        workbook = xlsxwriter.Workbook(path, options or {})
        day, moment = (workbook.add_format({"num_format": form}) for form in ("yyyy/m/d", "yyyy/m/d h:mm:ss"))
        span = workbook.add_format({"num_format": "[h]:mm:ss"})
        for title, rows in sheets.items():
            sheet = workbook.add_worksheet(title)
            for r, row in enumerate(rows):
                for c, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(r, c, cell, moment)
                    elif isinstance(cell, date):
                        sheet.write_datetime(r, c, cell, day)
                    elif isinstance(cell, (timedelta, time)):
                        sheet.write_datetime(r, c, cell, span)
                    elif isinstance(cell, str):
                        sheet.write_string(r, c, cell)
                    elif cell is not None:
                        sheet.write(r, c, cell)
            if finish:
                finish(sheet, workbook)
        workbook.close()
        return path

    return write


TABLE = [
    ["Date", "店舗名", "売上", "率", "会員", "時刻", "メモ"],
    [date(2024, 1, 5), "渋谷店", 1200, 0.25, True, datetime(2024, 1, 5, 13, 5), "a"],
    [date(2024, 1, 6), "新宿店", -300, 1.5, False, datetime(2024, 1, 6, 0, 0), None],
]


def test_cells_keep_their_own_types(book):
    found, frame = ingested(book({"売上": TABLE}))
    assert dtypes(found) == ["date", "text", "integer", "decimal", "boolean", "datetime", "text"]
    assert frame.row(0) == (date(2024, 1, 5), "渋谷店", 1200, 0.25, True, datetime(2024, 1, 5, 13, 5), "a")
    assert frame.row(1) == (date(2024, 1, 6), "新宿店", -300, 1.5, False, datetime(2024, 1, 6), None)


def test_1904_dates(book):
    _, frame = ingested(book({"x": TABLE}, options={"date_1904": True}))
    assert frame["Date"].to_list() == [date(2024, 1, 5), date(2024, 1, 6)]


def test_times_and_durations_are_text(book):
    found, frame = ingested(book({"x": [["t"], [timedelta(hours=30, minutes=5)], [timedelta(minutes=90)]]}))
    assert (dtypes(found), frame["t"].to_list()) == (["text"], ["30:05:00", "1:30:00"])


def test_mixed_columns_are_typed_as_their_text_is(book):
    found, frame = ingested(book({"x": [["a", "b"], [1, "x"], ["NA", 2.5], [3.5, 4]]}))
    assert dtypes(found) == ["decimal", "text"]
    assert frame["a"].to_list() == [1.0, None, 3.5]
    assert frame["b"].to_list() == ["x", "2.5", "4"]


def test_codes_that_are_text_stay_text(book):
    found, frame = ingested(book({"x": [["code", "jan"], ["00123", "4901234567894123"], ["5", "1"]]}))
    assert (dtypes(found), frame.rows()) == (["text", "text"], [("00123", "4901234567894123"), ("5", "1")])


def test_the_first_sheet_that_is_not_empty_is_read_and_the_others_are_named(book):
    found, frame = ingested(book({"空": [], "売上": TABLE, "別": [["a"], [1]]}))
    assert frame.height == 2
    assert details(found, "sheets_not_read") == {"read": "売上", "others": ["空", "別"], "hidden": []}


def test_hidden_sheets_are_mentioned(book):
    path = book({"a": TABLE, "b": [["x"], [1]]}, finish=lambda sheet, _: sheet.get_name() == "b" and sheet.hide())
    assert details(ingested(path)[0], "sheets_not_read")["hidden"] == ["b"]


@pytest.mark.parametrize("asked", ["別", "2"])
def test_a_sheet_by_name_or_number(book, asked):
    _, frame = ingested(book({"売上": TABLE, "別": [["a"], [1]]}), sheet_name=asked)
    assert frame.rows() == [(1,)]


def test_an_unknown_sheet_is_refused_with_the_list(book):
    with pytest.raises(SheetNotFound) as caught:
        ingested(book({"売上": TABLE, "別": TABLE}), sheet_name="三")
    assert caught.value.details == {"sheet": "三", "sheets": ["売上", "別"]}


def test_preamble_blank_rows_and_footnote(book):
    rows = [["売上一覧"], [], ["日付", "店舗", "金額"], [date(2024, 1, 5), "a", 1], [], [date(2024, 1, 6), "b", 2]]
    path = book({"x": [*rows, [], ["※税抜の金額です"]]})
    found, frame = ingested(path)
    assert frame["金額"].to_list() == [1, 2]
    assert found.report["header_row"] == 3
    assert found.report["rejected"] == [{"line": 8, "reason": "footnote", "text": "※税抜の金額です"}]
    assert {"preamble_skipped", "blank_lines"} <= set(reasons(found))


def test_lines_in_evidence_are_rows_of_the_sheet(book):
    rows = [["表題"], [], ["code", "n"], ["1", 1], [], ["00123", 2]]
    found, _ = ingested(book({"x": rows}))
    assert found.columns[0].evidence == ({"line": 6, "value": "00123"},)


def test_a_header_of_two_rows_is_joined(book):
    def merge(sheet, workbook):
        sheet.merge_range(0, 1, 0, 2, "2023", workbook.add_format())
        sheet.merge_range(0, 3, 0, 4, "2024", workbook.add_format())

    rows = [["店舗"], ["", "Q1", "Q2", "Q1", "Q2"], ["a", 1, 2, 3, 4], ["b", 5, 6, 7, 8], ["c", 9, 10, 11, 12]]
    found, frame = ingested(book({"x": rows}, finish=merge))
    assert frame.columns == ["店舗", "2023 Q1", "2023 Q2", "2024 Q1", "2024 Q2"]
    assert "header_rows_joined" in reasons(found)


def test_text_merged_down_is_repeated_and_said_but_numbers_are_not(book):
    def merge(sheet, workbook):
        sheet.merge_range(1, 0, 2, 0, "渋谷店", workbook.add_format())
        sheet.merge_range(1, 1, 2, 1, 5, workbook.add_format())

    rows = [["店舗", "目標", "売上"], ["", None, 1], ["", None, 2], ["新宿店", 6, 3]]
    found, frame = ingested(book({"x": rows}, finish=merge))
    assert frame.rows() == [("渋谷店", 5, 1), ("渋谷店", None, 2), ("新宿店", 6, 3)]
    assert details(found, "merged_cells_filled") == {"count": 1}


def test_error_cells_are_null_and_reported(book):
    def divide(sheet, _):
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")

    found, frame = ingested(book({"x": [["a", "b"], [1, None], [2, 5]]}, finish=divide))
    assert frame["b"].to_list() == [None, 5]
    assert details(found, "error_cells") == {"count": 1, "cells": [{"line": 2, "column": "B", "value": "#DIV/0!"}]}


def test_empty_columns_left_of_the_table_are_left_out(book):
    _, frame = ingested(book({"x": [[], [None, None, "a", "b"], [None, None, 1, 2]]}))
    assert (frame.columns, frame.rows()) == (["a", "b"], [(1, 2)])


def test_a_sheet_without_a_header(book):
    found, frame = ingested(book({"x": [[1, date(2024, 1, 5)], [2, date(2024, 1, 6)]]}), header_row=0)
    assert frame.columns == ["column_1", "column_2"]
    assert frame.height == 2
    assert found.report["header_row"] is None


def corner(path: Path) -> Path:
    workbook = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = workbook.add_worksheet()
    sheet.write(0, 0, "a")
    sheet.write(1_048_575, 16_383, 1)
    workbook.close()
    return path


def test_cells_at_opposite_corners_are_refused(tmp_path):
    with pytest.raises(SheetTooSparse) as caught:
        ingested(corner(tmp_path / "corner.xlsx"))
    assert caught.value.details == {"rows": 1048576, "columns": 16384}


def test_a_dimension_that_lies_does_not_help(tmp_path):
    source = zipfile.ZipFile(corner(tmp_path / "corner.xlsx"))
    with zipfile.ZipFile(tmp_path / "liar.xlsx", "w") as archive:
        for name in source.namelist():
            content = re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1:B2"/>', source.read(name))
            archive.writestr(name, content)
    with pytest.raises(SheetTooSparse):
        ingested(tmp_path / "liar.xlsx")


def test_formatted_but_empty_corner_is_no_cell(book):
    def paint(sheet, workbook):
        sheet.write_blank(1_048_575, 16_383, None, workbook.add_format({"bold": True}))

    _, frame = ingested(book({"x": TABLE}, finish=paint))
    assert frame.height == 2


def test_a_zip_bomb_is_refused(book, tmp_path):
    path = book({"x": TABLE})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(60_000_000))
    with pytest.raises(UnpackRatioTooHigh):
        ingested(path)


def test_too_many_sheets(book):
    with pytest.raises(TooManySheets):
        ingested(book({"a": TABLE, "b": TABLE}), Limits(max_sheets=1))


def test_an_empty_workbook(book):
    with pytest.raises(EmptyFile):
        ingested(book({"a": [], "b": []}))


def test_a_torn_workbook_is_refused(book):
    path = book({"a": TABLE})
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["xl/worksheets/sheet1.xml"] = members["xl/worksheets/sheet1.xml"][:300]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises((WorkbookDamaged, EmptyFile)):
        ingested(path)
