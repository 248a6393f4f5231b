"""Records that arrive one by one, spooled as text columns; a column may turn up late."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from tabular.errors import notice
from tabular.options import Limits, Options, TooManyColumns, TooManyRows
from tabular.readers import RawTable, headers
from tabular.readers.delimited.sift import TooManyBadRows
from tabular.readers.json_text import BARE_EXPONENT, InvalidJson, Number, cell
from tabular.sniff.cells import is_data

LINE_COLUMN = "\ue000line"
_BATCH_CELLS = 400_000
_TEXT_SHOWN = 1000
_POSITIONS = tuple(map(str, range(1000)))


class Records:
    """``positional``: rows without names (arrays); their first one may be the header."""

    def __init__(self, folder: Path, limits: Limits, *, positional: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._limits, self.positional = folder, limits, positional
        self._keys: tuple[str, ...] | None = None
        self._runs: list[tuple[tuple[str, ...], list[tuple[Any, ...]]]] = []
        self._rows: list[tuple[Any, ...]] = []
        self._cells = 0
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
        return len(self._order)

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
        """``record``: (key, value) pairs, or values only when ``positional``."""
        keys, values = _POSITIONS[: len(record)], tuple(record)
        if not self.positional:
            keys, values = zip(*record, strict=True) if record else ((), ())
        elif len(record) > len(keys):
            keys = tuple(map(str, range(len(record))))
        if keys != self._keys:
            self._keys = keys
            self._rows = []
            self._runs.append((self._unique(keys), self._rows))
        self._rows.append(values)
        self._lines.append(line)
        self.rows += 1
        if self.rows > self._limits.max_rows:
            raise TooManyRows(limit=self._limits.max_rows)
        self._cells += len(values)
        if self._cells >= _BATCH_CELLS or len(self._lines) >= _BATCH_CELLS:
            self._flush()

    def _unique(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """A key that a record repeats gets a column of its own for each time."""
        unique: dict[str, None] = {}
        for key in keys:
            name, number = key, 1
            while name in unique:
                number += 1
                name = f"{key}_{number}"
                self._repeated.add(key)
            unique[name] = None
        self._order |= unique
        if len(self._order) > self._limits.max_columns:
            raise TooManyColumns(columns=len(self._order), limit=self._limits.max_columns)
        return tuple(unique)

    def _flush(self) -> None:
        """Runs of records with the same keys become columns; a run without a key has nulls there."""
        if not self._lines:
            return
        names = dict.fromkeys(name for keys, _ in self._runs for name in keys)
        columns: dict[str, list[Any]] = {name: [] for name in names}
        done = 0
        for keys, rows in self._runs:
            for name, values in zip(keys, zip(*rows, strict=True), strict=True):
                column = columns[name]
                column.extend([None] * (done - len(column)))
                column.extend(values)
            done += len(rows)
        for column in columns.values():
            column.extend([None] * (done - len(column)))
        lines = pl.Series(LINE_COLUMN, self._lines, dtype=pl.Int64)
        try:
            frame = pl.DataFrame([_texts(name, values) for name, values in columns.items()])
        except UnicodeEncodeError as error:
            raise InvalidJson(line=self._lines[0], found="half of a surrogate pair") from error
        frame = frame.with_columns(lines) if frame.width else lines.to_frame()
        path = self._folder / f"{len(self._pieces)}.parquet"
        frame.write_parquet(path, compression="uncompressed", statistics=False)
        self._pieces.append(path)
        self._runs, self._rows, self._keys, self._lines, self._cells = [], [], None, [], 0

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


def _texts(name: str, values: list[Any]) -> pl.Series:
    """A column as text; of one kind, as most are, all at once."""
    kinds = set(map(type, values)) - {type(None)}
    text = pl.col(name)
    if kinds == {Number}:
        numbers = pl.Series(name, values, dtype=pl.Binary).cast(pl.String)
        return numbers.to_frame().select(text.str.replace(BARE_EXPONENT, "${1}+${2}")).to_series()
    if kinds == {str}:
        return pl.Series(name, values, dtype=pl.String).to_frame().select(text.replace("", None)).to_series()
    return pl.Series(name, [cell(value) for value in values], dtype=pl.String)


def _names_in(first: Sequence[str | None]) -> list[str]:
    """The first of rows without names is the header when it is all words, each of them another."""
    texts = [value or "" for value in first]
    distinct = all(texts) and len(set(texts)) == len(texts)
    return texts if distinct and not any(_is_value(text) for text in texts) else []


def _is_value(text: str) -> bool:
    return text[0] in "[{" or text in ("true", "false") or is_data(text)
