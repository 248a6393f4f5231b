"""Readers: one file per format, each turning a source file into a ``RawTable``; ``registry`` names them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tabular.schema import Dtype

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class RawTable:
    """What a reader found, before anything was decided about types.

    ``path``: a Parquet spool; columns named in ``native`` carry the type that the format itself states, all others are
    String with null for an empty field. ``line_column`` names a hidden spool column with each row's physical line (or
    workbook row); without it a row's line is ``first_line`` + its index.
    ``rejected``: ``{line, reason, text}`` of records kept aside, the first of ``rejected_count``.
    ``plain``: the same text where it lies in a file that Polars' CSV parser reads rightly; the spool is then written by
    ``spooled`` when somebody needs it.
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
    plain: "PlainText | None" = None

    def spooled(self) -> "RawTable":
        """With the spool written and every doubt settled. Raises what the reader raises."""
        return self.plain.spool(self) if self.plain else self


@dataclass(frozen=True, slots=True)
class PlainText:
    """Well-formed delimited text. ``scan(typed)``: its columns as String, or as the type given by name.

    ``size``: bytes of its records, when nobody has looked at them one by one yet; then the records are well-formed if,
    and only if, ``size`` is what their fields, ``separators`` bytes a row, and nothing else make up. None: they are.
    ``spool`` writes the spool of a ``RawTable`` (looking at the records first, if need be) and may find other rows.
    """

    scan: "Callable[[dict[str, pl.DataType]], pl.LazyFrame]"
    spool: Callable[[RawTable], RawTable]
    size: int | None = None
    separators: int = 0
