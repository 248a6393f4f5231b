"""One column in, its decision and its typed values out."""

import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from tabular import typing
from tabular.readers import RawTable


def decided(texts: list[str | None], name: str = "x", **said: Any) -> tuple[typing.Decision, list[Any]]:
    """``said``: types, na_values, dayfirst. The header is line 1."""
    decisions, frame = decided_table({name: texts}, **said)
    return decisions[0], frame[name].to_list()


def decided_table(
    columns: dict[str, list[str | None]], **said: Any
) -> tuple[tuple[typing.Decision, ...], pl.DataFrame]:
    with tempfile.TemporaryDirectory() as folder:
        spool, target = Path(folder) / "spool.parquet", Path(folder) / "typed.parquet"
        frame = pl.DataFrame({name: pl.Series(texts, dtype=pl.String) for name, texts in columns.items()})
        frame.write_parquet(spool)
        raw = RawTable(spool, tuple(columns), frame.height, delimiter=said.pop("delimiter", ","))
        decisions = typing.decide(raw, **{"types": {}, "na_values": (), "dayfirst": None, **said})
        assert typing.convert(raw, decisions, target) == frame.height
        return decisions, pl.read_parquet(target)
