"""The README's walks with curl, executed line by line against a real server."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from tabular.ingest import ingest
from tabular.options import Options
from tests.journeys.running import running

ROOT = Path(__file__).resolve().parents[2]


def walk() -> str:
    return "".join(re.findall(r"```bash\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL))


@pytest.mark.skipif(shutil.which("curl") is None, reason="the walk needs curl")
def test_the_walk_does_what_it_says(tmp_path):
    with running() as base:
        script = walk().replace("http://127.0.0.1:8000", base).replace("tests/data", str(ROOT / "tests/data"))
        fail_early = 'set -euo pipefail\ncurl() { command curl --fail-with-body "$@"; }\n'
        result = subprocess.run(
            ["bash", "-c", fail_early + script], cwd=tmp_path, capture_output=True, text=True, timeout=120
        )
    assert result.returncode == 0, result.stdout[-2000:] + result.stderr
    series = json.loads((tmp_path / "series.json").read_text())
    lines = (tmp_path / "series.csv").read_text().splitlines()
    assert lines[0] == "timestamp,総売上,complete"
    assert [line.split(",")[0] for line in lines[1:]] == series["timestamp"]
    sheet = openpyxl.load_workbook(tmp_path / "series.xlsx", read_only=True).active
    assert [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)] == series["series"][0]["values"]
    assert '"name":"Sales 2023"' in result.stdout
    assert "総売上" in (tmp_path / "report.html").read_text()


def test_the_messy_file_gets_told_what_the_readme_says(tmp_path):
    source = ROOT / "tests/data/messy_ja.csv"
    told = ingest(source, tmp_path / "table.parquet", Options(filename=source.name)).report
    shown = json.loads(re.findall(r"```json\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[0])
    contains(told, shown)


def contains(told, shown, path="report"):
    """Everything the README shows is there; it may leave fields out, but no item of a list."""
    if isinstance(shown, dict):
        for name, value in shown.items():
            contains(told[name], value, f"{path}.{name}")
    elif isinstance(shown, list):
        assert len(told) == len(shown), path
        for at, value in enumerate(shown):
            contains(told[at], value, f"{path}[{at}]")
    else:
        assert told == shown, path
