"""A clone of HEAD in an empty folder: `make run` brings it up and down; the container's commands on PostgreSQL."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import requests

from tests.journeys.running import environment, free_port

ROOT = Path(__file__).parents[2]
POSTGRES = os.environ.get("TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a git work tree")
    folder = tmp_path_factory.mktemp("fresh") / "clone"
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    return folder


class Started:
    """A command of the clone in a process group of its own, as a terminal would start it."""

    def __init__(self, clone: Path, *command: str, **env: str) -> None:
        self.env = environment(clone, **{"PYTHON": sys.executable, **env})
        self.base = f"http://127.0.0.1:{self.env['PORT']}"
        self.log = clone / f"log-{secrets.token_hex(4)}"
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                command, cwd=clone, env=self.env, stdout=out, stderr=out, start_new_session=True
            )

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def ready(self, seconds: float = 300) -> float:
        """Waits for the first answer; how many seconds that took."""
        begun = time.monotonic()
        while time.monotonic() - begun < seconds:
            assert self.process.poll() is None, self.said()
            try:
                assert requests.get(f"{self.base}/health", timeout=5).json()["status"] == "ok"
            except (requests.ConnectionError, requests.Timeout):
                time.sleep(0.05)
            else:
                return time.monotonic() - begun
        raise AssertionError(self.said())

    def group(self) -> list[str]:
        """What still runs in the command's process group."""
        listed = subprocess.run(["ps", "-eo", "pgid=,stat=,args="], capture_output=True, text=True, check=True).stdout
        lines = [line.split(None, 2) for line in listed.splitlines()]
        return [line[2] for line in lines if int(line[0]) == self.process.pid and not line[1].startswith("Z")]

    def gone(self, seconds: float = 5) -> None:
        deadline = time.monotonic() + seconds
        while left := self.group():
            assert time.monotonic() < deadline, left
            time.sleep(0.1)

    def end(self, number: int, whole_group: bool) -> int:
        if whole_group:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        return self.process.wait(60)


@pytest.fixture
def start(clone) -> Iterator:
    begun: list[Started] = []

    def starting(*command: str, **env: str) -> Started:
        begun.append(Started(clone, *command, **env))
        return begun[-1]

    yield starting
    for one in begun:
        if one.group():
            os.killpg(one.process.pid, signal.SIGKILL)
        one.process.wait()


def test_make_run_alone_brings_up_a_server_and_ctrl_c_takes_it_down(start, clone):
    """No SECRET_KEY, no .env, no .venv: the very first start; then the second one, which is quick."""
    first = start("make", "run", SECRET_KEY="", IGNORE_DOTENV="")
    first.ready()
    assert (clone / ".env").stat().st_mode & 0o777 == 0o600
    assert "password" in first.said().lower()  # the first admin's, generated
    while "Ready." not in first.said():
        time.sleep(0.05)
    assert requests.get(f"{first.base}/admin/login/", timeout=10).status_code == 200
    first.end(signal.SIGINT, whole_group=True)
    first.gone()

    second = start("make", "run", SECRET_KEY="", IGNORE_DOTENV="")
    print(f"second start: {second.ready():.1f} s")
    for done_once in ("Making", "Installing", "Wrote", "Compressing", "First administrator"):
        assert done_once in first.said()
        assert done_once not in second.said()
    second.end(signal.SIGTERM, whole_group=False)
    second.gone()


def test_a_server_that_is_killed_comes_back(start):
    server = start("./entrypoint.sh", "run")
    server.ready()
    children = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    web = [int(pid) for pid, parent in map(str.split, children.splitlines()) if int(parent) == server.process.pid]
    for pid in web:
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while "starting it again" not in server.said():
        assert time.monotonic() < deadline, server.said()
        time.sleep(0.1)
    server.ready(60)
    assert server.end(signal.SIGTERM, whole_group=False) == 0
    server.gone()


def test_a_busy_port_is_named(start):
    port = str(free_port())
    start("./entrypoint.sh", "run", PORT=port).ready()
    late = start("./entrypoint.sh", "run", PORT=port)
    assert late.process.wait(60) != 0
    assert f"port {port} is in use" in late.said()
    assert f"PORT={int(port) + 1} make run" in late.said()


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "eighty"), ("SECRET_KEY", "changeme"), ("DATABASE_URL", "mysql://x")]
)
def test_a_bad_setting_stops_the_start_with_one_line(start, name, value):
    refused = start("./entrypoint.sh", "run", **{name: value})
    assert refused.process.wait(120) == 2
    assert name in refused.said()
    assert "Traceback" not in refused.said()


@pytest.fixture
def database() -> Iterator[str]:
    """A new database on PostgreSQL."""
    name = f"qstorm_{secrets.token_hex(6)}"
    try:
        admin = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        pytest.skip(f"PostgreSQL does not answer: {error}")
    with admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield urlunsplit(urlsplit(POSTGRES)._replace(path=f"/{name}"))
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def healthy(clone: Path, env: dict[str, str]) -> int:
    return subprocess.run(
        [clone / ".venv/bin/python", "-m", "config.healthy"], cwd=clone, env=env, check=False
    ).returncode


def test_the_containers_commands_on_postgresql(start, clone, database):
    """As docker-compose.yml runs them: `migrate` to its end, then `web`; `manage` beside it."""
    env = {"DATABASE_URL": database, "ADMIN_USERNAME": "chief", "ADMIN_PASSWORD": secrets.token_urlsafe(16)}
    env["ALLOWED_HOSTS"] = "data.example.com,127.0.0.1"
    setup = start("./entrypoint.sh", "setup")
    assert setup.process.wait(300) == 0, setup.said()
    for _again in range(2):
        migrate = start("./entrypoint.sh", "migrate", **env)
        assert migrate.process.wait(120) == 0, migrate.said()
    state = start("./entrypoint.sh", "manage", "migrate", "--check", **env)
    assert state.process.wait(60) == 0, state.said()

    web = start("./entrypoint.sh", "web", **env)
    web.ready()
    assert requests.get(f"{web.base}/health/ready", timeout=10).status_code == 200
    login = requests.post(
        f"{web.base}/api/v1/auth/login",
        data={"username": "chief", "password": env["ADMIN_PASSWORD"]},
        timeout=30,
    )
    assert login.status_code == 200, login.text
    assert login.json()["user"]["is_staff"] is True
    assert healthy(clone, web.env) == 0
    assert healthy(clone, web.env | {"PORT": str(free_port())}) == 1
    assert web.end(signal.SIGTERM, whole_group=False) == 0
    web.gone()
