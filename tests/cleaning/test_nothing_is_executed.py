"""Plans are data: whatever names, values and texts they hold, none of it is ever run as code.

A process of its own looks on with Python's audit hook while every operation is parsed, fitted, applied, compared,
described, rendered as code and stored, over hostile columns and cells; a language model's answer is read as well.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOSTILE = [
    '__import__("os").system("touch pwned")',
    "'); import os; os.system('id') #",
    '"""\nimport socket\n"""',
    "{0.__class__.__mro__}",
    "%(x)s %s",
    "$(id)\n`id`",
    "=cmd|' /C calc'!A0",
    "\\",
    "df",
    "../../etc/passwd",
    "a\u2028b\x0c",
]
WATCH = """
import json, os, sys
from pathlib import Path

import numpy as np, pandas as pd
from cleaning.engine import frames, running, script
from cleaning.operations import OPERATIONS, Outline, parse
from cleaning.planner.llm import answer
from tabular.schema import Column
from analysis.services import SourceFacts
from tests.cleaning import every

folder, hostile = Path(sys.argv[1]), json.loads(sys.stdin.read())


def table(names, cell):
    rows = 24
    made = {
        "number": pd.array([one if one % 7 else None for one in range(rows)], dtype="Int64"),
        "decimal": np.arange(rows) / 3,
        "text": pd.array([cell, None, "2024-01-31"] * 8, dtype=pd.StringDtype(na_value=np.nan)),
        "label": pd.array(["a", "b", cell] * 8, dtype=pd.StringDtype(na_value=np.nan)),
        "day": pd.date_range("2024-01-01", periods=rows).astype("datetime64[us]"),
        "moment": pd.date_range("2024-01-01 10:30", periods=rows).astype("datetime64[us]"),
        "flag": pd.array([one % 2 == 0 for one in range(rows)], dtype="boolean"),
    }
    return pd.DataFrame({names[one]: cells for one, cells in made.items()})


def go(word):
    names = {one: one + word for one in every.COLUMNS}
    dtypes = {names[one]: dtype for one, dtype in every.DTYPES.items()}
    columns = [Column(name, dtype) for name, dtype in dtypes.items()]
    source, output = folder / "source.parquet", folder / "output.parquet"
    frames.write(table(names, word), dtypes, source)
    for name, params in every.params(names, word).items():
        operation = parse(name, json.loads(json.dumps(params)))
        said = operation.describe()
        said.template % said.facts
        step = running.Step(1, operation)
        running.rehearse(source, columns, {}, [step.to_dict()], None)
        found = running.execute(source, columns, {}, [step.to_dict()], None, output)
        running.rehearse(source, columns, {}, [step.to_dict() | {"fitted": found["steps"][0]["fitted"]}], None)
        facts = SourceFacts(word, "csv", tuple(columns))
        code = script.script(word, [(step, word)], facts)
        compiled.append(code)
    return names


REACHING_OUT = (
    "socket", "subprocess", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "pty", "ctypes.dlopen"
)
compiled = []
go("warm")  # imports and caches of the libraries
compiled.clear()
caught = []
watching = False
product = str(Path.cwd())


def hook(event, arguments):
    if not watching:
        return
    if event in ("compile", "exec", "import") or event.startswith(REACHING_OUT):
        caught.append([event, repr(arguments)[:200]])
    if event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike)):
        path = os.path.abspath(os.fsdecode(arguments[0]))
        writes = isinstance(arguments[1], str) and any(letter in arguments[1] for letter in "wax+")
        inside = path.startswith(str(folder))
        ours = path.startswith((product, sys.prefix, sys.base_prefix)) and not writes and path.endswith(".py")
        if not inside and not ours:
            caught.append([event, path])


sys.addaudithook(hook)
watching = True
for word in hostile:
    go(word)
watching = False
for code in compiled:
    compile(code, "script", "exec")  # what people get is sound code all the same
print(json.dumps({"caught": caught, "scripts": len(compiled), "files": sorted(os.listdir(folder))}))
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("storage")
    run = subprocess.run(
        [sys.executable, "-c", WATCH, str(folder)], input=json.dumps(HOSTILE), cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return json.loads(run.stdout)


def test_nothing_is_compiled_run_or_connected_to(seen):
    assert seen["caught"] == []


def test_every_script_is_sound_python_and_no_file_came_of_it(seen):
    assert seen["scripts"] >= 20 * len(HOSTILE)
    assert seen["files"] == ["output.parquet", "source.parquet"]
    assert not (ROOT / "pwned").exists()


def test_the_hook_would_have_seen_it():
    """The test can fail: the same hook tells of an exec and of a socket."""
    code = WATCH.split("compiled = []")[0]
    hook = WATCH[WATCH.index("caught = []") : WATCH.index("for word in hostile")]
    tries = ["exec('1')", "import socket", "socket.socket()", "open('/etc/hostname')"]
    probe = "\n".join([*tries, "print(json.dumps([one[0] for one in caught]))"])
    run = subprocess.run(
        [sys.executable, "-c", code + hook + probe, "/nowhere"], input="[]", cwd=ROOT, capture_output=True, text=True
    )
    assert {"exec", "compile", "socket.__new__", "open"} <= set(json.loads(run.stdout)), run.stderr
