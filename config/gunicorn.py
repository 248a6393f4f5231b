"""gunicorn's settings: ``gunicorn --config python:config.gunicorn config.wsgi:application``."""

import gc
import os
import shutil
import signal
import tempfile
from types import FrameType
from typing import Any

from config import env, settings
from config.supervise import end_with_parent

bind = f"{env.text('BIND_ADDRESS', default='127.0.0.1')}:{settings.PORT}"
workers = env.number("WEB_CONCURRENCY", 2, 1, 64)
worker_class = "gthread"
threads = settings.WEB_THREADS
# The heartbeat file is touched all the time; in memory a slow disk can't make a busy worker look dead.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
# gthread's heartbeat comes from a thread of its own: a long upload never meets it, a stuck process does.
timeout = 120
graceful_timeout = 30
keepalive = 5
# Filters travel in the query string, as JSON too.
limit_request_line = 8190
control_socket_disable = True


def on_starting(server: object) -> None:
    """Each process counts its requests into a file here; whichever is asked for /metrics adds them up."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="metrics-")


def on_exit(server: object) -> None:
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)


def post_fork(server: object, worker: object) -> None:
    """Without its master a worker would go on holding the port, in the way of the next master."""
    end_with_parent()


def post_worker_init(worker: Any) -> None:
    """Open event streams end as soon as the server is asked to; else it would wait half a minute for each."""
    from jobs.events import stopping

    gc.collect()
    gc.freeze()  # what is loaded by now stays: looking through it again and again for garbage costs every request
    go_on = signal.getsignal(signal.SIGTERM)

    def end_streams(number: int, frame: FrameType | None) -> None:
        stopping.set()
        if callable(go_on):
            go_on(number, frame)

    signal.signal(signal.SIGTERM, end_streams)
