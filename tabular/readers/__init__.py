"""Readers: one file per format, each turning a source file into a ``RawTable``; ``REGISTRY`` names them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tabular.schema import Dtype


@dataclass(frozen=True, slots=True)
class RawTable:
    """What a reader found, before anything was decided about types.

    ``path``: a Parquet spool; columns named in ``native`` carry the type that the format itself states, all others are
    String with null for an empty field. ``line_column`` names a hidden spool column with each row's physical line (or
    workbook row); without it a row's line is ``first_line`` + its index.
    ``rejected``: ``{line, reason, text}`` of records kept aside, the first of ``rejected_count``.
    """

    path: Path
    names: tuple[str, ...]
    rows: int
    native: dict[str, Dtype] = field(default_factory=dict)
    line_column: str | None = None
    first_line: int = 2
    rejected: tuple[dict[str, Any], ...] = ()
    rejected_count: int = 0
    warnings: tuple[dict[str, Any], ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = 1
    sheets: tuple[str, ...] = ()
