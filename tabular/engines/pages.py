"""Rows of a stored table: filtered, sorted, a page of them or all; whole rows are read only once they are chosen.

First the row numbers: from the filter's and the sort's columns alone. Then the chosen rows: by number, so that a page
far down costs little more than the first.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
import polars as pl

from tabular.engines.conditions import condition, present
from tabular.engines.source import Footer, collect, heavy
from tabular.named import named
from tabular.query import Filter, Page, RowsQuery, Sort, find_column
from tabular.schema import Column

_ROW = "\x00row"  # no file has a column of this name
_NEAR = 65_536  # rows this close together are read in one piece
_TOP = 20_000  # up to here the first rows are kept while scanning; beyond, everything is sorted
BATCH = 50_000
_SORTED_BATCH = 250_000


def count(source: Footer, columns: Sequence[Column], filters: Sequence[Filter]) -> int:
    """How many rows match; remembered for as long as the file is the same."""
    return _count(source, tuple(columns), tuple(filters)) if filters else source.rows


@lru_cache(maxsize=1024)
def _count(source: Footer, columns: tuple[Column, ...], filters: tuple[Filter, ...]) -> int:
    return int(collect(matching(source.scan, columns, filters).select(pl.len())).item())


def matching(frame: pl.LazyFrame, columns: Sequence[Column], filters: Sequence[Filter]) -> pl.LazyFrame:
    where = condition(filters, columns, frame.collect_schema()) if filters else None
    return frame if where is None else frame.filter(where)


def page(source: Footer, columns: Sequence[Column], query: RowsQuery, asked: Page) -> tuple[pl.DataFrame, int]:
    """``(rows of the page, total)``; no rows past the end."""
    total = count(source, columns, query.filters)
    size = min(asked.size, total - asked.offset)
    if size <= 0:
        return source.scan.select(named(*query.columns)).head(0).collect(), total
    if not query.filters and not query.sort:
        return collect(source.scan.select(named(*query.columns)).slice(asked.offset, size), streaming=False), total
    return fetch(source, query.columns, _chosen(source, columns, query, asked.offset, size)), total


def _chosen(source: Footer, columns: Sequence[Column], query: RowsQuery, offset: int, size: int) -> np.ndarray:
    """The numbers of the rows on a page, in the page's order."""
    if query.sort and offset + size > _TOP:
        return order(source, columns, query)[offset : offset + size]
    numbered = matching(source.scan.with_row_index(_ROW), columns, query.filters)
    if query.sort:
        keys = _keys(columns, query.sort)
        numbered = numbered.select(_ROW, **keys).sort(
            *keys, _ROW, descending=[*(one.descending for one in query.sort), False], nulls_last=True
        )
    return collect(numbered.select(_ROW).slice(offset, size)).to_series().to_numpy()


def _keys(columns: Sequence[Column], sort: Sequence[Sort]) -> dict[str, pl.Expr]:
    return {f"k{place}": present(find_column(one.column, columns)) for place, one in enumerate(sort)}


def order(source: Footer, columns: Sequence[Column], query: RowsQuery) -> np.ndarray:
    """Every matching row's number, sorted: stably by the last key first, which one key at a time does fastest."""
    keys = _keys(columns, query.sort)
    with heavy:
        rows = collect(matching(source.scan.with_row_index(_ROW), columns, query.filters).select(_ROW, **keys))
        for key, one in reversed(list(zip(keys, query.sort, strict=True))):
            rows = rows.sort(key, descending=one.descending, nulls_last=True, maintain_order=True).drop(key)
        return rows[_ROW].to_numpy()


def fetch(source: Footer, names: Sequence[str], rows: np.ndarray) -> pl.DataFrame:
    """Whole rows by their numbers, in the order of the numbers."""
    first, last = int(rows.min()), int(rows.max())
    if last - first < _NEAR:
        near = collect(source.scan.select(named(*names)).slice(first, last - first + 1), streaming=False)
        return near[(rows - first).tolist()]
    return _gathered(source, names, rows)


def batches(source: Footer, columns: Sequence[Column], query: RowsQuery) -> Iterator[pl.DataFrame]:
    """Every matching row, piece by piece, in constant memory (sorted: with one number a row)."""
    if query.sort:
        numbers = order(source, columns, query)
        for start in range(0, len(numbers), _SORTED_BATCH):
            yield from _gathered(source, query.columns, numbers[start : start + _SORTED_BATCH]).iter_slices(BATCH)
        return
    for start, length in _groups(source):
        piece = matching(source.scan.slice(start, length), columns, query.filters)
        yield from collect(piece.select(named(*query.columns)), streaming=False).iter_slices(BATCH)


def _gathered(source: Footer, names: Sequence[str], rows: np.ndarray) -> pl.DataFrame:
    """Many rows by their numbers: a pass over the row groups that hold any of them."""
    by_place = np.argsort(rows, kind="stable")
    wanted, found = rows[by_place], []
    for start, length in _groups(source):
        low, high = np.searchsorted(wanted, (start, start + length))
        if low < high:
            group = collect(source.scan.select(named(*names)).slice(start, length), streaming=False)
            found.append(group[(wanted[low:high] - start).tolist()])
    back = np.empty(len(rows), dtype=np.int64)
    back[by_place] = np.arange(len(rows))
    return pl.concat(found, rechunk=True)[back]


def _groups(source: Footer) -> Iterator[tuple[int, int]]:
    """``(first row, rows)`` of each row group, large ones in pieces."""
    start = 0
    for rows in source.groups:
        for offset in range(0, rows, _SORTED_BATCH):
            yield start + offset, min(_SORTED_BATCH, rows - offset)
        start += rows
