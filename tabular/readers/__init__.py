"""Readers: one file per format, each turning a source file into a ``RawTable``; ``registry`` names them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
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

    def settled(self) -> "RawTable":
        """With every record looked at. Raises what the reader raises."""
        return self.plain.settle() if self.plain and self.plain.settle else self

    def spooled(self) -> "RawTable":
        """Settled, and with the spool written."""
        settled = self.settled()
        if not settled.plain:
            return settled
        settled.plain.spool(settled)
        return replace(settled, plain=None)


@dataclass(frozen=True, slots=True)
class PlainText:
    """Delimited text that Polars can parse as it is. ``scan(typed)``: its columns as String, or as the type given by
    name; ``spool`` writes the spool of its ``RawTable``.

    ``settle`` is None when every record is known to be well-formed. Else nobody has looked at them one by one yet: they
    are well-formed if, and only if, the ``size`` of the text in bytes is what the fields (each of at most
    ``longest_cell`` bytes) and ``separators`` bytes a row make up; ``settle`` looks at them and gives back what is then
    known.
    """

    scan: "Callable[[Mapping[str, pl.DataType]], pl.LazyFrame]"
    spool: Callable[[RawTable], None]
    settle: Callable[[], RawTable] | None = None
    size: int = 0
    separators: int = 0
    longest_cell: int = 0
