"""The supervisor, on real processes: what it restarts, when it gives up, and that nothing outlives it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STEADY = "import os,sys,time; open(sys.argv[1],'a').write(f'{os.getpid()}\\n'); time.sleep(60)"
DYING = "import os,sys; open(sys.argv[1],'a').write(f'{os.getpid()}\\n'); sys.exit(3)"


def supervising(*programs: tuple[str, Path]) -> str:
    """A Python program that supervises ``programs``, pairs of code and the file that collects their process ids."""
    listed = ", ".join(f"Program('p', [sys.executable, '-c', {code!r}, '{log}'])" for code, log in programs)
    return (
        "import sys; from config import supervise; from config.supervise import Program, Supervisor\n"
        "supervise.FIRST_PAUSE = 0.05; supervise.GRACE = 2\n"
        f"sys.exit(Supervisor().keep([{listed}]))"
    )


@pytest.fixture
def started() -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    running: list[subprocess.Popen[str]] = []

    def start(code: str) -> subprocess.Popen[str]:
        running.append(subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.PIPE, text=True))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.wait()


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.02)


def pids(log: Path) -> list[int]:
    return [int(line) for line in log.read_text().split()] if log.exists() else []


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] != "Z"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_every_program_and_the_exit_code_is_0(started, tmp_path, number):
    log = tmp_path / "pids"
    supervisor = started(supervising((STEADY, log), (STEADY, log)))
    until(lambda: len(pids(log)) == 2)
    supervisor.send_signal(number)
    assert supervisor.wait(10) == 0
    assert not any(alive(pid) for pid in pids(log))


def test_a_program_that_is_killed_is_started_again(started, tmp_path):
    log = tmp_path / "pids"
    supervisor = started(supervising((STEADY, log)))
    until(lambda: len(pids(log)) == 1)
    os.kill(pids(log)[0], signal.SIGKILL)
    until(lambda: len(pids(log)) == 2)
    assert supervisor.poll() is None
    assert alive(pids(log)[1])


def test_a_program_that_keeps_dying_at_once_ends_the_whole(started, tmp_path):
    dying, steady = tmp_path / "dying", tmp_path / "steady"
    supervisor = started(supervising((STEADY, steady), (DYING, dying)))
    assert supervisor.wait(20) == 1
    assert len(pids(dying)) == 5
    assert "giving up" in supervisor.stderr.read()
    assert not any(alive(pid) for pid in pids(steady))


def test_pauses_between_restarts_grow(started, tmp_path):
    supervisor = started(supervising((DYING, tmp_path / "pids")))
    supervisor.wait(20)
    pauses = [float(p) for p in re.findall(r"again in (\S+) s", supervisor.stderr.read())]
    assert pauses == [0.05, 0.1, 0.2, 0.4, 0.8]


def test_a_program_that_ignores_the_signal_is_killed_in_the_end(started, tmp_path):
    log = tmp_path / "pids"
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + STEADY
    supervisor = started(supervising((deaf, log)))
    until(lambda: len(pids(log)) == 1)
    supervisor.terminate()
    assert supervisor.wait(10) == 0
    assert not alive(pids(log)[0])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_programs_end_when_the_supervisor_itself_is_killed(started, tmp_path):
    log = tmp_path / "pids"
    supervisor = started(supervising((STEADY, log)))
    until(lambda: len(pids(log)) == 1)
    supervisor.kill()
    until(lambda: not alive(pids(log)[0]))
