"""Run as ``python -m tests.cleaning.watched FOLDER PORT``, hostile words as JSON on its input: everything that plans
can do, under Python's audit hook. Prints what was done that must not be."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.services import SourceFacts
from cleaning.engine import frames, running, script
from cleaning.operations import parse
from cleaning.planner import llm
from tabular.schema import Column
from tests.cleaning import every

ANSWERS = 4  # that the endpoint has in store for each word
CODE = ("compile", "exec", "import")
REACHING_OUT = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "pty.", "ctypes.dlopen"
)  # fmt: skip
SETTING_UP = ("socket.__new__", "socket.getaddrinfo", "socket.gethostbyname")  # nothing has been reached yet


class Watch:
    """``caught``: ``[event, what]`` of whatever must not be; ``connected``: how often the endpoint was reached."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.endpoint = str(folder), ("127.0.0.1", port)
        self.caught: list[list[str]] = []
        self.connected = 0
        self.on = False
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on or event in SETTING_UP:
            return
        if event == "socket.connect" and arguments[1] == self.endpoint:
            self.connected += 1
        elif event in CODE or event.startswith(REACHING_OUT) or (event == "open" and not self._allowed(*arguments)):
            self.caught.append([event, repr(arguments)[:200]])

    def _allowed(self, path: Any, mode: Any, _flags: Any) -> bool:
        """Storage, and reading the product's and Python's own source."""
        if not isinstance(path, str | bytes | os.PathLike):
            return True  # a descriptor that is open already
        place = str(Path(os.fsdecode(path)).absolute())
        reading = not (isinstance(mode, str) and set(mode) & set("wax+"))
        source = reading and place.endswith(".py") and place.startswith((str(Path.cwd()), sys.prefix, sys.base_prefix))
        return place.startswith(self.folder) or source


def table(names: dict[str, str], word: str) -> pd.DataFrame:
    rows, text = 24, pd.StringDtype(na_value=np.nan)
    made = {
        "number": pd.array([one if one % 7 else None for one in range(rows)], dtype="Int64"),
        "decimal": np.arange(rows) / 3,
        "text": pd.array([word, None, "2024-01-31"] * 8, dtype=text),
        "label": pd.array(["a", "b", word] * 8, dtype=text),
        "day": pd.date_range("2024-01-01", periods=rows).astype("datetime64[us]"),
        "moment": pd.date_range("2024-01-01 10:30", periods=rows).astype("datetime64[us]"),
        "flag": pd.array([one % 2 == 0 for one in range(rows)], dtype="boolean"),
    }
    return pd.DataFrame({names[one]: cells for one, cells in made.items()})


def go(word: str, folder: Path) -> list[str]:
    """Every operation, from JSON to the stored table and back to code; the scripts."""
    names = {one: one + word for one in every.COLUMNS}
    dtypes: dict[str, Any] = {names[one]: dtype for one, dtype in every.DTYPES.items()}
    columns = [Column(name, dtype) for name, dtype in dtypes.items()]
    source, output = folder / "source.parquet", folder / "output.parquet"
    frames.write(table(names, word), dtypes, source)
    scripts = []
    for name, params in every.params(names, word).items():
        operation = parse(name, json.loads(json.dumps(params)))
        said = operation.describe()
        assert said.template % said.facts
        step = running.Step(1, operation)
        running.rehearse(source, columns, {}, [step.to_dict()], None)
        found = running.execute(source, columns, {}, [step.to_dict()], None, output)
        again = step.to_dict() | {"fitted": found["steps"][0]["fitted"]}
        running.rehearse(source, columns, {}, [again], None)
        scripts.append(script.script(word, [(step, word)], SourceFacts(word, "csv", tuple(columns))))
    return scripts


def ask(word: str, port: int) -> list[Any]:
    """How many steps came of each answer of the endpoint, or why it was refused, with a column of this name."""
    column = {
        "name": "c" + word, "dtype": "integer", "role": None, "missing_count": 0, "missing_rate": 0.0,
        "unique_count": 9, "statistics": {}, "issues": [],
    }  # fmt: skip
    facts = {"rows": 24, "columns": [column, column | {"name": "other"}], "issues": []}
    endpoint = llm.Endpoint(f"http://127.0.0.1:{port}/v1", "key-of-many-letters", "m-1", ("127.0.0.1",), seconds=5)
    found: list[Any] = []
    for _ in range(ANSWERS):
        try:
            found.append(len(llm.propose(endpoint, facts, "clustering", None).steps))
        except llm.LlmFailed as refusal:
            found.append(refusal.reason)
    return found


def main() -> None:
    folder, port, hostile = Path(sys.argv[1]), int(sys.argv[2]), json.loads(sys.stdin.read())
    go("warm", folder)  # imports and caches of the libraries
    ask("warm", port)
    watch = Watch(folder, port)
    watch.on = True
    scripts = [one for word in hostile for one in go(word, folder)]
    alone = watch.connected
    answers = [one for word in hostile for one in ask(word, port)]
    watch.on = False
    for one in scripts:
        compile(one, "script", "exec")  # what people get is sound code all the same
    found = {"caught": watch.caught, "alone": alone, "connected": watch.connected, "answers": answers}
    print(json.dumps(found | {"scripts": len(scripts), "files": sorted(path.name for path in folder.iterdir())}))


if __name__ == "__main__":
    main()
