"""The locks hold what the requirement files ask for, in versions that they allow; both locks agree."""

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def asked(name: str) -> list[Requirement]:
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def locked(name: str) -> dict[str, str]:
    """Package -> version; a package locked twice, for different machines, keeps its last version."""
    pins = re.findall(r"^([\w.\[\],-]+)==([\w.+!]+)", (ROOT / name).read_text(), re.MULTILINE)
    return {canonicalize_name(package.split("[")[0]): version for package, version in pins}


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_the_lock_is_not_stale(name):
    pins = locked(f"{name}.txt")
    wanted = asked(f"{name}.in")
    assert wanted
    stale = [str(one) for one in wanted if not one.specifier.contains(pins.get(canonicalize_name(one.name), "0"))]
    assert stale == [], "make lock"


def test_both_locks_agree():
    product, development = locked("requirements.txt"), locked("requirements-dev.txt")
    assert {name: development.get(name) for name in product} == product


@pytest.mark.parametrize("name", ["requirements.in", "requirements-dev.in"])
def test_every_requirement_gives_a_reason(name):
    lines = (ROOT / name).read_text().splitlines()
    assert [line for line in lines if line and not line.startswith(("#", "-")) and " # " not in line] == []
