"""A cast around one project, and a folder that its company may bring in."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from accounts.models import User
from jobs import presence
from jobs.models import Job
from jobs.running import run
from tests import cast
from tests.cast import Person


@pytest.fixture(autouse=True)
def root(settings, tmp_path):
    settings.INGEST_ROOTS = [str(tmp_path / "roots" / "{company_id}")]
    yield tmp_path / "roots"
    presence.leave()


@pytest.fixture
def colleague(owner):
    """A member of the owner's company without the admin role."""
    person = cast.register("colleague")
    User.objects.filter(pk=person.user["id"]).update(company_id=owner.user["company_id"], role="user")
    return person


@dataclass
class Place:
    person: Person
    folder: Path
    project: int

    def write(self, path: str, content: str | bytes = "a,b\n1,2\n") -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def session(self, **fields):
        body = {"project_id": self.project, "local_directory": str(self.folder)} | fields
        made = self.person.post("sessions", {name: value for name, value in body.items() if value is not None})
        assert made.status_code == 201, made.content
        return made.json()["id"]

    def ingest(self, **fields):
        """A session over the folder, started and worked off; the session resource."""
        session = self.session(**fields)
        started = self.person.post("uploads/start", {"session_id": session})
        assert started.status_code == 202, started.content
        run(started.json()["job_id"], beat=False)
        self.job = Job.objects.get(pk=started.json()["job_id"])
        return self.person.get(f"sessions/{session}").json()

    def files(self, session):
        return {
            file["file_path"]: file for file in self.person.get(f"sessions/{session['id']}/files?limit=1000").json()
        }


@pytest.fixture
def place(owner, root):
    """The owner's project and their company's folder."""
    folder = root / str(owner.user["company_id"])
    folder.mkdir(parents=True)
    made = owner.post("projects", {"project_name": "Sales"})
    assert made.status_code == 201, made.content
    return Place(owner, folder, made.json()["id"])
