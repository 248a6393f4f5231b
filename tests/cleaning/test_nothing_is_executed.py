"""Plans are data: whatever names, values and texts they hold, none of it is ever run as code.

A process (``watched.py``) looks on with Python's audit hook while every operation is parsed, fitted, applied,
compared, described, rendered as code and stored, over hostile columns and cells, and while a language model that
answers with code is asked.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cleaning.planner.llm.model import answering, plans, says

ROOT = Path(__file__).parents[2]
CODE = '__import__("os").system("touch pwned")'
HOSTILE = [
    CODE,
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


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("storage")
    answers = [
        says(CODE),
        says(f"```python\n{CODE}\n```"),
        plans({"operation": "drop_columns", "params": {"columns": ["other"]}, "name": CODE, "description": CODE}),
        plans({"operation": "drop_columns", "params": {"columns": [CODE]}}),
    ]
    with answering(*answers * (len(HOSTILE) + 1)) as server:
        command = [sys.executable, "-m", "tests.cleaning.watched", str(folder), str(server.server_port)]
        run = subprocess.run(command, input=json.dumps(HOSTILE), cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-3000:]
    return json.loads(run.stdout)


def test_nothing_is_compiled_run_or_opened(seen):
    assert seen["caught"] == []


def test_only_the_configured_endpoint_is_reached_and_only_to_ask_it(seen):
    assert seen["alone"] == 0
    assert seen["connected"] == 4 * len(HOSTILE)
    assert seen["answers"] == ["llm_answer_not_json", "llm_answer_not_json", 1, "llm_answer_invalid"] * len(HOSTILE)


def test_every_script_is_sound_python_and_no_file_came_of_it(seen):
    assert seen["scripts"] >= 20 * len(HOSTILE)
    assert seen["files"] == ["output.parquet", "source.parquet"]
    assert not (ROOT / "pwned").exists()


@pytest.mark.parametrize(
    ("act", "event"),
    [
        ("exec('1')", "exec"),
        ("compile('1', 'x', 'eval')", "compile"),
        ("import socket; socket.socket().connect_ex(('127.0.0.1', 9))", "socket.connect"),
        ("import subprocess; subprocess.run(['true'])", "subprocess.Popen"),
        ("open('/etc/hostname')", "open"),
        ("open('tests/pwned.py', 'w')", "open"),
    ],
)
def test_the_hook_would_have_seen_it(act, event, tmp_path):
    """The test can fail."""
    start = "from pathlib import Path\nfrom tests.cleaning.watched import Watch\nwatch = Watch(Path('/nowhere'), 8)\n"
    code = f"{start}watch.on = True\n{act}\nwatch.on = False\nprint([event for event, what in watch.caught])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    (ROOT / "tests/pwned.py").unlink(missing_ok=True)
    assert f"'{event}'" in run.stdout, run.stderr
