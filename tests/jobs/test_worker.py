"""Workers as processes: latency, cancel, kill, stop, the terminal."""

import json
import signal
import subprocess
import sys

import pytest

from tests.jobs.conftest import ROOT, Server, until

SCRIPT = """
import django, json, sys; django.setup()
from jobs import requesting
from jobs.models import Job
for line in sys.stdin:
    verb, *words = json.loads(line)
    if verb == "request":
        job = requesting.request(kind=words[0], owner=None, payload=words[1])
    else:
        job = Job.objects.get(pk=words[0])
        if verb == "cancel":
            requesting.cancel(job)
    facts = {name: getattr(job, name) for name in ("pk", "status", "progress", "counts", "result", "error", "losses")}
    waited = (job.started_at - job.created_at).total_seconds() if job.started_at else None
    print(json.dumps(facts | {"waited": waited}), flush=True)
"""


class Teller:
    """Asks for jobs and looks at them from a process of its own, as a web server would."""

    def __init__(self, server):
        self.process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT], cwd=ROOT, env=server.environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def __call__(self, *words):
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def request(self, kind, **payload):
        return self("request", kind, payload)["pk"]

    def until(self, pk, status, seconds=15):
        return until(lambda: (job := self("look", pk))["status"] == status and job, seconds)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    return Server(folder, f"sqlite:///{folder}/db.sqlite3")


@pytest.fixture
def tell(server):
    teller = Teller(server)
    yield teller
    teller.process.stdin.close()
    teller.process.wait(10)


def started(path, times=1):
    pids = until(
        lambda: (
            (found := path.read_text().split("\n") if path.exists() else [])
            and len([line for line in found if line.startswith("start")]) >= times
            and found
        )
    )
    return [int(line.split()[1]) for line in pids if line.startswith("start")]


def test_an_idle_worker_begins_within_a_third_of_a_second(server, tell):
    with server.worker():
        tell.until(tell.request("count"), "succeeded")
        waits = [tell.until(tell.request("count"), "succeeded")["waited"] for _ in range(5)]
    assert sorted(waits)[2] < 0.3, waits


@pytest.mark.parametrize("kind", ["endless", "sleepy"])
def test_cancel_ends_a_running_job_within_two_seconds(server, tell, tmp_path, kind):
    with server.worker():
        job = tell.request(kind, log=str(tmp_path / "log"))
        started(tmp_path / "log")
        tell("cancel", job)
        tell.until(job, "cancelled", seconds=2)


def test_progress_is_visible_while_it_runs_and_survives_a_kill(server, tell, tmp_path):
    log = tmp_path / "log"
    with server.worker() as worker:
        job = tell.request("count", to=20, pause=0.1, log=str(log))
        seen = until(lambda: (found := tell("look", job))["progress"] > 20 and found)
        assert seen["status"] == "running"
        worker.kill()
        worker.wait()
    before = tell("look", job)
    with server.worker():
        after = tell.until(job, "succeeded")
    assert before["status"] == "running"
    assert (after["progress"], after["counts"], after["losses"]) == (100, {"done": 20}, 0)
    numbers = [int(line) for line in log.read_text().split("\n") if line.isdigit()]
    assert sorted(set(numbers)) == list(range(20))
    assert len(numbers) <= 20 + 4, "it went on where it was, less what was not yet written"


def test_a_job_that_kills_its_worker_is_given_up_after_three(server, tell, tmp_path):
    log = tmp_path / "log"
    job = tell.request("deadly", log=str(log))
    for _ in range(2):
        with server.worker() as worker:
            assert worker.wait(20) == -signal.SIGKILL
    with server.worker() as worker:
        assert worker.wait(20) == -signal.SIGKILL
    with server.worker() as worker:
        failed = tell.until(job, "failed")
        assert worker.poll() is None
    assert failed["error"]["reason"] == "worker_lost"
    assert len(started(log)) == 3


def test_a_worker_that_is_told_to_stop_gives_its_jobs_back(server, tell, tmp_path):
    log = tmp_path / "log"
    with server.worker() as worker:
        job = tell.request("count", to=60, pause=0.05, log=str(log))
        started(log)
        worker.terminate()
        assert worker.wait(10) == 0
        assert (given := tell("look", job))["status"] == "queued"
        assert given["losses"] == 0
    with server.worker():
        assert tell.until(job, "succeeded")["counts"] == {"done": 60}


def test_two_workers_share_the_work_and_do_nothing_twice(server, tell, tmp_path):
    logs = [tmp_path / f"log{n}" for n in range(12)]
    with server.worker(), server.worker():
        jobs = [tell.request("count", to=3, pause=0.05, log=str(log)) for log in logs]
        for job in jobs:
            tell.until(job, "succeeded")
    assert all(len(started(log)) == 1 for log in logs)


def test_long_jobs_leave_a_place_for_short_ones(server, tell, tmp_path):
    with server.worker():
        endless = [tell.request("endless", log=str(tmp_path / f"log{n}")) for n in range(5)]
        started(tmp_path / "log2")
        assert tell.until(tell.request("count"), "succeeded", seconds=3)
        for job in endless:
            tell("cancel", job)
        for job in endless:
            tell.until(job, "cancelled")


def test_watch_job_follows_to_the_end(server, tell):
    good, bad = tell.request("count", to=10, pause=0.4), tell.request("refuse")
    watching = subprocess.Popen(
        [sys.executable, "manage.py", "watch_job", str(good)],
        cwd=ROOT, env=server.environment, text=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    first = watching.stdout.readline()
    with server.worker():
        lines = watching.stdout.read().splitlines()
        assert watching.wait(30) == 0
        tell.until(bad, "failed")
    refused = server.manage("watch_job", str(bad), check=False)
    assert first.startswith(f"count #{good} queued")
    assert lines[-1].startswith(f"count #{good} succeeded")
    assert "[" + "#" * 40 + "] 100 %" in lines[-1]
    assert any("Counted" in line and " running " in line for line in lines)
    assert refused.returncode == 1
    assert "The file a.csv is refused." in refused.stderr
