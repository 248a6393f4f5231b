"""Out again: a table as a file. One file per format and one line in ``FORMATS``.

``write(batches, columns, bom=…, raw=…)`` yields bytes while it is fed, in constant memory whatever the number of rows.
``columns`` describe the batches, in their order.
"""

from tabular.formats import csv, json, ndjson, parquet, xlsx
from tabular.formats.format import Batches, Format, UnknownFormat
from tabular.formats.frames import from_pandas

FORMATS: dict[str, Format] = {
    "csv": Format("text/csv; charset=utf-8", "csv", csv.write),
    "xlsx": Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", xlsx.write, check=xlsx.check
    ),
    "parquet": Format("application/vnd.apache.parquet", "parquet", parquet.write),
    "json": Format("application/json", "json", json.write),
    "ndjson": Format("application/x-ndjson", "ndjson", ndjson.write),
}


def format_named(name: str) -> Format:
    """The format of that name, or ``UnknownFormat`` that lists what exists."""
    try:
        return FORMATS[name]
    except KeyError:
        raise UnknownFormat(format=name[:100], formats=list(FORMATS)) from None


__all__ = ["FORMATS", "Batches", "Format", "UnknownFormat", "format_named", "from_pandas"]
