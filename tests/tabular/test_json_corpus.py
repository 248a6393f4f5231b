"""JSONTestSuite: what is JSON is never called invalid, what is none never gets through."""

import pytest

from tabular.errors import TableError
from tests.tabular import corpus
from tests.tabular.sources import ingested

BROKEN = {"invalid_json", "json_too_deep", "empty_file"}
PARSING = corpus.files("json-test-suite/test_parsing/*.json")
OTHERS = corpus.files("**/*.json", "**/*.jsonl", "**/*.ndjson")


def outcome(path, folder):
    copy = folder / path.name
    copy.write_bytes(path.read_bytes())
    try:
        return "loaded" if ingested(copy)[0].rows else "nothing"
    except TableError as error:
        return error.reason


@corpus.needed
@pytest.mark.parametrize("path", PARSING, ids=corpus.name)
def test_the_suite(path, tmp_path):
    found = outcome(path, tmp_path)
    if path.name.startswith("y_"):
        assert found in ("loaded", "json_not_tabular")
    elif path.name.startswith("n_"):
        assert found in BROKEN


@corpus.needed
@pytest.mark.parametrize("path", [path for path in OTHERS if path not in PARSING], ids=corpus.name)
def test_every_other_json_file_loads_or_is_refused(path, tmp_path):
    assert outcome(path, tmp_path)
