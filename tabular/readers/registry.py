"""Which reader reads which format: one line a format.

A reader is imported when it is first needed: a CSV file shall not wait for the libraries of workbooks.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from tabular.options import Limits, Options
from tabular.readers import RawTable
from tabular.sniff import Sniffed

Reader = Callable[[Path, Path, Sniffed, Options, Limits], RawTable]


def _of(module: str) -> Reader:
    """The function ``read`` of a module of this package."""

    def read(source: Path, work: Path, sniffed: Sniffed, options: Options, limits: Limits) -> RawTable:
        table: RawTable = import_module(f"tabular.readers.{module}").read(source, work, sniffed, options, limits)
        return table

    return read


REGISTRY: dict[str, Reader] = {
    "csv": _of("delimited"),
    "gzip": _of("compressed"),
    "json": _of("json"),
    "ndjson": _of("json"),
    "ods": _of("excel"),
    "parquet": _of("parquet"),
    "xls": _of("excel"),
    "xlsb": _of("excel"),
    "xlsx": _of("excel"),
    "zip": _of("compressed"),
}
