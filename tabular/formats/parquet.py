"""Parquet: the stored types, through a temporary file because its directory stands at the end."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from tabular.formats.files import chunks
from tabular.formats.format import Batches
from tabular.named import named
from tabular.schema import Column

_DTYPES: dict[str, pl.DataType] = {
    "integer": pl.Int64(),
    "decimal": pl.Float64(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
    "datetime": pl.Datetime("us"),
    "text": pl.String(),
}


def write(batches: Batches, columns: Sequence[Column], *, bom: bool = False, raw: bool = False) -> Iterator[bytes]:
    names = [column.name for column in columns]
    with tempfile.TemporaryDirectory() as folder:
        path, writer = Path(folder) / "table.parquet", None
        for batch in batches:
            table = batch.select(named(*names)).to_arrow()
            writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table)
        if writer is None:
            pl.DataFrame(schema={column.name: _DTYPES[column.dtype] for column in columns}).write_parquet(path)
        else:
            writer.close()
        yield from chunks(path)
