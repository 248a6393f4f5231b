"""Newline-delimited JSON: one object a row, ISO dates, null for NaN and the infinities."""

from collections.abc import Iterator, Sequence

from tabular.formats.cells import moments_as_text
from tabular.formats.format import Batches
from tabular.named import named
from tabular.schema import Column


def write(batches: Batches, columns: Sequence[Column], *, bom: bool = False, raw: bool = False) -> Iterator[bytes]:
    names = [column.name for column in columns]
    for batch in batches:
        if len(batch):
            yield moments_as_text(batch.select(named(*names))).write_ndjson().encode()
