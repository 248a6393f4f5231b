"""entrypoint.sh where it decides for itself: commands, interpreters, virtual environments, .env."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def clone(tmp_path) -> Path:
    """A folder with the script and a .venv that is already up to date; `run` ends in a program that says so."""
    shutil.copy(ROOT / "entrypoint.sh", tmp_path)
    (tmp_path / "requirements.txt").write_text("")
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    (tmp_path / ".venv/installed-requirements.txt").write_text("")
    (tmp_path / "config").mkdir()
    (tmp_path / "config/serve.py").write_text("print('serving')")
    return tmp_path


def entrypoint(folder: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **env}
    command = [str(folder / "entrypoint.sh"), *arguments]
    return subprocess.run(command, env=clean, capture_output=True, text=True, timeout=60, check=False)


def test_without_a_command_it_lists_them(clone):
    done = entrypoint(clone)
    assert done.returncode == 0
    for command in ("run", "setup", "web", "migrate", "manage"):
        assert f"./entrypoint.sh {command}" in done.stdout


def test_an_unknown_command_lists_the_known_ones_and_fails(clone):
    done = entrypoint(clone, "wbe")
    assert done.returncode == 2
    assert "'wbe'" in done.stderr
    assert "./entrypoint.sh web" in done.stderr


def test_the_first_start_writes_a_random_key_that_only_its_user_reads(clone):
    done = entrypoint(clone, "run")
    assert done.stdout.endswith("serving\n"), done.stderr
    key = (clone / ".env").read_text()
    assert key.startswith("SECRET_KEY=")
    assert len(key.strip()) > len("SECRET_KEY=") + 60
    assert stat.S_IMODE((clone / ".env").stat().st_mode) == 0o600
    entrypoint(clone, "run")
    assert (clone / ".env").read_text() == key
    assert list(clone.glob(".venv/dotenv.*")) == []


def test_a_key_in_the_environment_needs_no_file(clone):
    entrypoint(clone, "run", SECRET_KEY="x" * 50)
    assert not (clone / ".env").exists()


def test_an_env_file_without_a_key_gets_one_and_keeps_the_rest(clone):
    (clone / ".env").write_text("# mine\nSECRET_KEY=\nPORT=8123\n")
    entrypoint(clone, "run")
    lines = (clone / ".env").read_text().splitlines()
    assert lines[:2] == ["# mine", "PORT=8123"]
    assert lines[2].startswith("SECRET_KEY=")
    assert len(lines) == 3


def test_venv_may_lie_elsewhere_as_in_the_image(clone, tmp_path):
    (clone / "manage.py").write_text("import sys; print(sys.argv[1:])")
    (clone / ".venv").rename(clone / "elsewhere")
    done = entrypoint(clone, "manage", "shell", "-c", "a b", VENV=str(clone / "elsewhere"))
    assert done.stdout == "['shell', '-c', 'a b']\n", done.stderr


def stand_in(folder: Path, body: str) -> Path:
    """A program named python3 in ``folder``."""
    folder.mkdir()
    program = folder / "python3"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    return program


@pytest.fixture
def bare_path(tmp_path) -> str:
    """A PATH with the everyday commands and no Python, virtualenv or uv."""
    folder = tmp_path / "bare"
    folder.mkdir()
    for name in ("sh", "dirname", "sed", "cmp", "cp", "mv", "grep", "mktemp"):
        (folder / name).symlink_to(shutil.which(name))
    return str(folder)


def test_a_python_that_cannot_make_virtual_environments_says_what_to_do(clone, tmp_path, bare_path):
    shutil.rmtree(clone / ".venv")
    split = stand_in(
        tmp_path / "split", f'case "$*" in *ensurepip*|*virtualenv*) exit 1;; esac; exec {sys.executable} "$@"'
    )
    done = entrypoint(clone, "setup", PATH=f"{split.parent}:{bare_path}")
    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr
    assert "uv" in done.stderr


def test_too_old_a_python_is_refused_by_name(clone, tmp_path, bare_path):
    shutil.rmtree(clone / ".venv")
    old = stand_in(tmp_path / "old", "exit 1")
    assert "3.11, 3.12 or 3.13" in entrypoint(clone, "setup", PATH=f"{old.parent}:{bare_path}").stderr
    named = entrypoint(clone, "setup", PYTHON=str(old))
    assert named.returncode == 1
    assert f"PYTHON={old}" in named.stderr


def test_an_installation_that_fails_is_not_taken_for_done(clone):
    shutil.rmtree(clone / ".venv")
    (clone / "requirements.txt").write_text("./no-such-folder\n")
    done = entrypoint(clone, "setup", PYTHON=sys.executable)
    assert done.returncode == 1
    assert "installation failed" in done.stderr
    assert not (clone / ".venv/installed-requirements.txt").exists()


@pytest.mark.parametrize("name", ["entrypoint.sh", "manage.py", ".ci/run"])
def test_scripts_are_executable(name):
    assert os.access(ROOT / name, os.X_OK)
