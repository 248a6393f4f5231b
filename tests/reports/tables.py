"""Tables for the examination, straight from text."""

from pathlib import Path

from datasets.roles import chosen
from reports.eda import Options, examine
from tabular.engines.local import Table
from tabular.ingest import ingest
from tabular.options import Options as Reading


def table(folder: Path, text: str, name: str = "table.csv") -> Table:
    source = folder / name
    source.write_text(text, encoding="utf-8")
    found = ingest(source, folder / f"{name}.parquet", Reading(filename=name))
    return Table(folder / f"{name}.parquet", found.columns)


def examined(folder: Path, text: str, **wishes):
    made = table(folder, text)
    return examine(made, Options(roles=chosen(made.columns), **wishes))
