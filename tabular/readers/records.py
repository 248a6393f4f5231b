"""Records that arrive one by one, spooled as text columns; a column may turn up late."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from tabular.errors import notice
from tabular.options import Limits, Options, TooManyColumns, TooManyRows
from tabular.readers import RawTable, headers
from tabular.readers.delimited.sift import TooManyBadRows
from tabular.readers.json_text import InvalidJson, cell
from tabular.sniff.cells import is_data

LINE_COLUMN = "\ue000line"
_BATCH_CELLS = 400_000
_TEXT_SHOWN = 1000


class Records:
    """``positional``: rows without names (arrays); their first one may be the header."""

    def __init__(self, folder: Path, limits: Limits, *, positional: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._limits, self.positional = folder, limits, positional
        self._columns: dict[str, list[str | None]] = {}
        self._lines: list[int | None] = []
        self._pieces: list[Path] = []
        self._order: dict[str, None] = {}
        self._header: list[str] | None = None
        self._said: list[dict[str, Any]] = []
        self._rejected: list[dict[str, Any]] = []
        self._repeated: set[str] = set()
        self.rejected_count = 0
        self.rows = 0

    @property
    def width(self) -> int:
        return len(self._columns)

    def say(self, said: dict[str, Any]) -> None:
        self._said.append(said)

    def named(self, header: list[str]) -> "Records":
        """The names of a positional table, from elsewhere in the file."""
        self._header = header
        return self

    def reject(self, line: int, reason: str, text: str) -> None:
        self.rejected_count += 1
        if len(self._rejected) < self._limits.max_rejected_kept:
            self._rejected.append({"line": line, "reason": reason, "text": text[:_TEXT_SHOWN]})

    def add(self, line: int | None, record: Sequence[Any]) -> None:
        if self.positional:
            self._put(line, [(str(i), value) for i, value in enumerate(record)])
        else:
            self._put(line, record)

    def _put(self, line: int | None, pairs: Sequence[tuple[str, Any]]) -> None:
        at = len(self._lines)
        for name, value in pairs:
            key = name
            column = self._columns.get(key)
            if column is None:
                column = self._columns[key] = []
            if len(column) > at:
                key = self._second(name, at)
                column = self._columns.setdefault(key, [])
            if len(column) < at:
                column.extend([None] * (at - len(column)))
            column.append(cell(value))
        self._lines.append(line)
        self.rows += 1
        if self.rows > self._limits.max_rows:
            raise TooManyRows(limit=self._limits.max_rows)
        if len(self._columns) > self._limits.max_columns:
            raise TooManyColumns(columns=len(self._columns), limit=self._limits.max_columns)
        if (at + 1) * len(self._columns) >= _BATCH_CELLS:
            self._flush()

    def _second(self, name: str, at: int) -> str:
        """A key that a record repeats gets a column of its own."""
        self._repeated.add(name)
        number = 2
        while len(self._columns.get(f"{name}_{number}", ())) > at:
            number += 1
        return f"{name}_{number}"

    def _flush(self) -> None:
        if not self._lines:
            return
        for column in self._columns.values():
            column.extend([None] * (len(self._lines) - len(column)))
        try:
            frame = pl.DataFrame({name: pl.Series(values, dtype=pl.String) for name, values in self._columns.items()})
        except UnicodeEncodeError as error:
            raise InvalidJson(line=self._lines[0], found="half of a surrogate pair") from error
        lines = pl.Series(LINE_COLUMN, self._lines, dtype=pl.Int64)
        frame = frame.with_columns(lines) if frame.width else lines.to_frame()
        path = self._folder / f"{len(self._pieces)}.parquet"
        frame.write_parquet(path, compression="uncompressed", statistics=False)
        self._pieces.append(path)
        self._order |= dict.fromkeys(self._columns)
        self._columns = {name: [] for name in self._columns}
        self._lines = []

    def table(self, work: Path, encoding: str, options: Options) -> RawTable:
        """The spool, whole. Raises ``TooManyBadRows``."""
        total = self.rows + self.rejected_count
        if self.rejected_count > options.max_bad_rows * total:
            raise TooManyBadRows(
                bad=self.rejected_count,
                records=total,
                allowed=int(options.max_bad_rows * total),
                rejected=self._rejected[:10],
            )
        self._flush()
        frame = pl.concat([pl.scan_parquet(piece) for piece in self._pieces], how="diagonal")
        keys, header, header_row = list(self._order), list(self._order), None
        if self.positional:
            keys.sort(key=int)
            header = self._header or _names_in(frame.select(keys).head(1).collect().row(0))
            if header and not self._header:
                frame, self.rows, header_row = frame.slice(1), self.rows - 1, 1
            elif not header:
                self.say(notice("header_missing"))
        header = [*header, *[""] * (len(keys) - len(header))][: len(keys)]
        names, renamed = headers.unique(header, self._limits)
        path = work / "spool.parquet"
        frame = frame.select(*(pl.col(key).alias(name) for key, name in zip(keys, names, strict=True)), LINE_COLUMN)
        frame.sink_parquet(path, compression="uncompressed", statistics=False)
        lined = pl.scan_parquet(path).select(pl.col(LINE_COLUMN).null_count()).collect().item() == 0
        repeated = [notice("repeated_keys", columns=sorted(self._repeated))] if self._repeated else []
        return RawTable(
            path=path,
            names=names,
            rows=self.rows,
            line_column=LINE_COLUMN if lined else None,
            first_line=1,
            rejected=tuple(self._rejected),
            rejected_count=self.rejected_count,
            warnings=(*self._said, *renamed, *repeated),
            encoding=encoding,
            header_row=header_row,
        )


def _names_in(first: Sequence[str | None]) -> list[str]:
    """The first of rows without names is the header when it is all words, each of them another."""
    texts = [value or "" for value in first]
    distinct = all(texts) and len(set(texts)) == len(texts)
    return texts if distinct and not any(_is_value(text) for text in texts) else []


def _is_value(text: str) -> bool:
    return text[0] in "[{" or text in ("true", "false") or is_data(text)
