"""Damaged Parquet files are refused; odd but sound ones load. In a child: some of them eat all memory."""

import pytest

from tabular import sandbox
from tabular.errors import TableError
from tabular.ingest import ingest
from tabular.options import Options
from tests.tabular import corpus

BAD = corpus.files("parquet-bad/bad_data/*.parquet", "parquet-bad/data/*corrupt-checksum*")
FINE = [path for path in corpus.files("**/*.parquet") if path not in BAD]
READABLE_AFTER_ALL = {"ARROW-GH-43605.parquet"}  # a bit width of 0, which today's Arrow reads as the standard says


def outcome(path, folder):
    try:
        bounds = {"memory_bytes": 700_000_000, "cpu_seconds": 20.0, "wall_seconds": 20.0}
        found = sandbox.run(ingest, (path, folder / "out.parquet", Options(path.name)), **bounds)
    except TableError as error:
        return error.reason
    return "loaded" if found.rows else "nothing"


@corpus.needed
@pytest.mark.parametrize("path", BAD, ids=corpus.name)
def test_bad_files_are_refused(path, tmp_path):
    wanted = {"loaded"} if path.name in READABLE_AFTER_ALL else {"parquet_damaged", "parse_memory", "parse_crashed"}
    assert outcome(path, tmp_path) in wanted


@corpus.needed
@pytest.mark.parametrize("path", FINE, ids=corpus.name)
def test_sound_files_load(path, tmp_path):
    wanted = {"loaded"} if "map" not in path.name else {"loaded", "parse_memory"}
    assert outcome(path, tmp_path) in wanted
