"""One pass over plain text gives what the long way over the spool gives, or steps aside."""

import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tabular import onepass, typing
from tabular.lossless import is_lossless
from tabular.options import Limits, Options
from tabular.readers import RawTable, delimited
from tabular.sniff import sniff


def _raw(folder: Path, text: str) -> tuple[RawTable, Options]:
    source = folder / "a.csv"
    source.write_bytes(text.encode())
    options = Options(filename="a.csv")
    return delimited.read(source, folder, sniff(source, options), options, Limits()), options


def _both_ways(folder: Path, text: str, sample: int = 3) -> onepass.Written | None:
    raw, options = _raw(folder, text)
    fast = onepass.convert(raw, options, folder, folder / "fast.parquet", sample_rows=sample)
    if fast:
        spooled = raw.spooled()
        decisions = typing.decide(spooled, types={})
        typing.convert(spooled, decisions, folder / "slow.parquet")
        assert [d.column.dtype for d in fast.decisions] == [d.column.dtype for d in decisions]
        assert pl.read_parquet(folder / "fast.parquet").equals(pl.read_parquet(folder / "slow.parquet"))
        assert fast.rows == spooled.rows
        columns = [decision.column for decision in decisions]
        assert fast.lossless == is_lossless(spooled, columns, folder / "slow.parquet")
    return fast


def test_plain_columns_are_proven(tmp_path: Path) -> None:
    rows = "".join(
        f"{i},{i / 4},2024-01-{1 + i % 28:02d},店{i % 3},{'true' if i % 2 else 'false'}\n" for i in range(500)
    )
    written = _both_ways(tmp_path, "id,price,day,shop,open\n" + rows)
    assert written is not None
    assert written.lossless
    assert [d.column.dtype for d in written.decisions] == ["integer", "decimal", "date", "text", "boolean"]


@pytest.mark.parametrize(
    ("late", "dtype", "lossless"),
    [
        ("007", "text", True),
        ("+7", "integer", False),
        ("7.5", "decimal", False),  # the whole numbers above become 1.0, 2.0
        ("NA", "integer", False),
        ("", "integer", True),
        ("1234567890123456", "text", True),
        ("-0", "integer", False),
        (" 7", "integer", False),
        ("x", "text", True),
        ("99999999999999999999999", "text", True),
        ("-123456789012345", "integer", True),
        ("1e5", "text", True),
    ],
)
def test_a_late_surprise_in_a_column_of_whole_numbers(late: str, dtype: str, lossless: bool, tmp_path: Path) -> None:
    rows = [f"{i},x{i},{i * 3}" for i in range(400)]
    rows[350] = f"{late},x350,1050"
    written = _both_ways(tmp_path, "n,s,m\n" + "\n".join(rows) + "\n")
    assert written is not None
    assert written.decisions[0].column.dtype == dtype
    assert written.lossless == lossless
    assert written.decisions[2].column.dtype == "integer"


@pytest.mark.parametrize(
    ("late", "dtype", "lossless"),
    [
        ("12.50", "decimal", False),
        ("7", "decimal", False),
        ("00.5", "text", True),
        ("0.1234567890123456789", "text", True),
        ("inf", "text", True),
        ("NaN", "decimal", False),
        ("1.7976931348623157e+308", "decimal", True),
        ("9007199254740993.0", "text", True),
    ],
)
def test_a_late_surprise_in_a_column_of_decimals(late: str, dtype: str, lossless: bool, tmp_path: Path) -> None:
    rows = [f"{i + 0.25},x{i}" for i in range(400)]
    rows[350] = f"{late},x350"
    written = _both_ways(tmp_path, "n,s\n" + "\n".join(rows) + "\n")
    assert written is not None
    assert written.decisions[0].column.dtype == dtype
    assert written.lossless == lossless


@pytest.mark.parametrize("late", ["1,2", "1,2,3,4", "", '1,"2,3', "1;2;3", "\n\n1,2,3", "1,2\x00,3"])
def test_a_late_crooked_record_is_not_passed_over(late: str, tmp_path: Path) -> None:
    rows = [f"{i},{i},{i}" for i in range(400)]
    rows[350] = late
    raw, options = _raw(tmp_path, "a,b,c\n" + "\n".join(rows) + "\n")
    written = onepass.convert(raw, options, tmp_path, tmp_path / "fast.parquet", sample_rows=3)
    assert written is not None
    settled = raw.settled()
    assert written.rows == settled.rows
    assert written.raw.rejected == settled.rejected
    assert written.raw.warnings == settled.warnings != ()
    spool = pl.read_parquet(settled.spooled().path)
    typed = pl.read_parquet(tmp_path / "fast.parquet").select(pl.all().cast(pl.String))
    assert typed.equals(spool.select(typed.columns))


_CELLS = st.one_of(
    st.integers(-(10**17), 10**17).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.decimals(-1000, 1000, places=2).map(str),
    st.sampled_from(
        ["", "NA", "007", "true", "FALSE", "2024-01-05", "2024-02-30", "1,5", "-", "１２", "é", "日", 'a"b']
    ),
    st.dates().map(str),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pools=st.lists(st.lists(_CELLS, min_size=1, max_size=30), min_size=1, max_size=4),
    rng=st.randoms(use_true_random=False),
)
def test_any_columns_come_out_the_same_both_ways(pools: list[list[str]], rng: random.Random, tmp_path: Path) -> None:
    columns = {f"c{i}": [rng.choice(pool) for _ in range(60)] for i, pool in enumerate(pools)}
    frame = pl.DataFrame(columns)
    frame = frame.with_columns(key=pl.Series([f"k{i}" for i in range(60)]))
    _both_ways(tmp_path, frame.write_csv())
