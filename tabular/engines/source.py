"""A stored Parquet file as the engine sees it: opened once, its footer remembered, few heavy scans at a time."""

import math
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from tabular.named import named
from tabular.schema import Column

# Polars already uses every core for one scan: more scans at once only add memory.
SCANS_AT_ONCE = max(2, os.cpu_count() or 2)
_scans = threading.BoundedSemaphore(SCANS_AT_ONCE)
# Up to this many rows a few columns fit into memory, and the in-memory engine is the faster one.
AT_ONCE = 2_000_000
# So many cells are read at once.
_CELLS = 4_000_000
# Questions that hold a whole column, or a value per row, take turns.
heavy = threading.RLock()


@dataclass(frozen=True, eq=False)
class Footer:
    """What a Parquet file says about itself; one value per state of the file, so it may be a cache's key.

    ``ranges``: exact (min, max) of the columns that have statistics; ``groups``: the rows of each row group.
    """

    path: str
    rows: int
    groups: tuple[int, ...]
    ranges: dict[str, tuple[Any, Any]]
    scan: pl.LazyFrame


def footer(path: Path) -> Footer:
    """The footer of the file as it is now; a file replaced by another one is read again."""
    state = path.stat()
    return _footer(str(path), state.st_mtime_ns, state.st_size, state.st_ino)


@lru_cache(maxsize=256)
def _footer(path: str, _changed: int, _size: int, _inode: int) -> Footer:
    metadata = pq.read_metadata(path)
    groups = tuple(metadata.row_group(group).num_rows for group in range(metadata.num_row_groups))
    return Footer(path, metadata.num_rows, groups, _ranges(metadata), pl.scan_parquet(path, glob=False))


def _ranges(metadata: pq.FileMetaData) -> dict[str, tuple[Any, Any]]:
    ranges: dict[str, tuple[Any, Any]] = {}
    for index in range(metadata.num_columns):
        found = [metadata.row_group(group).column(index) for group in range(metadata.num_row_groups)]
        if not found or found[0].physical_type not in ("INT32", "INT64"):
            continue  # text statistics may be cut short, those of doubles say nothing about NaN
        kept = [chunk.statistics for chunk in found]
        if any(one is None or one.null_count is None for one in kept):
            continue
        bounds = [(one.min, one.max) for one, chunk in zip(kept, found, strict=True) if one.has_min_max]
        empty = sum(one.null_count == chunk.num_values for one, chunk in zip(kept, found, strict=True))
        if bounds and len(bounds) + empty >= len(found):
            ranges[found[0].path_in_schema] = (min(low for low, _ in bounds), max(high for _, high in bounds))
    return ranges


def together(columns: Sequence[Column], rows: int) -> Iterator[Sequence[Column]]:
    """Columns in groups that are read at once.

    What is read first and added up then is the same to the last bit every time; a scan that adds up as it reads is not.
    """
    size = max(1, _CELLS // max(rows, 1))
    for start in range(0, len(columns), size):
        yield columns[start : start + size]


def collect(frame: pl.LazyFrame, *, streaming: bool = True) -> pl.DataFrame:
    """Runs a scan, at most ``SCANS_AT_ONCE`` of them at a time; the others wait."""
    with _scans:
        return frame.collect(engine="streaming" if streaming else "in-memory")


def number(column: Column) -> pl.Expr:
    """A numeric column in which NaN and the infinities, which are no numbers, are missing."""
    if column.dtype == "decimal":
        return pl.when(named(column.name).is_finite()).then(named(column.name)).alias(column.name)
    return named(column.name)


def exact_sum(column: Column, facts: Footer) -> pl.Expr:
    """The sum of a numeric column; one of integers never wraps around (64 bits only where the footer shows they do)."""
    if column.dtype == "decimal":
        return number(column).sum()
    low, high = facts.ranges.get(column.name, (-math.inf, math.inf))
    if max(abs(low), abs(high)) * max(facts.rows, 1) < 2**63:
        return named(column.name).sum()
    return named(column.name).cast(pl.Int128).sum()


def day(column: Column) -> pl.Expr:
    """The calendar day of a date or datetime column (of its UTC instant where the file had offsets)."""
    return named(column.name) if column.dtype == "date" else named(column.name).dt.date()
