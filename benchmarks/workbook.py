"""How fast a workbook of 100,000 × 15 cells is read: ours (look, read, spool) against openpyxl and bare calamine.

    python benchmarks/workbook.py [--rows 100000] [--repeat 3]

CPU seconds, the best of ``--repeat``; the last column is openpyxl's time as a multiple.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import xlsxwriter
from python_calamine import load_workbook

from tabular.options import Limits, Options
from tabular.readers import excel
from tabular.sniff import Sniffed


def make(path: Path, rows: int) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet, day = book.add_worksheet("売上"), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["Date", "shop", "category", *(f"m{i}" for i in range(11)), "price"])
        for row in range(1, rows + 1):
            sheet.write_datetime(row, 0, date(2020, 1, 1) + timedelta(row % 1500), day)
            sheet.write_row(row, 1, [f"店舗{row % 12}", f"部門{row % 30}", *((row * k) % 99991 for k in range(1, 12))])
            sheet.write_number(row, 14, (row * 7919 % 100_000) / 100)


def with_openpyxl(path: Path) -> None:
    for _ in openpyxl.load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True):
        pass


def with_calamine(path: Path) -> None:
    for _ in load_workbook(path).get_sheet_by_index(0).iter_rows():
        pass


def with_ours(path: Path) -> None:
    with tempfile.TemporaryDirectory() as work:
        excel.read(path, Path(work), Sniffed("xlsx"), Options(path.name), Limits())


def best(read: Callable[[Path], None], path: Path, repeat: int) -> float:
    times = []
    for _ in range(repeat):
        began = time.process_time()
        read(path)
        times.append(time.process_time() - began)
    return min(times)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.xlsx"
        make(path, asked.rows)
        readers = {"openpyxl": with_openpyxl, "calamine": with_calamine, "ours": with_ours}
        seconds = {name: best(read, path, asked.repeat) for name, read in readers.items()}
    for name, spent in seconds.items():
        print(f"{name:10} {spent:6.2f} s {seconds['openpyxl'] / spent:5.1f}×")


if __name__ == "__main__":
    main()
