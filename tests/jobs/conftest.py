"""Sample kinds of work for tests in this process, and workers in processes of their own."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from jobs import presence, progress, registry
from tests.jobs.sample.apps import SampleConfig

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def sample_kinds():
    known = dict(registry.KINDS)
    SampleConfig.ready(None)
    yield
    presence.leave()
    progress.shutdown.clear()
    registry.KINDS.clear()
    registry.KINDS.update(known)


class Server:
    """A database and a media folder that processes of their own share."""

    def __init__(self, folder: Path, database: str) -> None:
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.jobs.settings", "DATABASE_URL": database, "LANG": "C.UTF-8",
            "TEST_MEDIA_ROOT": str(folder / "media"), "PYTHONWARNINGS": "ignore",
        }  # fmt: skip
        self.log = folder / "worker.log"
        self.manage("migrate", "--verbosity", "0")

    def manage(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120, check=check,
        )  # fmt: skip

    @contextmanager
    def worker(self):
        with self.log.open("a") as log:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "worker"], cwd=ROOT, env=self.environment, stderr=log, stdout=log
            )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(30)


def until(condition, seconds=15.0):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.02)
    return found
