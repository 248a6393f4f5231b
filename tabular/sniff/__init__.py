"""Bytes -> format, encoding, dialect. What the caller said always wins over what is found."""

from dataclasses import dataclass
from pathlib import Path

from tabular.options import Options
from tabular.sniff.content import EmptyFile, InvalidFileFormat, format_of
from tabular.sniff.encoding import Encoding, UnknownEncoding, encoding_of

__all__ = ["EmptyFile", "Encoding", "InvalidFileFormat", "Sniffed", "UnknownEncoding", "sniff"]

_TEXT = frozenset({"csv", "json", "ndjson"})


@dataclass(frozen=True, slots=True)
class Sniffed:
    """``format``: a key of ``readers.registry.REGISTRY``. ``encoding``: of text formats, else None."""

    format: str
    encoding: Encoding | None = None


def sniff(source: Path, options: Options) -> Sniffed:
    """Reads the whole of a text file once to be sure of its encoding."""
    found = format_of(source, options.filename)
    return Sniffed(found, encoding_of(source, options.encoding) if found in _TEXT else None)
