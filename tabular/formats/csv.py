"""CSV: UTF-8, RFC 4180 quoting where it is needed, an empty field for null.

With ``raw`` the file read back is the table again; without it, a ``'`` defuses cells that a spreadsheet would run.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from tabular.formats.cells import guarded, guarded_name, moments_as_text, nan_as_null
from tabular.formats.format import Batches
from tabular.named import named
from tabular.schema import Column

_BOM = "\ufeff".encode()


def write(batches: Batches, columns: Sequence[Column], *, bom: bool = False, raw: bool = False) -> Iterator[bytes]:
    names = [column.name for column in columns]
    header = pl.DataFrame({name: [] for name in (names if raw else map(guarded_name, names))})
    yield (_BOM if bom else b"") + header.write_csv().encode()
    for batch in batches:
        batch = nan_as_null(batch.select(named(*names)))
        batch = moments_as_text(batch if raw else guarded(batch, columns))
        if len(names) == 1:  # a bare empty line would be no row at all
            batch = batch.with_columns(named(names[0]).cast(pl.String).fill_null(""))
        if len(batch):
            yield batch.write_csv(include_header=False).encode()
