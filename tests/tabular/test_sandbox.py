"""A child that misbehaves is an error about the file; the server and its other children live on."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tabular import sandbox
from tabular.errors import TableError

BOUNDS = {"memory_bytes": 800_000_000, "cpu_seconds": 20.0, "wall_seconds": 30.0}


class Refused(TableError):
    reason = "refused"


def double(number):
    return 2 * number


def refuse(column):
    raise Refused(column=column)


def fail():
    raise RuntimeError("a bug")


def fill_disk():
    raise OSError(28, "No space left on device")


def sleep_long():
    time.sleep(60)


def burn():
    while True:
        pass


def hoard():
    kept = []
    while True:
        kept.append(bytearray(20_000_000))


def abort():
    os.abort()


def recurse():
    return recurse()


def grow_slowly():
    kept = []
    for _ in range(200):
        kept.append(b"x" * 5_000_000)
        time.sleep(0.01)
    return len(kept)


def count_up():
    for percent in (10, 50, 90):
        sandbox.report(percent, "reading")
    return os.getpid()


def whoami():
    return os.getpid()


def test_the_result_comes_back():
    assert sandbox.run(double, (21,), **BOUNDS) == 42


def test_each_call_has_a_child_of_its_own_that_is_gone_afterwards():
    first, second = sandbox.run(whoami, **BOUNDS), sandbox.run(whoami, **BOUNDS)
    assert len({first, second, os.getpid()}) == 3
    deadline = time.monotonic() + 5
    while Path(f"/proc/{first}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{first}").exists()


def test_a_refusal_crosses_intact():
    with pytest.raises(Refused) as caught:
        sandbox.run(refuse, ("店",), **BOUNDS)
    assert caught.value.details == {"column": "店"}


@pytest.mark.parametrize(
    ("func", "error"),
    [
        (fail, sandbox.ParseCrashed),
        (abort, sandbox.ParseCrashed),
        (recurse, sandbox.FileTooComplex),
        (hoard, sandbox.ParseMemory),
        (fill_disk, OSError),
    ],
)
def test_whatever_happens_is_an_error_about_the_file(func, error):
    with pytest.raises(error):
        sandbox.run(func, **BOUNDS)
    assert sandbox.run(double, (1,), **BOUNDS) == 2


def test_time_is_bounded():
    began = time.monotonic()
    with pytest.raises(sandbox.ParseTimeout):
        sandbox.run(sleep_long, **{**BOUNDS, "wall_seconds": 1.0})
    assert time.monotonic() - began < 20


def test_cpu_is_bounded():
    with pytest.raises(sandbox.ParseTimeout):
        sandbox.run(burn, **{**BOUNDS, "cpu_seconds": 1.0})


def test_memory_that_grows_is_noticed():
    with pytest.raises(sandbox.ParseMemory):
        sandbox.run(grow_slowly, **{**BOUNDS, "memory_bytes": 400_000_000})


def test_progress_is_told():
    told = []
    sandbox.run(count_up, **BOUNDS, progress=lambda percent, message: told.append((percent, message)))
    assert told == [(10, "reading"), (50, "reading"), (90, "reading")]


def test_from_many_threads():
    answers = {}

    def ask(number):
        answers[number] = sandbox.run(double, (number,), **BOUNDS)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {n: 2 * n for n in range(5)}


def test_too_many_at_once_are_told_to_come_back(monkeypatch):
    monkeypatch.setattr(sandbox, "WAITING", 0)
    with pytest.raises(sandbox.SandboxBusy):
        sandbox.run(double, (1,), **BOUNDS)


SERVER = """
import os, sys, time
sys.path.insert(0, {root!r})
from tabular import sandbox
if __name__ == "__main__":
    print(sandbox.run(os.getpid, memory_bytes=10**9, cpu_seconds=20, wall_seconds=30), flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_outlives_the_server(tmp_path, how):
    """Neither the spare child nor the forkserver: all that the server started is gone soon after it."""
    script = tmp_path / "server.py"
    script.write_text(SERVER.format(root=str(Path(__file__).parents[2])))
    server = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, start_new_session=True)
    assert server.stdout is not None
    assert server.stdout.readline().strip().isdigit()
    time.sleep(0.5)
    family = _session(server.pid)
    assert len(family) > 1
    server.send_signal(how)
    server.wait(10)
    deadline = time.monotonic() + 15
    while _session(server.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert _session(server.pid) == set()
    server.stdout.close()


def _session(leader: int) -> set[int]:
    """Living processes of the session that this leader began."""
    found = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == leader and fields[0] != "Z":
                found.add(int(folder.name))
    return found
