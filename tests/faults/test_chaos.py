"""A session of 200 files whose worker is killed at fifty random moments: all of it, once, never back.

On SQLite, and on PostgreSQL where one answers at TEST_POSTGRES (postgresql://postgres@127.0.0.1:5432/postgres).
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).parents[2]
POSTGRES = os.environ.get("TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
FILES, KILLS = 200, int(os.environ.get("CHAOS_KILLS", "50"))

pytestmark = pytest.mark.slow

SETUP = """
import django, json, sys; django.setup()
from accounts.models import User, default_company
from ingestion import starting
from ingestion.models import Project, SyncSession
user = User.objects.create(username="chaos", email="chaos@example.com", company=default_company())
project = Project.objects.create(company=default_company(), project_name="chaos")
session = SyncSession.objects.create(project=project, user=user, local_directory=sys.argv[1], max_workers=4)
print(json.dumps([session.pk, starting.start(session=session, user=user).pk]))
"""
LOOK = """
import django, json, sys, time; django.setup()
from django.db import connection, OperationalError, InterfaceError
from ingestion.models import FileUpload, SyncSession
from jobs.models import Job
for line in sys.stdin:
    while True:
        try:
            session, job = json.loads(line)
            found, work = SyncSession.objects.get(pk=session), Job.objects.get(pk=job)
            break
        except (OperationalError, InterfaceError):
            connection.close(); time.sleep(0.1)
    print(json.dumps({"session": found.status, "done": found.files_done, "progress": found.progress,
                      "job": work.status, "percent": work.progress, "attempts": work.attempts,
                      "error": work.error}), flush=True)
"""
COUNT = """
import django, json; django.setup()
from collections import Counter
from pathlib import Path
from django.conf import settings
from datasets.models import Dataset
from ingestion.models import FileUpload
names = list(Dataset.objects.values_list("name", flat=True))
rows = [Dataset.objects.filter(rows=3).count(), sum((Path(settings.MEDIA_ROOT) / d.parquet).is_file()
        for d in Dataset.objects.all())]
print(json.dumps([len(names), len(set(names)), rows, Counter(FileUpload.objects.values_list("status", flat=True))]))
"""


class Machine:
    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.environment = os.environ | {
            "IGNORE_DOTENV": "1", "SECRET_KEY": uuid.uuid4().hex + uuid.uuid4().hex, "DATABASE_URL": database,
            "MEDIA_ROOT": str(folder / "media"), "INGEST_ROOTS": str(folder / "in"), "REGISTRATION": "closed",
            "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONWARNINGS": "ignore",
        }  # fmt: skip
        (folder / "in").mkdir()
        self.log = (folder / "worker.log").open("a")
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=self.environment, check=True)

    def python(self, code: str, *words: str) -> list:
        done = subprocess.run(
            [sys.executable, "-c", code, *words], cwd=ROOT, env=self.environment, check=True, capture_output=True
        )
        return json.loads(done.stdout)

    def worker(self) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "manage.py", "worker"], cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log
        )

    def watcher(self) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-c", LOOK], cwd=ROOT, env=self.environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip


def databases():
    yield pytest.param("sqlite", id="sqlite")
    yield pytest.param("postgresql", id="postgresql")


@pytest.fixture(params=databases())
def machine(request):
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    if request.param == "sqlite":
        yield Machine(folder, f"sqlite:///{folder}/db.sqlite3")
    else:
        name = f"chaos_{uuid.uuid4().hex[:8]}"
        try:
            with psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3) as connection:
                connection.execute(f"CREATE DATABASE {name}")
        except psycopg.OperationalError as error:
            pytest.skip(f"no PostgreSQL at {POSTGRES}: {error}")
        yield Machine(folder, POSTGRES.rsplit("/", 1)[0] + f"/{name}")
        with psycopg.connect(POSTGRES, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    shutil.rmtree(folder, ignore_errors=True)


def test_fifty_kills_lose_nothing_double_nothing_and_never_go_back(machine):
    for number in range(FILES):
        (machine.folder / "in" / f"f{number:03}.csv").write_text(f"n,m\n{number},1\n{number},2\n{number},3\n")
    session, job = machine.python(SETUP, str(machine.folder / "in"))
    watcher = machine.watcher()

    def look():
        watcher.stdin.write(json.dumps([session, job]) + "\n")
        watcher.stdin.flush()
        return json.loads(watcher.stdout.readline())

    dice = random.Random(int(os.environ.get("CHAOS_SEED", "7")))
    best = dict.fromkeys(("done", "progress", "percent"), 0)

    def no_step_back():
        now = look()
        for name, before in best.items():
            assert now[name] >= before, (name, before, now)
            best[name] = now[name]
        return now

    kills = 0
    worker = machine.worker()
    try:
        while kills < KILLS and no_step_back()["job"] in {"queued", "running"}:
            # So that fifty of them spread over the whole session: a share of the files left, plus a random moment.
            wanted = min(FILES - 2, best["done"] + dice.randint(0, 2 * (FILES - best["done"]) // (KILLS - kills)))
            deadline = time.monotonic() + 20
            while no_step_back()["done"] < wanted and time.monotonic() < deadline:
                time.sleep(0.01)
            time.sleep(dice.random() * 0.3)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            kills += 1
            worker = machine.worker()
        deadline = time.monotonic() + 240
        while (now := no_step_back())["job"] in {"queued", "running"}:
            assert time.monotonic() < deadline, now
            time.sleep(0.1)
    finally:
        worker.terminate()
        worker.wait(40)
        watcher.stdin.close()
        watcher.wait(10)
    assert kills >= KILLS * 0.8, f"the session was over after {kills} kills"
    assert (now["session"], now["job"], now["progress"], now["percent"]) == ("completed", "succeeded", 100, 100), now
    assert now["done"] == FILES
    datasets, names, rows, statuses = machine.python(COUNT)
    assert (datasets, names, rows, statuses) == (FILES, FILES, [FILES, FILES], {"completed": FILES})
    print(f"{kills} kills, {now['attempts']} attempts")
