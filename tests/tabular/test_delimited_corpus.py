"""Public test files of other projects: each loads, or is refused with a reason; none hangs."""

import resource
import time
from pathlib import Path

import polars as pl
import pytest

from tabular.errors import TableError
from tabular.ingest import Ingested, ingest
from tabular.options import Options
from tests.tabular import corpus

_CORPUS = corpus.ROOT
pytestmark = corpus.needed
_DELIMITED = {".csv", ".tsv", ".txt", ".tab", ".dat", ".psv", ""}


def load(name: str, folder: Path) -> tuple[Ingested, pl.DataFrame]:
    source, target = _CORPUS / name, folder / "table.parquet"
    made = ingest(source, target, Options(filename=source.name))
    return made, pl.read_parquet(target)


def reasons(made: Ingested) -> set[str]:
    return {warning["reason"] for warning in made.warnings}


def test_four_dialects_of_one_table(tmp_path: Path) -> None:
    frames = [load(f"sqlite-utils/example{i}.csv", tmp_path)[1] for i in range(1, 5)]
    assert frames[0].columns == ["id", "species", "name", "age"]
    assert all(frame.equals(frames[0]) for frame in frames)


@pytest.mark.parametrize("day", ["2017", "20200104"])
def test_two_encodings_of_one_table(day: str, tmp_path: Path) -> None:
    sjis, one = load(f"japanese/localgovjp/{day}_localgovjp-sjis.csv", tmp_path)
    utf8, other = load(f"japanese/localgovjp/{day}_localgovjp-utf8.csv", tmp_path)
    assert (sjis.encoding, utf8.encoding) == ("cp932", "utf-8")
    assert one.equals(other)


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("japanese/yaizu/ファミリー農園/222127_nouen.csv", "cp932"),
        ("japanese/yaizu/要配慮者利用施設/yohairyosya.csv", "cp932"),
        ("duckdb/csv/encodings/shift_jis.csv", "cp932"),
        ("duckdb/csv/encodings/utf16.csv", "utf-16-le"),
        ("duckdb/csv/encodings/latin1.csv", "cp1252"),
        ("frictionless/latin1.csv", "cp1252"),
        ("rust-csv/uspop-latin1.csv", "cp1252"),
        ("frictionless/bom.csv", "utf-8"),
    ],
)
def test_encodings(name: str, encoding: str, tmp_path: Path) -> None:
    assert load(name, tmp_path)[0].encoding == encoding


@pytest.mark.parametrize(
    ("name", "rows", "columns", "said"),
    [
        ("blank-headers.csv", 2, 3, {"empty_headers"}),
        ("duplicate-headers.csv", 2, 5, {"duplicate_headers"}),
        ("blank-rows.csv", 3, 3, {"empty_rows"}),
        ("skip-rows-before-headers.csv", 2, 2, {"preamble_skipped"}),
        ("matrix-with-comment.csv", 4, 4, {"preamble_skipped"}),
        ("without-headers.csv", 3, 2, {"header_missing"}),
        ("bom.csv", 2, 2, set()),
        ("doublequote.csv", 5, 17, set()),
    ],
)
def test_defects_that_the_name_states(name: str, rows: int, columns: int, said: set[str], tmp_path: Path) -> None:
    made, frame = load(f"frictionless/{name}", tmp_path)
    assert (made.rows, frame.width) == (rows, columns)
    assert said <= reasons(made)


def test_a_table_is_the_same_in_every_delimited_form(tmp_path: Path) -> None:
    expected = [(1, "english"), (2, "中国人")]
    for name in ("table.csv", "table-delimiter.csv", "table.csv.gz", "table.csv.zip", "Таблица.csv", "[table].csv"):
        assert load(f"frictionless/{name}", tmp_path)[1].rows() == expected, name


@pytest.mark.slow
def test_every_delimited_file_loads_or_is_refused_with_a_reason(tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    slow, loaded = {}, 0
    for path in sorted(_CORPUS.rglob("*")):
        if not path.is_file() or path.suffix.lower() not in _DELIMITED or path.name == "SOURCE.txt":
            continue
        start = time.process_time()
        try:
            made = ingest(path, tmp_path / "table.parquet", Options(filename=path.name))
        except TableError as refused:
            assert refused.reason != TableError.reason, path
        else:
            loaded += 1
            assert made.rows > 0, path
        if (taken := time.process_time() - start) > 20:
            slow[path.name] = taken
    assert not slow
    assert loaded > 800
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 600_000  # KB
