"""Stored once, seen whole or not at all; damage is noticed."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from tabular import parquet

_FRAME = pl.DataFrame(
    {
        "n": [1, None, 3],
        "x": [1.5, 2.5, None],
        "ok": [True, False, None],
        "day": [date(2024, 1, 5), None, None],
        "at": [datetime(2024, 1, 5, 1, 2, 3), None, None],
        "utc": pl.Series([datetime(2024, 1, 5, tzinfo=UTC), None, None], dtype=pl.Datetime("us", "UTC")),
        "s": ["渋谷", "", None],
    }
)


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    target = tmp_path / "table.parquet"
    with parquet.writing(target) as temporary:
        parquet.sink(_FRAME.lazy(), temporary)
    return target


def test_what_is_written_is_read(stored: Path) -> None:
    assert pl.read_parquet(stored).equals(_FRAME)
    assert parquet.read_schema(stored) == {
        "n": "integer",
        "x": "decimal",
        "ok": "boolean",
        "day": "date",
        "at": "datetime",
        "utc": "datetime",
        "s": "text",
    }
    assert parquet.row_count(stored) == parquet.check(stored) == 3
    assert [path.name for path in stored.parent.iterdir()] == ["table.parquet"]


def test_a_failure_leaves_what_was_there(stored: Path) -> None:
    before = stored.read_bytes()
    with pytest.raises(ZeroDivisionError), parquet.writing(stored) as temporary:
        temporary.write_bytes(b"half")
        raise ZeroDivisionError
    assert stored.read_bytes() == before
    assert [path.name for path in stored.parent.iterdir()] == ["table.parquet"]


def test_readers_see_the_old_file_until_the_new_one_is_whole(stored: Path) -> None:
    with parquet.writing(stored) as temporary:
        parquet.sink(_FRAME.head(1).lazy(), temporary)
        assert parquet.row_count(stored) == 3
    assert parquet.row_count(stored) == 1


@pytest.mark.parametrize("damage", ["empty", "cut", "no footer", "other file", "footer", "missing", "folder"])
def test_damage_is_reported_as_such(damage: str, stored: Path) -> None:
    data = stored.read_bytes()
    if damage in ("missing", "folder"):
        stored.unlink()
        if damage == "folder":
            stored.mkdir()
    else:
        footer = data[:-60] + bytes(byte ^ 0x5A for byte in data[-60:-8]) + data[-8:]
        changed = {"empty": b"", "cut": data[:100], "no footer": data[:-4], "other file": b"a,b\n", "footer": footer}
        stored.write_bytes(changed[damage])
    with pytest.raises(parquet.StoredDataDamaged):
        parquet.check(stored)
    with pytest.raises(parquet.StoredDataDamaged):
        parquet.read_schema(stored)


def test_a_damaged_page_is_found_by_a_full_check(tmp_path: Path) -> None:
    target = tmp_path / "table.parquet"
    frame = pl.DataFrame({"s": [f"text number {i * 7919 % 100003}" for i in range(20_000)]})
    with parquet.writing(target) as temporary:
        parquet.sink(frame.lazy(), temporary)
    data = bytearray(target.read_bytes())
    data[2_000:6_000] = bytes(4_000)
    target.write_bytes(data)
    with pytest.raises(parquet.StoredDataDamaged):
        parquet.check(target)


def test_a_type_that_is_not_ours_is_damage(tmp_path: Path) -> None:
    target = tmp_path / "table.parquet"
    pl.DataFrame({"a": [[1, 2]]}).write_parquet(target)
    with pytest.raises(parquet.StoredDataDamaged):
        parquet.read_schema(target)
