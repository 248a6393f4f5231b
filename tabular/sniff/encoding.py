"""Which encoding a text file has, judged over the whole file.

A byte order mark decides; else UTF-8, when all of the file is; else the encodings of Japan and of Western Europe
compete: each must decode the file, and the text that comes out must look like the language it would be. ISO-8859-x
decodes any byte, so it is only taken on the caller's word.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tabular.errors import TableError, gettext_noop
from tabular.sniff.content import HEAD, utf16_order

_CHUNK = 1 << 20
_SAMPLE = 20_000  # characters that are scored
_GOOD_ENOUGH = 0.3
_FEW_ERRORS = 0.02

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAME = {"shift_jis": "cp932", "iso8859-1": "iso8859-1", "ascii": "utf-8", "utf-8-sig": "utf-8", "euc_jp": "euc_jp"}


# Codecs of Python that are texts to it, and to no file.
_NO_FILE = {"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "mbcs", "oem"}


class UnknownEncoding(TableError):
    reason = "unknown_encoding"
    message = gettext_noop("The file's encoding could not be recognised. Give it as encoding=, for example cp932.")


class UnknownEncodingName(TableError):
    reason = "unknown_encoding_name"
    message = gettext_noop("There is no text encoding %(encoding)s.")


@dataclass(frozen=True, slots=True)
class Encoding:
    """``name`` as Python writes it; ``bom``: bytes to skip; ``confidence`` 0–1; ``clean``: decodes without an error."""

    name: str
    confidence: float = 1.0
    bom: int = 0
    clean: bool = True


def encoding_of(source: Path, asked: str | None = None) -> Encoding:
    """The encoding asked for, or found. Raises ``UnknownEncoding``, ``UnknownEncodingName``."""
    with source.open("rb") as file:
        head = file.read(HEAD)
    if asked:
        return _asked(source, asked, head)
    for bom, name in _BOMS:
        if head.startswith(bom):
            errors, _ = _try(source, name, len(bom))
            return Encoding(name, bom=len(bom), clean=not errors)
    if (order := utf16_order(head)) and not _try(source, order)[0]:
        return Encoding(order, confidence=0.9)
    if is_utf8(source):
        if b"\x1b$" in head and not _try(source, "iso2022_jp_2")[0]:
            return Encoding("iso2022_jp_2", confidence=0.9)
        return Encoding("utf-8")
    return _compete(source)


def is_utf8(source: Path) -> bool:
    rest = b""
    for block in _blocks(source, 0):
        data = rest + block
        cut = len(data) - _unfinished(data)
        rest = data[cut:]
        try:  # Polars checks a gigabyte in a tenth of a second
            pl.Series([data[:cut]], dtype=pl.Binary).cast(pl.String)
        except pl.exceptions.PolarsError:
            return False
    return not rest


def _unfinished(data: bytes) -> int:
    """Bytes at the end that begin a character and do not finish it."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte < 0x80:
            return 0
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return back if length > back else 0
    return 0


def _asked(source: Path, asked: str, head: bytes) -> Encoding:
    try:
        info = codecs.lookup(asked.strip())
        is_text = info._is_text_encoding and info.name not in _NO_FILE  # the one place where Python says so
    except (LookupError, ValueError):
        is_text = False
    if not is_text:
        raise UnknownEncodingName(encoding=asked)
    name = _SAME.get(info.name, info.name)
    if name in ("utf-16", "utf-32"):
        name += "-be" if head.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)) else "-le"
    bom = next((len(mark) for mark, of in _BOMS if of == name and head.startswith(mark)), 0)
    return Encoding(name, bom=bom, clean=not _try(source, name, bom)[0])


def _compete(source: Path) -> Encoding:
    best, best_score = None, _GOOD_ENOUGH
    for name, score in _CONTENDERS:
        errors, sample = _try(source, name)
        foreign = sum(1 for char in sample if char > "\x7f")
        share = errors / max(errors + foreign, 1)
        allowed = max(_FEW_ERRORS * (errors + foreign), 1 if foreign >= 10 else 0)
        if errors > allowed or not foreign:
            continue
        rating = score(sample) - 10 * share
        if rating > best_score:
            best, best_score = Encoding(name, round(min(rating, 0.99), 2), clean=not errors), rating
    if best is None:
        raise UnknownEncoding
    return best


def _try(source: Path, name: str, skip: int = 0) -> tuple[int, str]:
    """Undecodable places in the whole file, and the stretches of text around its first non-ASCII characters."""
    errors, sample, size = 0, [], 0
    for text in decoded(source, Encoding(name, bom=skip)):
        errors += text.count("\ufffd") + (len(_UNASSIGNED.findall(text)) if name != "utf-8" else 0)
        if size < _SAMPLE:
            found = _STRETCH.findall(text)
            sample += found
            size += sum(map(len, found))
    return errors, "\n".join(sample)[: 4 * _SAMPLE]


def decoded(source: Path, encoding: Encoding) -> Iterator[str]:
    """The file's text in pieces; what can't be decoded is U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding.name)("replace")
    for block in _blocks(source, encoding.bom):
        yield decoder.decode(block)
    yield decoder.decode(b"", True)


def _blocks(source: Path, skip: int) -> Iterator[bytes]:
    with source.open("rb") as file:
        file.seek(skip)
        while block := file.read(_CHUNK):
            yield block


_STRETCH = re.compile(r"[ -\x7f]?[^\x00-\x7f]+[ -\x7f]?")
# C1 controls and the private use area: what cp932 makes of bytes that it does not define.
_UNASSIGNED = re.compile("[\x80-\x9f\ue000-\uf8ff]")


def _japanese(text: str) -> float:
    """Mean plausibility of the non-ASCII characters as Japanese."""
    marks = [_plausible_japanese(char) for char in text if char > "\x7f"]
    return sum(marks) / max(len(marks), 1)


def _plausible_japanese(char: str) -> float:
    if "\u3040" <= char <= "\u30ff":
        return 1.0
    if "\u3000" <= char <= "\u303f" or "\uff01" <= char <= "\uff5e":
        return 0.9
    if "\u4e00" <= char <= "\u9fff":
        return _plausible_kanji(char)
    if "\uff61" <= char <= "\uff9f":
        return 0.6
    return 0.3


def _plausible_kanji(char: str) -> float:
    """JIS level 1 holds the kanji in daily use; level 2 turns up in mojibake."""
    try:
        lead = char.encode("euc_jp")[0]
    except UnicodeEncodeError:
        return 0.2
    return 0.9 if 0xB0 <= lead <= 0xCF else 0.25


_ACCENTED = frozenset("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿŒœŠšŽžŸ")
_WESTERN_SIGNS = frozenset("“”‘’–—…•€£°§«»©®™·²³½¼¾ªº¿¡±µ\xa0´×")
_RUN = re.compile(r"[^\x00-\x7f]+")


def _western(text: str) -> float:
    """Mean plausibility as Western European: accents stand alone or in pairs among ASCII letters."""
    total, count = 0.0, 0
    for run in _RUN.findall(text):
        lone = len(run) <= 2 or len(set(run)) == 1
        count += len(run)
        total += sum(_plausible_western(char) * (0.9 if lone else 0.15) for char in run)
    return total / max(count, 1)


def _plausible_western(char: str) -> float:
    return 1.0 if char in _ACCENTED else 0.8 if char in _WESTERN_SIGNS else 0.1


def _utf8_with_faults(text: str) -> float:
    """UTF-8's structure is its own proof: where nearly all multi-byte sequences are whole, it is UTF-8."""
    return 0.95


_CONTENDERS: tuple[tuple[str, Callable[[str], float]], ...] = (
    ("cp932", _japanese),
    ("euc_jp", _japanese),
    ("cp1252", _western),
    ("utf-8", _utf8_with_faults),
)
