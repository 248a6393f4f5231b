"""What a caller may say about a file, and how much of a machine a file may take."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from tabular.errors import TableError, gettext_noop


@dataclass(frozen=True, slots=True)
class Options:
    """The caller's own words about a file; what is None or empty is found out.

    ``header_row``: physical line (workbook row) of the header, 1 = first; 0 = there is no header.
    ``dayfirst``: how 03/04/2024 is meant. ``na_values``: further texts that mean "missing".
    ``max_bad_rows``: the share of unreadable records (0–1) above which a file is refused.
    ``types``: column -> one of ``schema.DTYPES`` or ``int64``.
    """

    filename: str
    sheet_name: str | None = None
    header_row: int | None = None
    encoding: str | None = None
    delimiter: str | None = None
    dayfirst: bool | None = None
    na_values: tuple[str, ...] = ()
    max_bad_rows: float = 0.2
    types: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that a file must keep, each with a refusal of its own; bytes unless said otherwise."""

    max_unpacked_bytes: int = 2_000_000_000
    max_unpack_ratio: int = 200
    max_columns: int = 5_000
    max_line_bytes: int = 10_000_000
    max_cell_bytes: int = 1_000_000
    max_rows: int = 100_000_000
    max_sheets: int = 100
    max_rejected_kept: int = 100


class _LimitError(TableError):
    family: ClassVar = "too_large"


class UnpackedTooLarge(_LimitError):
    reason = "unpacked_too_large"
    message = gettext_noop("The file unpacks to more than %(limit)s bytes.")


class UnpackRatioTooHigh(_LimitError):
    reason = "unpack_ratio_too_high"
    message = gettext_noop("The file unpacks to more than %(limit)s times its size.")


class TooManyColumns(_LimitError):
    reason = "too_many_columns"
    message = gettext_noop("The table has %(columns)s columns; %(limit)s are allowed.")


class LineTooLong(_LimitError):
    reason = "line_too_long"
    message = gettext_noop("Line %(line)s is longer than %(limit)s bytes.")


class CellTooLarge(_LimitError):
    reason = "cell_too_large"
    message = gettext_noop("A cell of the column %(column)s is larger than %(limit)s bytes.")


class TooManyRows(_LimitError):
    reason = "too_many_rows"
    message = gettext_noop("The table has more than %(limit)s rows.")


class TooManySheets(_LimitError):
    reason = "too_many_sheets"
    message = gettext_noop("The workbook has %(sheets)s sheets; %(limit)s are allowed.")
