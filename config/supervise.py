"""Keeps a few programs running side by side until a signal ends them all.

The programs stay in the caller's process group, so Ctrl-C reaches each of them. One that ends by itself is started
again after a pause that doubles each time; one that ends ``DEATHS`` times in a row, each within ``SETTLED`` seconds of
its start, ends the whole. Times are in seconds.
"""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

SETTLED = 10.0
DEATHS = 5
FIRST_PAUSE = 0.5
GRACE = 35.0  # longer than gunicorn's own graceful_timeout
TICK = 0.1
_PR_SET_PDEATHSIG = 1


@dataclass
class Program:
    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    begun: float = 0.0
    due: float = 0.0

    def start(self, now: float) -> None:
        self.process = subprocess.Popen(self.command, preexec_fn=end_with_parent)  # noqa: S603 - the programs are our own
        self.begun = now

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def bury(self, now: float) -> None:
        """Notes that the process ended, and when the next one is due."""
        assert self.process is not None
        self.deaths = self.deaths + 1 if now - self.begun < SETTLED else 1
        pause = FIRST_PAUSE * 2 ** (self.deaths - 1)
        self.due = now + pause
        _say(f"{self.name} ended with code {self.process.returncode}; starting it again in {pause:g} s")
        self.process = None


class Supervisor:
    def __init__(self) -> None:
        self.stopping = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, number: int, frame: object) -> None:
        self.stopping = True

    def once(self, command: Sequence[str]) -> int:
        """Runs ``command`` to its end and returns its exit code; a stop signal ends it."""
        program = Program(command[0], command)
        program.start(time.monotonic())
        while program.running():
            if self.stopping:
                _end([program])
            time.sleep(TICK / 4)
        assert program.process is not None
        return program.process.returncode

    def keep(self, programs: Sequence[Program]) -> int:
        """Keeps ``programs`` running. Returns 0 when asked to stop, 1 when one of them can't be kept alive."""
        while not self.stopping:
            now = time.monotonic()
            for program in programs:
                if program.running():
                    continue
                if program.process is not None:
                    program.bury(now)
                if program.deaths >= DEATHS:
                    _say(f"{program.name} keeps ending at once: giving up")
                    _end(programs)
                    return 1
                if now >= program.due:
                    program.start(now)
            time.sleep(TICK)
        _end(programs)
        return 0


def _end(programs: Sequence[Program]) -> None:
    """Asks all to end, waits for them, and kills what is left after ``GRACE``."""
    running = [program.process for program in programs if program.process is not None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + GRACE
    for process in running:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def end_with_parent() -> None:
    """On Linux this process is told to end even when its parent is killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _say(text: str) -> None:
    sys.stderr.write(f"supervisor: {text}\n")
    sys.stderr.flush()
