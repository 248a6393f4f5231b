"""A server of one's own over real HTTP: the product's own start script, on a free port, with a database of its own."""

import os
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

ROOT = Path(__file__).parents[2]
PASSED_ON = ("PATH", "HOME", "LANG", "PYTHON", "PIP_CERT", "PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(folder: Path, **env: str) -> dict[str, str]:
    """A clean environment for a server that keeps everything in ``folder``."""
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    own = {
        "IGNORE_DOTENV": "1",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "MEDIA_ROOT": str(folder / "media"),
        "PORT": str(free_port()),
    }
    return passed | own | env


@contextmanager
def running(root: Path = ROOT, seconds: float = 90, **env: str) -> Iterator[str]:
    """Starts ``entrypoint.sh run`` in ``root``; gives the base address once it answers, and ends it afterwards."""
    with tempfile.TemporaryDirectory(prefix="qstorm-") as name:
        folder = Path(name)
        chosen = environment(folder, **env)
        log = folder / "log"
        with log.open("wb") as out:
            server = subprocess.Popen([root / "entrypoint.sh", "run"], env=chosen, stdout=out, stderr=out)
        try:
            base = f"http://127.0.0.1:{chosen['PORT']}"
            wait_for(base, server, log, seconds)
            yield base
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


def wait_for(base: str, server: subprocess.Popen[bytes], log: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            requests.get(f"{base}/health", timeout=5)
        except (requests.ConnectionError, requests.Timeout):
            ended = server.poll() is not None
            if ended or time.monotonic() > deadline:
                said = log.read_text(errors="replace")
                raise RuntimeError(f"The server {'ended' if ended else 'does not answer'}:\n{said}") from None
            time.sleep(0.1)
        else:
            return
