"""A random part of a large table, the same one each time."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from tabular.engines.local import Table


@contextmanager
def sampled(table: Table, size: int | None, seed: str) -> Iterator[Table]:
    """``size`` rows of ``table`` in their order, each equally likely; the table itself when it has no more."""
    if size is None or size >= len(table):
        yield table
        return
    with TemporaryDirectory(prefix="sample-") as folder:
        path = Path(folder) / "sample.parquet"
        _write(table, chosen(len(table), size, seed), path)
        yield Table(path, table.columns)


def chosen(rows: int, size: int, seed: str) -> np.ndarray:
    """The places of the sampled rows, ascending; they follow from the seed and the two sizes alone."""
    number = int.from_bytes(hashlib.sha256(f"{seed}/{rows}/{size}".encode()).digest()[:16], "big")
    places = np.random.Generator(np.random.PCG64(number)).choice(rows, size, replace=False, shuffle=False)
    return np.sort(places)


def _write(table: Table, places: np.ndarray, path: Path) -> None:
    """Batch by batch, so that no more than a part of the table is held."""
    step = 250_000
    scan = pl.scan_parquet(table.path, glob=False)
    parts = []
    for start in range(0, len(table), step):
        inside = places[(places >= start) & (places < start + step)] - start
        if len(inside):
            parts.append(scan.slice(start, step).collect()[inside])
    pl.concat(parts).write_parquet(path)
