"""Which reader reads which format: one line a format."""

from collections.abc import Callable
from pathlib import Path

from tabular.options import Limits, Options
from tabular.readers import RawTable, delimited
from tabular.sniff import Sniffed

Reader = Callable[[Path, Path, Sniffed, Options, Limits], RawTable]

REGISTRY: dict[str, Reader] = {
    "csv": delimited.read,
}
