"""At least 98 % of the cells of a polluted file are read rightly."""

import csv
import difflib
import random
from pathlib import Path

import polars as pl
import pytest

from tabular.errors import TableError
from tabular.options import Limits, Options
from tabular.readers import delimited
from tabular.sniff import sniff
from tests.tabular.pollution import POLLUTIONS, Polluted, Row, Table

_DATA = Path(__file__).parents[1] / "data"
_SEEDS = range(4)


def _retail() -> Table:
    with (_DATA / "retail_ja.csv").open(encoding="cp932", newline="") as file:
        header, *rows = csv.reader(file)
    return Table(tuple(header), tuple(map(tuple, rows[:150])))


def _ledger() -> Table:
    """Commas, quotes and newlines in the cells; leading zeros; empty cells."""
    rng = random.Random(7)
    goods = ["緑茶（500ml）", 'ノート "B5"', "りんご, 青森産", "消しゴム", "改行\nあり", "牛乳", "O'Reilly の本"]
    rows = tuple(
        (
            f"{i:05d}",
            f"2024-{1 + i % 12:02d}-{1 + i % 28:02d}",
            goods[rng.randrange(len(goods))],
            str(rng.randrange(1, 500)),
            f"{rng.randrange(100, 99999) / 100:.2f}",
            rng.choice(["", "済", "未"]),
        )
        for i in range(150)
    )
    return Table(("伝票番号", "日付", "商品名", "数量", "金額", "備考"), rows)


def _people() -> Table:
    """Words only, but for an age: the hardest to tell a header from."""
    rng = random.Random(3)
    names = ["Anna", "Björn", "Chloé", "太郎", "花子", "Zoë", "Ivan", "Noor"]
    cities = ["Tokyo", "São Paulo", "Köln", "Lyon", "大阪", "Cairo"]
    rows = tuple(
        (
            f"{rng.choice(names)} {i}",
            rng.choice(cities),
            rng.choice(["red", "blue", "green"]),
            str(rng.randrange(18, 90)),
        )
        for i in range(120)
    )
    return Table(("name", "city", "colour", "age"), rows)


TABLES = {"retail": _retail(), "ledger": _ledger(), "people": _people()}
# Western letters are in none of Japan's older encodings.
_IMPOSSIBLE = {("people", "encoding_cp932"), ("people", "encoding_euc_jp"), ("people", "encoding_iso2022jp")}


def read(data: bytes, folder: Path, **options: object) -> tuple[Row, list[Row]]:
    source = folder / "source.csv"
    source.write_bytes(data)
    asked = Options(filename="source.csv", **options)  # type: ignore[arg-type]
    raw = delimited.read(source, folder, sniff(source, asked), asked, Limits()).spooled()
    frame = pl.read_parquet(raw.path).select(raw.names)
    return raw.names, [tuple(cell or "" for cell in row) for row in frame.iter_rows()]


def share_of_right_cells(expected: list[Row], found: list[Row]) -> float:
    """Rows are aligned first, so that one row too few costs one row."""
    matcher = difflib.SequenceMatcher(None, expected, found, autojunk=False)
    right = 0
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal" or (kind == "replace" and b - a == d - c):
            for want, got in zip(expected[a:b], found[c:d], strict=True):
                right += sum(1 for x, y in zip(want, got, strict=False) if x == y)
    total = max(len(expected), len(found)) * max(len(expected[0]), len(found[0]) if found else 1)
    return right / total


def judge(polluted: Polluted, folder: Path) -> float:
    try:
        names, rows = read(polluted.data, folder)
    except TableError as refused:
        pytest.fail(f"refused: {refused.reason} {refused.details}")
    if polluted.headless:
        return share_of_right_cells(list(polluted.expected.rows), rows)
    return share_of_right_cells([polluted.expected.header, *polluted.expected.rows], [names, *rows])


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("name", POLLUTIONS)
def test_cells_survive(name: str, table: str, tmp_path: Path) -> None:
    if (table, name) in _IMPOSSIBLE:
        pytest.skip("not encodable")
    for seed in _SEEDS:
        share = judge(POLLUTIONS[name](TABLES[table], random.Random(seed)), tmp_path)
        assert share >= 0.98, f"seed {seed}: {share:.3f}"
