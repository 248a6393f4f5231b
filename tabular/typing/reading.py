"""Text → day or time, batch by batch. Each different text of a batch is parsed once: dates repeat."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import polars as pl

from tabular.typing import clock
from tabular.typing.folding import fold

_WORTH_IT = 1_000


@dataclass(frozen=True, slots=True)
class Reading:
    """``days``: grammar of a whole cell → parser of its day. ``utc``: every time has its offset, and UTC comes out."""

    days: Mapping[str, Callable[[pl.Expr], pl.Expr]] = field(default_factory=dict)
    utc: bool = False
    as_date: bool = False

    @property
    def dtype(self) -> pl.DataType:
        return pl.Date() if self.as_date else pl.Datetime("us", "UTC" if self.utc else None)


def read(text: pl.Expr, reading: Reading) -> pl.Expr:
    """The day (``as_date``) or time; null where there is no such one."""
    return text.map_batches(partial(_batch, reading=reading), return_dtype=reading.dtype, is_elementwise=True)


def _batch(texts: pl.Series, reading: Reading) -> pl.Series:
    name = texts.name
    frame = texts.alias("text").to_frame()
    if len(texts) < _WORTH_IT:
        return _parsed(frame, reading).alias(name)
    different = frame.unique(maintain_order=False)
    if different.height * 2 > frame.height:
        return _parsed(frame, reading).alias(name)
    known = different.with_columns(_parsed(different, reading).alias("moment"))
    return frame.join(known, on="text", how="left", maintain_order="left")["moment"].alias(name)


def _parsed(frame: pl.DataFrame, reading: Reading) -> pl.Series:
    folded = pl.col("folded")
    found = frame.select(fold(pl.col("text")).str.strip_chars_end().alias("folded"))
    found = found.with_columns(
        pl.coalesce(
            pl.when(folded.str.contains(grammar)).then(day(folded)) for grammar, day in reading.days.items()
        ).alias("day")
    )
    found = found.with_columns(pl.when(_weekday_agrees(folded, pl.col("day"))).then(pl.col("day")).alias("day"))
    if reading.as_date:
        return found["day"]
    if found.select(clock.timed(folded).any()).item():
        found = clock.parts(found)
        local = pl.col("day").cast(pl.Datetime("us")) + clock.since_midnight(folded)
    else:
        local = pl.col("day").cast(pl.Datetime("us"))
    if not reading.utc:
        return found.select(local.alias("moment"))["moment"]
    moment = found.select((local - clock.offset(folded)).alias("moment"))
    known = pl.when(pl.col("moment").dt.year().is_between(1, 9999)).then(pl.col("moment"))
    return moment.select(known.dt.replace_time_zone("UTC").alias("moment"))["moment"]


def _weekday_agrees(folded: pl.Expr, day: pl.Expr) -> pl.Expr:
    """A weekday in brackets must be the day's own; else the cell contradicts itself."""
    said = folded.str.extract(r"\(([月火水木金土日])(?:曜日?)?\)")
    number = said.replace_strict({w: i for i, w in enumerate("月火水木金土日", 1)}, default=None, return_dtype=pl.Int8)
    return number.is_null() | (number == day.dt.weekday())
