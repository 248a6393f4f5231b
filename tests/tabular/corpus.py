"""Public test files beside the repository, where a machine has them."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "../shared/corpus"
needed = pytest.mark.skipif(not ROOT.is_dir(), reason="the public test files are not on this machine")


def files(*patterns: str) -> list[Path]:
    found = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    return sorted(path for path in found if path.name != "SOURCE.txt")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
