"""Japanese is complete: every marked message is translated, and the compiled catalogue is the written one."""

import gettext
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CATALOGUES = sorted((ROOT / "locale").rglob("*.po"))
ROOMS = [*sorted({path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}), "templates"]
needs_gettext = pytest.mark.skipif(shutil.which("xgettext") is None, reason="gettext is not installed")


def messages(compiled: Path) -> dict[str, str]:
    with compiled.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog
    catalogue.pop("", None)  # the head, with its dates
    return catalogue


def test_there_is_a_japanese_catalogue():
    assert [path.parent.parent.name for path in CATALOGUES] == ["ja"]


@needs_gettext
@pytest.mark.parametrize("written", CATALOGUES, ids=str)
def test_the_compiled_catalogue_is_the_written_one(written, tmp_path):
    subprocess.run(["msgfmt", "--check", "-o", tmp_path / "fresh.mo", written], check=True)
    assert messages(written.with_suffix(".mo")) == messages(tmp_path / "fresh.mo")


@needs_gettext
def test_every_marked_message_is_translated(tmp_path):
    for room in (*ROOMS, "locale"):
        if (ROOT / room).is_dir():
            shutil.copytree(ROOT / room, tmp_path / room)
    collect = [sys.executable, "-m", "django", "makemessages", "--locale", "ja", "--no-obsolete", "--no-location"]
    bare = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(collect, cwd=tmp_path, env=bare, check=True, capture_output=True)
    collected = tmp_path / "locale/ja/LC_MESSAGES/django.po"
    assert [*entries(collected, "--untranslated"), *entries(collected, "--only-fuzzy")] == []


def entries(catalogue: Path, which: str) -> list[str]:
    """The messages of one state; the catalogue's head is none."""
    listed = subprocess.run(
        ["msgattrib", which, "--no-wrap", catalogue], check=True, capture_output=True, text=True
    ).stdout
    blocks = [block.strip() for block in listed.split("\n\n") if "msgid" in block]
    return [block for block in blocks if "Project-Id-Version" not in block]
