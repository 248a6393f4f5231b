"""Which reader reads which format: one line a format."""

from collections.abc import Callable
from pathlib import Path

from tabular.options import Limits, Options
from tabular.readers import RawTable, compressed, delimited, excel, json, parquet
from tabular.sniff import Sniffed

Reader = Callable[[Path, Path, Sniffed, Options, Limits], RawTable]

REGISTRY: dict[str, Reader] = {
    "csv": delimited.read,
    "gzip": compressed.read,
    "json": json.read,
    "ndjson": json.read,
    "ods": excel.read,
    "parquet": parquet.read,
    "xls": excel.read,
    "xlsb": excel.read,
    "xlsx": excel.read,
    "zip": compressed.read,
}
