"""PostgreSQL is restarted in the middle of a session, twice: no job is lost, nothing is done twice.

On a cluster of the test's own, so that nobody else's database goes down.
"""

import json
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from tests.faults.test_chaos import COUNT, SETUP, Machine
from tests.journeys.running import free_port

pytestmark = pytest.mark.slow
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
FILES = 120


class Cluster:
    def __init__(self, folder: Path) -> None:
        self.bin, self.data, self.port = BINARIES[-1], folder / "data", free_port()
        self.run("initdb", "--auth=trust", "--username=postgres", "--pgdata", str(self.data))
        self.control("start")

    def run(self, program: str, *words: str) -> None:
        user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        subprocess.run([*user, str(self.bin / program), *words], check=True, capture_output=True, cwd="/", timeout=120)

    def control(self, verb: str, mode: str = "fast") -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.data}"
        log = ["-l", str(self.data / "log"), "-o", options] if verb != "stop" else []
        how = ["-m", mode] if verb != "start" else []
        self.run("pg_ctl", verb, "-w", "-D", str(self.data), *how, *log)


@pytest.fixture
def cluster():
    if not BINARIES:
        pytest.skip("no PostgreSQL server programs on this machine")
    folder = Path(tempfile.mkdtemp(prefix="cluster-"))
    if os.getuid() == 0:
        try:
            postgres = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("no user postgres to run a server as")
        os.chown(folder, postgres.pw_uid, postgres.pw_gid)
    own = Cluster(folder)
    yield own
    own.control("stop", "immediate")
    shutil.rmtree(folder, ignore_errors=True)


def test_a_restart_loses_no_job(cluster, tmp_path):
    machine = Machine(tmp_path, f"postgresql://postgres@127.0.0.1:{cluster.port}/postgres")
    for number in range(FILES):
        (tmp_path / "in" / f"f{number:03}.csv").write_text(f"n,m\n{number},1\n{number},2\n{number},3\n")
    session, job = machine.python(SETUP, str(tmp_path / "in"))
    watcher = machine.watcher()

    def look():
        watcher.stdin.write(json.dumps([session, job]) + "\n")
        watcher.stdin.flush()
        return json.loads(watcher.stdout.readline())

    worker = machine.worker()
    try:
        for share, mode in ((FILES // 4, "fast"), (FILES // 2, "immediate")):
            deadline = time.monotonic() + 120
            while look()["done"] < share:
                assert time.monotonic() < deadline, look()
                time.sleep(0.02)
            cluster.control("restart", mode)
        deadline = time.monotonic() + 180
        while (now := look())["job"] in {"queued", "running"}:
            assert time.monotonic() < deadline, now
            time.sleep(0.1)
        assert worker.poll() is None, "the worker itself lives on"
    finally:
        worker.terminate()
        worker.wait(40)
        watcher.stdin.close()
        watcher.wait(10)
    assert (now["session"], now["job"], now["done"]) == ("completed", "succeeded", FILES), now
    datasets, names, rows, statuses = machine.python(COUNT)
    assert (datasets, names, rows, statuses) == (FILES, FILES, [FILES, FILES], {"completed": FILES})
