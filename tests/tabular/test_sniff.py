"""What a file is, told by its content."""

import gzip
import zipfile
from pathlib import Path

import pytest

from tabular.options import Options
from tabular.sniff import EmptyFile, InvalidFileFormat, UnknownEncoding, sniff
from tabular.sniff.dialect import BadDelimiter, dialect_of
from tabular.sniff.encoding import UnknownEncodingName, encoding_of

_JAPANESE = "日付,店舗名,売上金額\n2024/1/5,渋谷店,1200\n2024/1/6,新宿店,ｶﾅ\n" * 3
_GERMAN = "Name,Straße,Größe\nMüller,Königsallee 5,1\nJörg,Übergang,2\n" * 3
_FRENCH = "nom;prénom;été\nLefèvre;Chloé;1\nFrançois;Élodie;2\n" * 3


def _sniffed(folder: Path, name: str, data: bytes, encoding: str | None = None) -> tuple[str, str | None]:
    source = folder / "upload"
    source.write_bytes(data)
    found = sniff(source, Options(filename=name, encoding=encoding))
    return found.format, found.encoding.name if found.encoding else None


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"a,b\n1,2\n", "x.csv", "csv"),
        (b"a,b\n1,2\n", "x", "csv"),
        (b"a\tb\n", "x.tsv", "csv"),
        (b'[{"a": 1}]', "x.json", "json"),
        (b'{"a": [1]}', "x", "json"),
        (b'{"a": 1}\n{"a": 2}\n', "x.txt", "ndjson"),
        (b'{"a": 1}\n', "x.jsonl", "ndjson"),
        (b"[a],[b]\n1,2\n", "x.csv", "csv"),
        (b"{a},b\n1,2\n", "x.csv", "csv"),
        (b"PAR1xxxxPAR1", "x.parquet", "parquet"),
        (gzip.compress(b"a,b", mtime=0), "x.csv.gz", "gzip"),
    ],
)
def test_formats_by_content(data: bytes, name: str, expected: str, tmp_path: Path) -> None:
    assert _sniffed(tmp_path, name, data)[0] == expected


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7 ...", "x.csv"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "x.csv"),
        (b"\x7fELF" + bytes(range(60)), "x"),
        (bytes(range(256)) * 40, "x.csv"),
        (b"<!DOCTYPE html><html><table><tr><td>1</td></tr></table></html>", "x.xls"),
        (b"<?xml version='1.0'?><a/>", "x.csv"),
        (b"a,b\n1,2\n", "x.xlsx"),
        (b"a,b\n1,2\n", "x.parquet"),
        (b"PAR1xxxxPAR1", "x.csv"),
        (b'[{"a": 1}]', "x.csv"),
        (gzip.compress(b"a,b", mtime=0), "x.csv"),
        (b"PK\x03\x04 not really", "x.zip"),
    ],
)
def test_foreign_or_contradicted_content_is_refused(data: bytes, name: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidFileFormat):
        _sniffed(tmp_path, name, data)


def test_a_word_document_is_no_workbook(tmp_path: Path) -> None:
    source = tmp_path / "upload"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("word/document.xml", "")
    with pytest.raises(InvalidFileFormat):
        sniff(source, Options(filename="x.xlsx"))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile):
        _sniffed(tmp_path, "x.csv", b"")


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        (_JAPANESE, "utf-8", "utf-8"),
        (_JAPANESE, "utf-8-sig", "utf-8"),
        (_JAPANESE, "cp932", "cp932"),
        (_JAPANESE, "euc_jp", "euc_jp"),
        (_JAPANESE, "iso2022_jp_3", "iso2022_jp_2"),
        (_JAPANESE, "utf-16", "utf-16-le"),
        (_JAPANESE, "utf-16-le", "utf-16-le"),
        (_JAPANESE, "utf-16-be", "utf-16-be"),
        (_GERMAN, "cp1252", "cp1252"),
        (_GERMAN, "utf-8", "utf-8"),
        (_FRENCH, "cp1252", "cp1252"),
        ("a,b\n1,“quoted” – 5 €\n", "cp1252", "cp1252"),
        ("a,b\n1,2\n", "ascii", "utf-8"),
        ('13101,"100  ","1000000","ﾄｳｷﾖｳﾄ","ﾁﾖﾀﾞｸ","東京都","千代田区"\n' * 20, "cp932", "cp932"),
    ],
)
def test_encodings(text: str, encoding: str, expected: str, tmp_path: Path) -> None:
    text = text if "2022" not in encoding else text.replace("ｶﾅ", "カナ")
    assert _sniffed(tmp_path, "x.csv", text.encode(encoding))[1] == expected


def test_the_end_of_the_file_counts(tmp_path: Path) -> None:
    late = b"a,b\n" + b"1,x\n" * 500_000 + "2,渋谷店の売上\n3,新宿店の売上\n".encode("cp932")
    assert _sniffed(tmp_path, "x.csv", late)[1] == "cp932"


def test_a_character_may_lie_across_blocks(tmp_path: Path) -> None:
    data = b"a" * ((1 << 20) - 1) + "日本語\n".encode() * 10
    assert _sniffed(tmp_path, "x.csv", data)[1] == "utf-8"


def test_one_bad_byte_does_not_turn_utf8_into_something_else(tmp_path: Path) -> None:
    source = tmp_path / "upload"
    source.write_bytes(_JAPANESE.encode() * 20 + b"2024/1/7,\xff,1\n")
    found = encoding_of(source)
    assert (found.name, found.clean) == ("utf-8", False)


def test_the_caller_decides_the_encoding(tmp_path: Path) -> None:
    assert _sniffed(tmp_path, "x.csv", "a,ĝ\n".encode("iso8859-3"), "ISO-8859-3")[1] == "iso8859-3"
    assert _sniffed(tmp_path, "x.csv", "～".encode("cp932"), "Shift_JIS")[1] == "cp932"
    for nonsense in ("klingon", "hex", "idna", "unicode_escape", "undefined", "\0"):
        with pytest.raises(UnknownEncodingName):
            _sniffed(tmp_path, "x.csv", b"a", nonsense)


def test_no_encoding_is_better_than_a_wrong_one(tmp_path: Path) -> None:
    greek = "όνομα,πόλη\nΓιώργος,Αθήνα\nΜαρία,Πάτρα\n" * 5
    with pytest.raises(UnknownEncoding):
        _sniffed(tmp_path, "x.csv", greek.encode("iso8859-7"))


@pytest.mark.parametrize(
    ("text", "delimiter", "header"),
    [
        ("a,b,c\n1,2,3\n4,5,6\n", ",", 1),
        ("a;b\n1,5;2,5\n3,5;4,25\n", ";", 1),
        ("name\tvalue\nx, y\t1\nz, w\t2\n", "\t", 1),
        ("a|b|c\n1|2|3\n", "|", 1),
        ("a^b\nx^1\ny^2\n", "^", 1),
        ("a~b\nx~1\ny~2\n", "~", 1),
        ("id:name\n1:x\n2:y\n", ":", 1),
        ("sep=;\na;b\n1;2\n", ";", 2),
        ("time\n12:00:00\n13:30:10\n", ",", 1),
        ("note\nhello, world\nplain\nother\nwords\n", ",", 1),
        ("# made by us\na,b\n1,2\n3,4\n", ",", 2),
        ("title\n\na,b,c\n1,2,3\n4,5,6\n", ",", 3),
        ("1,2,3\n4,5,6\n", ",", None),
        ("渋谷,1,2\n新宿,3,4\n", ",", None),
        ("商品,2023,2024\nりんご,100,200\nみかん,300,400\n", ",", 1),
        ("x,y\nx,1\n", ",", 1),
    ],
)
def test_dialects(text: str, delimiter: str, header: int | None) -> None:
    found = dialect_of(text)
    assert (found.marks.delimiter, found.header_row) == (delimiter, header)


def test_the_caller_decides_delimiter_and_header() -> None:
    found = dialect_of("a;b,c\n1;2,3\n4;5,6\n", delimiter=";", header_row=2)
    assert (found.marks.delimiter, found.header_row, found.first_line) == (";", 2, 3)
    assert found.layout.header_cells == ("1", "2,3")
    headless = dialect_of("a,b\nc,d\n", header_row=0)
    assert (headless.header_row, headless.first_line, headless.layout.header_cells) == (None, 1, ())
    for nonsense in ("ab", "", "a", "1", '"', "\n", "é", "，"):
        with pytest.raises(BadDelimiter):
            dialect_of("a", delimiter=nonsense)


def test_quotes_and_escapes() -> None:
    assert dialect_of("a,b\n'x, y',1\n'z, w',2\n").marks.quote == "'"
    assert dialect_of("a,b\nIt's,1\nWe're,2\n").marks.quote == '"'
    assert dialect_of('a,b\n"x \\"y\\", z",1\n"w",2\n').marks.escape == "\\"
    assert dialect_of('a,b\n"x ""y"", z",1\n"C:\\dir",2\n').marks.escape is None
