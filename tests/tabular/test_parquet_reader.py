"""Every Arrow type comes in as one of ours, or as text that says the same."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tabular.options import Limits, TooManyRows
from tabular.readers.parquet import ParquetDamaged
from tests.tabular.sources import dtypes, ingested, reasons


@pytest.fixture
def stored(tmp_path):
    def write(columns, **options):
        path = tmp_path / "table.parquet"
        pq.write_table(pa.table(columns), path, **options)
        return path

    return write


CASES = [
    (pa.array([1, None, -3], pa.int8()), "integer", [1, None, -3]),
    (pa.array([1, None, 2**15], pa.uint16()), "integer", [1, None, 2**15]),
    (pa.array([999_999_999_999_999, 0, 1], pa.int64()), "integer", [999_999_999_999_999, 0, 1]),
    (pa.array([10**15, 0, None], pa.int64()), "text", [str(10**15), "0", None]),
    (pa.array([2**64 - 1, 0, None], pa.uint64()), "text", [str(2**64 - 1), "0", None]),
    (pa.array([5, 0, None], pa.uint64()), "integer", [5, 0, None]),
    (pa.array([0.1, None, 1e300]), "decimal", [0.1, None, 1e300]),
    (pa.array([0.5, None, 0.25], pa.float32()), "decimal", [0.5, None, 0.25]),
    (pa.array([0.5, float("nan"), 0.25]), "decimal", [0.5, None, 0.25]),
    (pa.array([True, None, False]), "boolean", [True, None, False]),
    (pa.array([date(2024, 1, 5), None, date(1, 1, 1)]), "date", [date(2024, 1, 5), None, date(1, 1, 1)]),
    (
        pa.array([datetime(2024, 1, 5, 12, 30), None, None], pa.timestamp("ms")),
        "datetime",
        [datetime(2024, 1, 5, 12, 30), None, None],
    ),
    (
        pa.array([datetime(2024, 1, 5, 12, tzinfo=UTC), None, None], pa.timestamp("ns", "Asia/Tokyo")),
        "datetime",
        [datetime(2024, 1, 5, 12, tzinfo=UTC), None, None],
    ),
    (
        pa.array([1_700_000_000_000_000_001, None, 0], pa.timestamp("ns")),
        "text",
        ["2023-11-14T22:13:20.000000001", None, "1970-01-01T00:00:00.000000000"],
    ),
    (pa.array([Decimal("12.30"), None, Decimal("-0.05")], pa.decimal128(10, 2)), "decimal", [12.3, None, -0.05]),
    (
        pa.array([Decimal("12345678901234567.89"), None, Decimal("1.00")], pa.decimal128(20, 2)),
        "text",
        ["12345678901234567.89", None, "1.00"],
    ),
    (pa.array(["a", None, ""]), "text", ["a", None, None]),
    (pa.array(["00123", "5", None]).dictionary_encode(), "text", ["00123", "5", None]),
    (pa.array([b"abc", None, b"\xff\x00"]), "text", ["abc", None, "ff00"]),
    (pa.array([time(12, 30), None, time(0)]), "text", ["12:30:00.000000", None, "00:00:00.000000"]),
    (pa.array([[1, 2], None, []]), "text", ["[1, 2]", None, "[]"]),
    (
        pa.array([{"a": date(2024, 1, 5), "b": "日"}, None, {"a": None, "b": None}]),
        "text",
        ['{"a": "2024-01-05", "b": "日"}', None, '{"a": null, "b": null}'],
    ),
    (pa.nulls(3), "text", [None, None, None]),
]


@pytest.mark.parametrize(("array", "dtype", "values"), CASES, ids=[str(case[0].type) for case in CASES])
def test_types(stored, array, dtype, values):
    found, frame = ingested(stored({"x": array}))
    assert (dtypes(found), frame["x"].to_list()) == ([dtype], values)


def test_exact_64_bits_on_demand(stored):
    _, frame = ingested(stored({"x": pa.array([2**62, 1], pa.int64())}), types={"x": "int64"})
    assert frame["x"].to_list() == [2**62, 1]


def test_a_duration_is_text(stored):
    found, _ = ingested(stored({"x": pa.array([timedelta(hours=1)])}))
    assert dtypes(found) == ["text"]


def test_names_that_repeat(tmp_path):
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    pq.write_table(table, tmp_path / "t.parquet")
    found, frame = ingested(tmp_path / "t.parquet")
    assert frame.columns == ["a", "a_2"]
    assert "duplicate_headers" in reasons(found)


def test_a_flipped_byte_is_found_by_its_checksum(stored):
    path = stored({"x": list(range(5000))}, write_page_checksum=True, use_dictionary=False, compression="none")
    content = bytearray(path.read_bytes())
    content[2000] ^= 1
    path.write_bytes(content)
    with pytest.raises(ParquetDamaged):
        ingested(path)


@pytest.mark.parametrize("keep", [4, 100, -1])
def test_a_torn_file_is_refused(stored, keep):
    path = stored({"x": [1, 2, 3]})
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ParquetDamaged):
        ingested(path)


def test_too_many_rows(stored):
    with pytest.raises(TooManyRows):
        ingested(stored({"x": [1, 2, 3]}), Limits(max_rows=2))
