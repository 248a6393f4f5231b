import os
import signal
import time
from pathlib import Path

from django.utils.translation import gettext_noop

from core.errors import InvalidInput


class Refused(InvalidInput):
    reason = "sample_refused"
    message = gettext_noop("The file %(name)s is refused.")


def note(job, line):
    """A line in the file that the test watches, if it watches one."""
    if log := job.payload.get("log"):
        with Path(log).open("a") as file:
            file.write(f"{line}\n")


def count(job, progress):
    """Counts to ``to``, going on where an earlier attempt was."""
    to = job.payload.get("to", 3)
    note(job, f"start {os.getpid()}")
    for number in range(job.counts.get("done", 0), to):
        time.sleep(job.payload.get("pause", 0))
        note(job, number)
        progress(100 * (number + 1) / to, gettext_noop("Counted %(number)s"), {"number": number + 1}, done=number + 1)
    return {"counted": to}


def crash(job, progress):
    raise RuntimeError("secret internals")


def refuse(job, progress):
    raise Refused(name="a.csv")


def stubborn(job, progress):
    """Works for a second without looking up."""
    note(job, f"start {os.getpid()}")
    time.sleep(job.payload.get("seconds", 1))
    progress(50)


def sleepy(job, progress):
    """Computes for a long time, listening to ``progress.stop`` only."""
    note(job, f"start {os.getpid()}")
    progress.stop.wait(60)
    progress.check()


def deadly(job, progress):
    note(job, f"start {os.getpid()}")
    os.kill(os.getpid(), signal.SIGKILL)


def endless(job, progress):
    note(job, f"start {os.getpid()}")
    while True:
        time.sleep(0.05)
        progress()


def ended(job):
    note(job, f"ended {job.status}")


def again(job):
    note(job, "again")
