"""Archives of one file: unpacked within limits, by content, never by the names inside."""

import gzip
import io
import zipfile

import pytest

from tabular.options import Limits, UnpackedTooLarge, UnpackRatioTooHigh
from tabular.readers.compressed import ArchiveDamaged, ArchiveNeedsOneFile, NestedArchive
from tabular.readers.excel import PasswordProtected
from tabular.sniff import EmptyFile
from tests.tabular.sources import ingested

CSV = "店,n\n渋谷,1\n新宿,2\n".encode()
ROWS = [("渋谷", 1), ("新宿", 2)]


@pytest.fixture
def packed(tmp_path):
    def write(members, name="t.zip", compression=zipfile.ZIP_DEFLATED):
        with zipfile.ZipFile(tmp_path / name, "w", compression) as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        return tmp_path / name

    return write


def gz(path, content):
    path.write_bytes(gzip.compress(content))
    return path


def test_gzip(tmp_path):
    assert ingested(gz(tmp_path / "t.csv.gz", CSV))[1].rows() == ROWS


@pytest.mark.parametrize("junk", [{}, {"__MACOSX/._t.csv": b"x", ".DS_Store": b"x", "folder/": b""}])
def test_zip(packed, junk):
    assert ingested(packed({**junk, "folder/t.csv": CSV}))[1].rows() == ROWS


def test_names_inside_lead_nowhere(packed, tmp_path):
    assert ingested(packed({"../../../evil.csv": CSV}))[1].rows() == ROWS
    assert not list(tmp_path.parent.glob("**/evil.csv"))


def test_json_inside(packed):
    assert ingested(packed({"t.json": b'[{"a": 1}]'}))[1].rows() == [(1,)]


@pytest.mark.parametrize("members", [{}, {"a.csv": CSV, "b.csv": CSV}])
def test_not_exactly_one(packed, members):
    with pytest.raises(ArchiveNeedsOneFile) as caught:
        ingested(packed(members))
    assert caught.value.details["files"] == list(members)


def test_archives_in_archives(packed, tmp_path):
    with pytest.raises(NestedArchive):
        ingested(packed({"t.zip": packed({"t.csv": CSV}, "inner.zip").read_bytes()}))
    with pytest.raises(NestedArchive):
        ingested(gz(tmp_path / "t.gz", gzip.compress(CSV)))


def test_unpacked_size_is_counted_not_believed(tmp_path):
    with pytest.raises(UnpackedTooLarge):
        ingested(gz(tmp_path / "t.csv.gz", CSV * 1000), Limits(max_unpacked_bytes=10_000))


def test_bombs_are_refused_by_ratio(packed, tmp_path):
    bomb = b"a,b\n" + b"0" * 50_000_000
    with pytest.raises(UnpackRatioTooHigh):
        ingested(packed({"t.csv": bomb}))
    with pytest.raises(UnpackRatioTooHigh):
        ingested(gz(tmp_path / "t.csv.gz", bomb))


def test_a_password(packed):
    path = packed({"t.csv": CSV})
    content = bytearray(path.read_bytes())
    content[6] |= 1  # the flag in the member's own header
    content[content.index(b"PK\x01\x02") + 8] |= 1  # and in the directory
    path.write_bytes(content)
    with pytest.raises(PasswordProtected):
        ingested(path)


def test_a_torn_archive(tmp_path):
    path = gz(tmp_path / "t.csv.gz", CSV * 1000)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ArchiveDamaged):
        ingested(path)


def test_a_wrong_checksum(packed):
    path = packed({"t.csv": CSV}, compression=zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace("渋谷".encode(), "渋川".encode()))
    with pytest.raises(ArchiveDamaged):
        ingested(path)


def test_nothing_inside(tmp_path):
    with pytest.raises(EmptyFile):
        ingested(gz(tmp_path / "t.csv.gz", b""))


def test_a_zipped_workbook(packed):
    import xlsxwriter

    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        workbook.add_worksheet().write_row(0, 0, ["a", "b"])
        workbook.worksheets()[0].write_row(1, 0, [1, 2])
    assert ingested(packed({"t.xlsx": book.getvalue()}))[1].rows() == [(1, 2)]
