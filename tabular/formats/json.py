"""JSON: one array of row objects, ISO dates, null for NaN and the infinities."""

from collections.abc import Iterator, Sequence

from tabular.formats.cells import moments_as_text
from tabular.formats.format import Batches
from tabular.named import named
from tabular.schema import Column


def write(batches: Batches, columns: Sequence[Column], *, bom: bool = False, raw: bool = False) -> Iterator[bytes]:
    names = [column.name for column in columns]
    before = b"["
    for batch in batches:
        if len(batch):
            rows = moments_as_text(batch.select(named(*names))).write_json().encode()
            yield before + rows.strip()[1:-1]
            before = b",\n"
    yield b"[]\n" if before == b"[" else b"]\n"
