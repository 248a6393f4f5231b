"""The demo is a promise of the README: it runs to its end on a server of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

DEMO = Path(__file__).with_name("demo.py")


@pytest.mark.slow
def test_the_demo_walks_the_main_path():
    done = subprocess.run([sys.executable, DEMO], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("All of it worked.\n")
    for promised in ("HIT", "MISS", "409", "店舗日次", "spike"):
        assert promised in done.stdout
