"""The files that tests ship with: where each comes from, and that the invented one can be made again."""

import subprocess
import sys
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"


def test_every_file_names_its_origin_and_licence():
    named = {
        line.split(" | ")[0].rstrip("/") for line in (DATA / "SOURCE.txt").read_text().splitlines()[1:] if line.strip()
    }
    shipped = {path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.is_file()}
    unnamed = {name for name in shipped if not any(name == known or name.startswith(f"{known}/") for known in named)}
    unnamed = {name for name in unnamed if not name.endswith((".py", ".pyc", "SOURCE.txt"))}
    assert unnamed == set()


def test_the_retail_file_is_made_by_its_script():
    made = subprocess.run([sys.executable, DATA / "make_retail_ja.py"], capture_output=True, check=True).stdout
    assert made == (DATA / "retail_ja.csv").read_bytes()
