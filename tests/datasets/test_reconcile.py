"""``manage.py reconcile``: quiet when all is well, complete when it is not, blind to work under way."""

import subprocess
import sys

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from datasets import creating, reconciling, storage, workplace
from datasets.models import Dataset
from tests.datasets.conftest import upload


def listed(capsys, *args):
    """The lines it prints, and whether it exits with 0."""
    try:
        call_command("reconcile", *args)
        good = True
    except CommandError:
        good = False
    return capsys.readouterr().out.splitlines(), good


def test_all_is_well(sales, capsys):
    assert listed(capsys) == ([], True)
    assert listed(capsys, "--apply") == ([], True)


def test_nothing_there_is_well_too(db, capsys):
    assert listed(capsys) == ([], True)


def test_orphans_both_ways(owner, sales, settings, capsys, django_capture_on_commit_callbacks):
    kept = upload(owner, name="kept").json()["id"]
    lost = Dataset.objects.get(pk=sales["id"])
    (settings.MEDIA_ROOT / lost.parquet).unlink()
    default_storage.save("datasets/20200101/dead-x.csv", ContentFile(b"x"))
    abandoned = workplace.root() / "0123456789abcdef"
    abandoned.mkdir(parents=True)
    expected = [
        "bytes without a row: datasets/20200101/dead-x.csv",
        f"row without its bytes: dataset {lost.pk} ({lost.parquet})",
        f"left behind: {abandoned}",
    ]
    assert listed(capsys) == (expected, False)
    assert listed(capsys) == (expected, False), "looking changes nothing"
    with django_capture_on_commit_callbacks(execute=True):
        assert listed(capsys, "--apply") == ([*expected, "removed"], True)
    assert listed(capsys) == ([], True)
    assert list(Dataset.objects.values_list("pk", flat=True)) == [kept]
    assert owner.get(f"/api/v1/datasets/{kept}/rows").json()["total"] == 3
    assert not (settings.MEDIA_ROOT / lost.original).exists(), "what was left of the lost one is freed"


@pytest.mark.parametrize("moment", ["insert", "keep"])
def test_an_upload_under_way_is_not_touched(owner, settings, monkeypatch, moment):
    seen = []
    module = {"insert": creating, "keep": storage}[moment]
    real = getattr(module, moment)

    def looked(*args, **kwargs):
        found = reconciling.look()
        seen.append(bool(found))
        reconciling.apply(found)
        return real(*args, **kwargs)

    monkeypatch.setattr(module, moment, looked)
    body = upload(owner).json()
    assert seen and not any(seen)
    assert owner.get(f"/api/v1/datasets/{body['id']}/rows").json()["total"] == 3


def test_a_lock_outlives_no_process(settings):
    """Another process's place is seen as live while it lives, as abandoned the moment it is killed."""
    code = (
        "import sys; from datasets.workplace import Workplace; print(Workplace().token, flush=True); sys.stdin.read()"
    )
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    prelude = f"from django.conf import settings; settings.configure(MEDIA_ROOT={str(settings.MEDIA_ROOT)!r}); "
    other = subprocess.Popen(
        [sys.executable, "-c", prelude + code.replace("Workplace().token", "(place := Workplace()).token")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    token = other.stdout.readline().strip()
    assert (workplace.live_tokens(), workplace.abandoned()) == ({token}, [])
    other.kill()
    other.communicate()
    assert (workplace.live_tokens(), workplace.abandoned()) == (set(), [workplace.root() / token])
