"""The documented flow over HTTP against the product as it is started: web server and worker side by side."""

import threading
import time
from pathlib import Path

import pytest
import requests

from tests.journeys.running import running

pytestmark = pytest.mark.slow
PASSWORD = "Correct-Horse-9"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    root = tmp_path_factory.mktemp("roots")
    with running(INGEST_ROOTS=f"{root}/{{company_id}}", THROTTLE="off", SYNC_INGEST_MAX_BYTES="1000") as base:
        yield base, root


class Client:
    def __init__(self, base: str, name: str) -> None:
        self.api = f"{base}/api"
        self.http = requests.Session()
        person = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
        self.user = self.call(201, "POST", "/auth/register", json=person).json()
        self.login(name)

    def login(self, name: str) -> None:
        tokens = self.call(200, "POST", "/auth/login", data={"username": name, "password": PASSWORD}).json()
        self.http.headers["Authorization"] = f"Bearer {tokens['access_token']}"

    def call(self, expected: int, method: str, path: str, **more) -> requests.Response:
        answer = self.http.request(method, self.api + path, timeout=60, **more)
        assert answer.status_code == expected, (method, path, answer.status_code, answer.text[:500])
        return answer

    def until(self, path: str, field: str, *values: str, seconds: float = 60):
        deadline = time.monotonic() + seconds
        while (body := self.call(200, "GET", path).json())[field] not in values:
            assert time.monotonic() < deadline, body
            time.sleep(0.05)
        return body


def folder_of(client: Client, root: Path, name: str, files: int, rows: int = 3) -> Path:
    folder = root / str(client.user["company_id"]) / name
    folder.mkdir(parents=True)
    for number in range(files):
        body = "".join(f"{number},{row}\n" for row in range(rows))
        (folder / f"f{number:03}.csv").write_text("n,m\n" + body)
    return folder


def test_the_documented_flow(server):
    base, root = server
    client = Client(base, "uploader")
    folder = folder_of(client, root, "january", 12)
    project = client.call(201, "POST", "/projects/", json={"project_name": "Retail"}).json()["id"]
    cycle = client.call(
        201, "POST", "/cycles/", json={"project_id": project, "cycle_name": "Jan", "cycle_number": 1}
    ).json()["id"]
    body = {"project_id": project, "cycle_id": cycle, "local_directory": str(folder), "max_workers": 4}
    session = client.call(201, "POST", "/sessions/", json=body).json()["id"]
    started = client.call(202, "POST", "/uploads/start", json={"session_id": session}).json()
    seen = []
    while (now := client.call(200, "GET", f"/uploads/status/{started['job_id']}").json())["status"] != "succeeded":
        seen.append(now["progress"])
        assert now["status"] in {"queued", "running"}, now
        time.sleep(0.02)
    assert seen == sorted(seen)
    done = client.call(200, "GET", f"/sessions/{session}").json()
    assert (done["status"], done["files_uploaded"], done["progress"]) == ("completed", 12, 100)
    stats = client.call(200, "GET", "/sessions/stats").json()
    assert (stats["completed_sessions"], stats["total_files_uploaded"]) == (1, 12)
    assert len(client.call(200, "GET", f"/sessions/{session}/files").json()) == 12
    client.call(204, "DELETE", f"/projects/{project}/")


def test_two_start_the_same_session_at_once(server):
    base, root = server
    client = Client(base, "twins")
    project = client.call(201, "POST", "/projects", json={"project_name": "P"}).json()["id"]
    for round_ in range(3):
        folder = folder_of(client, root, f"r{round_}", 2)
        body = {"project_id": project, "local_directory": str(folder)}
        session = client.call(201, "POST", "/sessions", json=body).json()["id"]
        gate = threading.Barrier(2)
        answers = []

        def start(session=session, gate=gate, answers=answers):
            gate.wait()
            address = f"{client.api}/uploads/start"
            answers.append(
                requests.post(address, json={"session_id": session}, headers=client.http.headers, timeout=60)
            )

        threads = [threading.Thread(target=start) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answer.status_code for answer in answers) == [202, 400], [a.text for a in answers]


def test_cancel_ends_a_running_session_within_two_seconds(server):
    base, root = server
    client = Client(base, "canceller")
    folder = folder_of(client, root, "many", 400, rows=200)
    project = client.call(201, "POST", "/projects", json={"project_name": "P"}).json()["id"]
    body = {"project_id": project, "local_directory": str(folder)}
    session = client.call(201, "POST", "/sessions", json=body).json()["id"]
    job = client.call(202, "POST", "/uploads/start", json={"session_id": session}).json()["job_id"]
    deadline = time.monotonic() + 60
    while not client.call(200, "GET", f"/sessions/{session}").json()["files_uploaded"]:
        assert time.monotonic() < deadline
    begun = time.monotonic()
    client.call(200, "POST", f"/jobs/{job}/cancel")
    client.until(f"/jobs/{job}", "status", "cancelled", seconds=10)
    took = time.monotonic() - begun
    ended = client.call(200, "GET", f"/sessions/{session}").json()
    assert ended["status"] == "cancelled"
    assert 0 < ended["files_uploaded"] < 400
    assert took < 2, took


def test_a_large_upload_and_its_events(server):
    base, _root = server
    client = Client(base, "streamer")
    data = "a,b\n" + "".join(f"{n},{n * 2}\n" for n in range(200_000))
    answer = client.call(202, "POST", "/v1/data/upload", files={"file": ("large.csv", data)})
    job = answer.json()["job_id"]
    assert answer.headers["Location"] == f"/api/v1/jobs/{job}"
    events = client.call(200, "GET", f"/v1/jobs/{job}/events", stream=True, headers={"Accept": "text/event-stream"})
    names = [line.removeprefix(b"event: ") for line in events.iter_lines() if line.startswith(b"event: ")]
    assert names[-1] == b"end"
    found = client.call(200, "GET", f"/v1/jobs/{job}").json()
    assert (found["status"], found["result"]["rows"]) == ("succeeded", 200_000)


def test_streams_take_a_quarter_of_the_threads_and_the_rest_is_told_to_come_back(server):
    base, root = server
    client = Client(base, "watcher")
    folder = folder_of(client, root, "slow", 300, rows=500)
    project = client.call(201, "POST", "/projects", json={"project_name": "P"}).json()["id"]
    body = {"project_id": project, "local_directory": str(folder)}
    session = client.call(201, "POST", "/sessions", json=body).json()["id"]
    job = client.call(202, "POST", "/uploads/start", json={"session_id": session}).json()["job_id"]
    address = f"{client.api}/jobs/{job}/events"
    opened = [requests.get(address, headers=client.http.headers, stream=True, timeout=60) for _ in range(12)]
    codes = [answer.status_code for answer in opened]
    assert codes.count(503) >= 6, codes  # two processes, two streams each at most
    assert all(answer.headers["Retry-After"] for answer in opened if answer.status_code == 503)
    assert client.call(200, "GET", f"/jobs/{job}").json()["id"] == job  # and the server answers meanwhile
    for answer in opened:
        answer.close()
    client.call(200, "POST", f"/jobs/{job}/cancel")
