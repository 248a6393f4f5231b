"""Which format a file has, told by its content; its name may only agree."""

import json
import re
import zipfile
from pathlib import Path, PurePath

from tabular.errors import TableError, gettext_noop

HEAD = 65_536

# What a name's ending promises. An ending that is not listed promises nothing.
_PROMISES: dict[str, frozenset[str]] = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".psv"), frozenset({"csv"})),
    **dict.fromkeys((".txt", ".dat", ".asc", ".log"), frozenset({"csv", "json", "ndjson"})),
    **dict.fromkeys((".json", ".geojson", ".ndjson", ".jsonl"), frozenset({"json", "ndjson"})),
    **dict.fromkeys((".xlsx", ".xlsm", ".xltx"), frozenset({"xlsx"})),
    ".xls": frozenset({"xls"}),
    ".xlsb": frozenset({"xlsb"}),
    ".ods": frozenset({"ods"}),
    **dict.fromkeys((".parquet", ".pq"), frozenset({"parquet"})),
    ".gz": frozenset({"gzip"}),
    ".zip": frozenset({"zip"}),
}
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xltx", ".xlsb", ".xls"})

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PAR1", "parquet"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"\x1f\x8b", "gzip"),
)
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"\x7fELF", "executable"),
    (b"MZ\x90\x00", "executable"),
    (b"BZh91AY&SY", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"{\\rtf", "rtf"),
    (b"ARROW1", "arrow"),
)
_MARKUP = re.compile(rb"\s*<(!doctype\s+html|html|head|body|\?xml|svg|!--|table|script)", re.IGNORECASE)
_JSON_START = re.compile(r'\s*(\[\s*)*\{\s*("(?:[^"\\\n]|\\.)*"\s*:|\})|\s*\[\s*(\]|\[)')
_CONTROL = bytes(c for c in range(32) if c not in b"\t\n\r\x0c\x1a\x1b\x1c\x1d\x1e\x1f")
_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


class EmptyFile(TableError):
    reason = "empty_file"
    message = gettext_noop("The file is empty.")


class InvalidFileFormat(TableError):
    reason = "invalid_file_format"
    message = gettext_noop(
        "%(filename)s can't be read: its content is %(found)s. "
        "Readable are CSV and other delimited text, XLSX, XLS, ODS, JSON, NDJSON and Parquet, plain or as .gz or .zip."
    )


def format_of(source: Path, filename: str) -> str:
    """``csv``, ``json``, ``ndjson``, ``parquet``, ``xlsx``, ``xlsb``, ``xls``, ``ods``, ``gzip`` or ``zip``.

    Raises ``EmptyFile`` and ``InvalidFileFormat`` (foreign content, or a name that promises another format).
    """
    with source.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise EmptyFile(filename=filename)
    suffix = PurePath(filename).suffix.lower()
    found = _binary_format(source, head) or _text_format(head, suffix)
    promised = _PROMISES.get(suffix)
    encrypted_workbook = found == "xls" and suffix in _WORKBOOKS
    if found not in _READABLE or (promised and found not in promised and not encrypted_workbook):
        raise InvalidFileFormat(filename=filename, found=found)
    return found


_READABLE = frozenset({"csv", "json", "ndjson", "parquet", "xlsx", "xlsb", "xls", "ods", "gzip", "zip"})


def _binary_format(source: Path, head: bytes) -> str | None:
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return _zipped_format(source) if name == "zip" else name
    for magic, name in _FOREIGN:
        if head.startswith(magic):
            return name
    return None if _is_text(head) else "binary"


def _zipped_format(source: Path) -> str:
    """A workbook is a zip whose members tell which; any other zip may hold one table."""
    try:
        with zipfile.ZipFile(source) as archive:
            names = {name.lower().replace("\\", "/").lstrip("/") for name in archive.namelist()}
            kind = archive.read("mimetype")[:200] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, KeyError, ValueError, EOFError):
        return "damaged zip"
    if b"opendocument" in kind:
        return "ods" if b"spreadsheet" in kind else "document"
    if "[content_types].xml" in names:
        if any(name.endswith("workbook.bin") for name in names):
            return "xlsb"
        if any(name.startswith(("word/", "ppt/")) for name in names):
            return "document"
        return "xlsx"
    if b"epub" in kind or "meta-inf/manifest.mf" in names:
        return "archive"
    return "zip"


def _is_text(head: bytes) -> bool:
    """Control characters are rare in text; NUL is usual only in UTF-16 and UTF-32."""
    if head.startswith(_BOMS) or utf16_order(head):
        return True
    return len(head) - len(head.translate(None, _CONTROL)) <= max(2, len(head) // 50)


def utf16_order(head: bytes) -> str | None:
    """``utf-16-le`` or ``utf-16-be`` when NUL bytes sit on one side of the byte pairs only, else None."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    few = max(len(head) // 400, 0)
    if odd > few and odd * 20 >= len(head) // 2 and even <= odd // 50:
        return "utf-16-le"
    if even > few and even * 20 >= len(head) // 2 and odd <= even // 50:
        return "utf-16-be"
    return None


def _text_format(head: bytes, suffix: str) -> str:
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        return "html or xml"
    if suffix in (".ndjson", ".jsonl"):
        return "ndjson"
    if suffix in (".json", ".geojson"):
        return _json_kind(head) or "json"
    return _json_kind(head) or "csv"


def _json_kind(head: bytes) -> str | None:
    """``json``, ``ndjson``, or None for text that does not start as an object or an array of them."""
    text = _decode_head(head).lstrip("\ufeff")
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        _, end = json.JSONDecoder().raw_decode(text.lstrip())
    except (json.JSONDecodeError, RecursionError):
        return "json" if _JSON_START.match(text) else None
    rest = text.lstrip()[end:]
    if not rest.strip():
        return "json"
    return "ndjson" if re.match(r"[ \t]*[\r\n]+\s*[{\[]", rest) else None


def _decode_head(head: bytes) -> str:
    for bom, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(bom):
            return head[2:].decode(encoding, "replace")
    return head.decode(utf16_order(head) or "utf-8", "replace")
