"""An answer as a script: pandas alone, from the original file to the same figures, to read, run and keep.

A script is the facts of the file and of the question, ``scripts/load.py`` (the file as a typed table) and
``scripts/<kind>.py`` (``compute(frame, params)``); it prints the result as JSON.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from pprint import pformat
from typing import Any

from tabular.schema import Column

_SCRIPTS = Path(__file__).parent / "scripts"
_IMPORT = re.compile(r"^(?:import|from) .*\n", re.MULTILINE)
_DOCSTRING = re.compile(r'\A""".*?"""\n', re.DOTALL)


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """How the original file was read. ``columns`` in file order, as they are stored.

    ``header_row``: 1 is the first line or sheet row, 0 none. ``dayfirst`` and ``decimal_comma`` name columns.
    ``aside``: lines or sheet rows that are no records of the table.
    """

    filename: str
    format: str
    columns: tuple[Column, ...]
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = 1
    sheet_name: str | None = None
    na_values: tuple[str, ...] = ()
    dayfirst: tuple[str, ...] = ()
    decimal_comma: tuple[str, ...] = ()
    aside: tuple[int, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "filename": self.filename,
            "format": self.format,
            "encoding": self.encoding or "utf-8",
            "delimiter": self.delimiter or ",",
            "header_row": 1 if self.header_row is None else self.header_row,
            "sheet_name": self.sheet_name,
            "na_values": list(self.na_values),
            "dayfirst": list(self.dayfirst),
            "decimal_comma": list(self.decimal_comma),
            "aside": list(self.aside),
            "columns": {column.name: column.dtype for column in self.columns},
        }


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a script: its import lines, and what follows them."""

    imports: tuple[str, ...]
    body: str


def _piece(name: str) -> Piece:
    text = (_SCRIPTS / f"{name}.py").read_text(encoding="utf-8")
    imports = tuple(line.rstrip() for line in _IMPORT.findall(text))
    return Piece(imports, _IMPORT.sub("", _DOCSTRING.sub("", text)).strip())


@dataclass(frozen=True, slots=True)
class Loader(Piece):
    """``load(path, SOURCE)`` gives the original file as a typed table; ``facts`` defines ``SOURCE``."""

    facts: str


def loader(source: SourceFacts) -> Loader:
    piece = _piece("load")
    return Loader(piece.imports, piece.body, f"SOURCE = {_literal(source.to_dict())}")


def code(kind: str, params: Mapping[str, Any], source: SourceFacts) -> str:
    """The script that answers ``params`` (canonical) of ``kind``; it takes the file's path as its argument."""
    loading, computing = loader(source), _piece(kind)
    imports = sorted({*loading.imports, *computing.imports, "import json", "import sys"})
    usage = f'"""Recomputes the {kind} of a table with pandas.\n\n    python script.py PATH_OF_THE_FILE\n"""'
    run = (
        'if __name__ == "__main__":\n'
        '    path = sys.argv[1] if len(sys.argv) > 1 else SOURCE["filename"]\n'
        "    print(json.dumps(compute(load(path, SOURCE), PARAMS), ensure_ascii=False, indent=2))"
    )
    plain = [line for line in imports if line.startswith("import ")]
    others = [line for line in imports if line.startswith("from ")]
    facts = f"{loading.facts}\nPARAMS = {_literal(dict(params))}"
    bodies = f"{loading.body}\n\n\n{computing.body}"
    return "\n\n".join([usage, "\n".join(plain + others), facts, bodies, "", run]) + "\n"


def _literal(value: Any) -> str:
    return pformat(value, width=100, sort_dicts=False)
