"""SIGKILL at every point of the durable order: the whole dataset or nothing, and what is left is found."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from tests.faults.killed_upload import POINTS

REPO = Path(__file__).parents[2]
# what is left: lines of the report, and whether the dataset is there
LEFT = {
    "while receiving": (["left behind"], False),
    "before parsing": (["left behind"], False),
    "while parsing": (["left behind"], False),
    "before the original": (["left behind"], False),
    "before the original is named": (["left behind"], False),
    "between the two": (["bytes without a row", "left behind"], False),
    "before the row": (["bytes without a row", "bytes without a row", "left behind"], False),
    "before the commit": (["bytes without a row", "bytes without a row", "left behind"], False),
    "after the commit": (["left behind"], True),
    "while deleting": (["bytes without a row", "bytes without a row"], False),
}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A migrated database with one user."""
    folder = tmp_path_factory.mktemp("kills")
    house = House(folder / "prepared")
    house.python("-m", "django", "migrate", "-v", "0")
    house.python("-c", "import django; django.setup(); from accounts.models import User; "
                       "User.objects.create_user('owner', 'owner@example.com', 'pass-word-1')")  # fmt: skip
    return house


class House:
    """A database and a storage of their own, used by processes of their own."""

    def __init__(self, folder):
        folder.mkdir()
        self.folder = folder
        self.environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3", "MEDIA_ROOT": str(folder / "media"), "THROTTLE": "off",
            "SECRET_KEY": django_settings.SECRET_KEY, "IGNORE_DOTENV": "1", "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": str(REPO),
        }  # fmt: skip

    def python(self, *args, check=True):
        return subprocess.run(
            [sys.executable, *args],
            env=self.environment,
            cwd=REPO,
            capture_output=True,
            text=True,
            timeout=120,
            check=check,
        )

    def reconcile(self, *args):
        done = self.python("-m", "django", "reconcile", *args, check=False)
        return done.returncode, [line.split(":")[0] for line in done.stdout.splitlines()]

    def datasets(self):
        code = ("import django; django.setup(); from datasets.models import Dataset; from datasets import reading; "
                "print(*(len(reading.table(d)) == d.rows == 200_000 for d in Dataset.objects.all()))")  # fmt: skip
        return self.python("-c", code).stdout.split()


def test_every_point_is_expected():
    assert set(LEFT) == set(POINTS)


@pytest.mark.slow
@pytest.mark.parametrize("point", LEFT)
def test_a_kill_leaves_the_whole_or_nothing(prepared, tmp_path, point):
    house = House(tmp_path / "house")
    shutil.copy(prepared.folder / "db.sqlite3", house.folder)
    assert house.reconcile() == (0, [])
    killed = house.python("-m", "tests.faults.killed_upload", point, "1", check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr[-2000:]
    left, whole = LEFT[point]
    assert house.datasets() == (["True"] if whole else [])
    code, lines = house.reconcile()
    assert (code != 0, sorted(lines)) == (True, left)
    code, lines = house.reconcile("--apply")
    assert (code, lines[-1]) == (0, "removed")
    assert house.reconcile() == (0, [])
    assert house.datasets() == (["True"] if whole else [])
    kept = [path for path in (house.folder / "media").rglob("*") if path.is_file()]
    assert len(kept) == (2 if whole else 0), kept
