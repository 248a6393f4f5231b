"""The rows below a sheet's header as columns: empty rows left out, merged cells filled, totals and footnotes apart."""

from collections.abc import Collection, Sequence
from typing import Any

import polars as pl

from tabular.options import Limits, TooManyRows
from tabular.readers import cells, totals
from tabular.readers.delimited.mend import is_footnote
from tabular.schema import Dtype

Row = list[Any]
Range = tuple[tuple[int, int], tuple[int, int]]
_HELD_BACK = 20  # rows at the end that may be totals or footnotes
_SAMPLE = 100


class SheetRows:
    """``merged``: the sheet's merged ranges; those that reach down a column repeat their text on each of their rows.
    ``spared``: columns whose words are values, as the caller says."""

    def __init__(self, limits: Limits, merged: Sequence[Range] = (), spared: Collection[int] = ()) -> None:
        self._limits, self._spared = limits, spared
        self._pieces: list[list[pl.Series]] = []
        self._held: list[tuple[int, Row]] = []
        self._first_column: list[str] = []
        self._tops, self._below = _downward(merged)
        self._values: dict[tuple[int, int], Any] = {}
        self.lines: list[int] = []
        self.skipped: list[int] = []
        self.filled: int = 0
        self.rejected: list[dict[str, Any]] = []

    @property
    def rows(self) -> int:
        return len(self.lines)

    def take(self, first: int, rows: list[Row]) -> None:
        """``first``: the sheet's index of the first of these rows, 0 = top."""
        if self._tops:
            self._fill(first, rows)
        width = len(rows[0])
        numbered = list(enumerate(rows, first + 1))
        full = [line for line in numbered if line[1].count("") < width]
        if len(full) < len(rows):
            kept = {line for line, _ in full}
            self.skipped += [line for line, _ in numbered if line not in kept]
        self._held += full
        if len(self._held) > _HELD_BACK:
            self._put(self._held[:-_HELD_BACK])
            self._held = self._held[-_HELD_BACK:]

    def _put(self, numbered: list[tuple[int, Row]]) -> None:
        if not numbered:
            return
        if len(self.lines) + len(numbered) > self._limits.max_rows:
            raise TooManyRows(limit=self._limits.max_rows)
        if len(self._first_column) < _SAMPLE:
            self._first_column += [cells.render(row[0]) for _, row in numbered[:_SAMPLE]]
        self.lines += [line for line, _ in numbered]
        self._pieces.append([cells.series(values) for values in zip(*(row for _, row in numbered), strict=True)])

    def end(self) -> None:
        """No more rows: what was held back is data, totals or footnotes."""
        first_column = self._first_column or [cells.render(row[0]) for _, row in self._held[: -1 or None]]
        while len(self._held) > 1 and self._is_footnote(first_column):
            line, row = self._held.pop()
            self.rejected.insert(0, {"line": line, "reason": "footnote", "text": _text(row)})
        labels = self._labels()
        data, last = self._held[: len(self._held) - len(labels)], self._held[len(self._held) - len(labels) :]
        self._put(data)
        if labels and all(self._holds_values(column) for column in set(labels)):
            self.rejected[:0] = [{"line": line, "reason": "total_row", "text": _text(row)} for line, row in last]
        else:
            self._put(last)
        self._held = []

    def _labels(self) -> list[int]:
        """The last rows that read like totals, the very last first: the column of each one's label."""
        labels: list[int] = []
        for _, row in reversed(self._held[1:]):
            column = totals.label_column([cells.render(cell) for cell in row])
            if column is None or column in self._spared:
                break
            labels.append(column)
        return labels if len(labels) <= totals.MOST else []

    def _holds_values(self, column: int) -> bool:
        series, stated = cells.column([piece[column] for piece in self._pieces])
        if stated is not None:
            return stated != "boolean" and series.count() > 0
        return totals.frame_holds_values(pl.LazyFrame({"cell": series}))

    def _is_footnote(self, first_column: list[str]) -> bool:
        line, row = self._held[-1]
        fields = [cells.render(cell) for cell in row]
        body = first_column if len(first_column) > 1 else []
        return len(row) > 1 and is_footnote(fields, _text(row), body, after_blank=self._held[-2][0] < line - 1)

    def _fill(self, first: int, rows: list[Row]) -> None:
        for at in range(first, first + len(rows)):
            for column in self._tops.get(at, ()):
                self._values[at, column] = rows[at - first][column] if column < len(rows[0]) else ""
            for column, top in self._below.get(at, ()):
                value = self._values.get((top, column), "")
                if isinstance(value, str) and value and rows[at - first][column] == "":
                    rows[at - first][column] = value
                    self.filled += 1

    def columns(self, width: int) -> list[tuple[pl.Series, Dtype | None]]:
        if not self._pieces:
            return [(pl.Series([], dtype=pl.String), None)] * width
        return [cells.column([piece[i] for piece in self._pieces]) for i in range(width)]


def _downward(merged: Sequence[Range]) -> tuple[dict[int, list[int]], dict[int, list[tuple[int, int]]]]:
    """Ranges one column wide: top row → columns; row below → (column, top row)."""
    tops: dict[int, list[int]] = {}
    below: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, right) in merged:
        if left == right and top < bottom and bottom - top < 10_000:
            tops.setdefault(top, []).append(left)
            for row in range(top + 1, bottom + 1):
                below.setdefault(row, []).append((left, top))
    return tops, below


def _text(row: Row) -> str:
    return "\t".join(cells.render(cell) for cell in row).rstrip("\t")[:1000]
