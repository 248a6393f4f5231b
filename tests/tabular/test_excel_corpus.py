"""Each public workbook loads or is refused with a reason, in good time."""

import time

import pytest

from tabular.errors import TableError
from tests.tabular import corpus
from tests.tabular.sources import ingested

WORKBOOKS = corpus.files(*(f"**/*.{ending}" for ending in ("xlsx", "xls", "xlsb", "ods", "xlsm")))
MUST_REFUSE = {
    "calamine/pass_protected.xlsx": "password_protected",
    "calamine/pass_protected.xlsb": "password_protected",
    "calamine/pass_protected.ods": "password_protected",
    "python-calamine/password.xlsx": "password_protected",
    "python-calamine/password.xls": "password_protected",
    "qsv/password-protected-password123.xlsx": "password_protected",
    "excelize/encryptAES.xlsx": "password_protected",
    "excelize/encryptSHA1.xlsx": "password_protected",
    "excelize/BadWorkbook.xlsx": "workbook_damaged",
    "calamine/OOM_alloc3.xls": "workbook_damaged",
    "calamine/empty_sheet.xlsx": "empty_file",
    "japanese/yaizu/tests_fixtures/broken.xlsx": "empty_file",
}


@corpus.needed
@pytest.mark.parametrize("path", WORKBOOKS, ids=corpus.name)
def test_it_loads_or_is_refused(path, tmp_path):
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    began = time.monotonic()
    try:
        found, frame = ingested(copy)
        assert frame.height == found.rows > 0
        assert corpus.name(path) not in MUST_REFUSE
    except TableError as error:
        assert error.reason == MUST_REFUSE.get(corpus.name(path), error.reason)
    assert time.monotonic() - began < 20


@corpus.needed
@pytest.mark.parametrize("name", ["frictionless/table.csv", "frictionless/table.xlsx", "frictionless/table.xls"])
def test_triples_are_equal(name, tmp_path):
    copy = tmp_path / name.rpartition("/")[2]
    copy.write_bytes((corpus.ROOT / name).read_bytes())
    frame = ingested(copy)[1]
    assert (frame.columns, frame.rows()) == (["id", "name"], [(1, "english"), (2, "中国人")])


@corpus.needed
def test_1904(tmp_path):
    frames = []
    for name in ("date.xlsx", "date_1904.xlsx", "date.xls", "date_1904.xls"):
        copy = tmp_path / name
        copy.write_bytes((corpus.ROOT / "calamine" / name).read_bytes())
        frames.append(ingested(copy)[1])
    assert all(frame.equals(frames[0]) for frame in frames)
    assert frames[0].item(0, 0) == "2021-01-01"
