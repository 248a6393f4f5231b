"""What a file format is to the registry."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from tabular.errors import TableError, gettext_noop
from tabular.schema import Column

Batches = Iterable[pl.DataFrame]


class UnknownFormat(TableError):
    reason = "unknown_format"
    message = gettext_noop("There is no format %(format)s. The formats are: %(formats)s.")


class Write(Protocol):
    """``bom``: a byte order mark before UTF-8 text, for Excel. ``raw``: cells as they are, no formula guard."""

    def __call__(
        self, batches: Batches, columns: Sequence[Column], *, bom: bool = False, raw: bool = False
    ) -> Iterator[bytes]: ...


def _anything(rows: int, columns: Sequence[Column]) -> None:
    """Most formats hold any number of rows and columns."""


@dataclass(frozen=True, slots=True)
class Format:
    """``check(rows, columns)`` raises a ``TableError`` for a table that the format can't hold; ask before sending."""

    content_type: str
    extension: str
    write: Write
    check: Callable[[int, Sequence[Column]], None] = _anything
