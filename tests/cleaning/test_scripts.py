"""A whole plan as a script: run by a person on the original file, it gives what the execution gave."""

import io
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

DATA = Path(__file__).parents[1] / "data"
SHARED = Path(__file__).parents[3] / "shared" / "data"
FILES = [
    (DATA / "superstore.xlsx", "classification", "Segment"),
    (DATA / "retail_ja.csv", "regression", "客数"),
    (DATA / "messy_ja.csv", "clustering", None),
    (SHARED / "bokeh_titanic_all.csv", "classification", "survived"),
    (SHARED / "penguins.csv", "classification", "species"),
    (SHARED / "vega_cars.json", "regression", "Miles_per_Gallon"),
]


@pytest.mark.parametrize(("path", "task", "target"), FILES, ids=lambda value: getattr(value, "name", None))
def test_the_rules_plan_as_a_script(owner, tmp_path, path, task, target):
    if not path.exists():
        pytest.skip(f"{path.name} is not shipped with the project")
    dataset = owner.upload(path.read_bytes(), path.name)
    body = {"task_type": task, "target_column": target, "planner": "rules"}
    plan = owner.post(f"datasets/{dataset}/plan", body)
    assert plan.status_code == 201, plan.content
    assert plan.json()["warnings"] == []
    number = plan.json()["plan_id"]
    done = owner.post(f"plans/{number}/execute").json()
    assert done["status"] == "completed", done
    (tmp_path / "script.py").write_bytes(owner.get(f"plans/{number}/script").content)
    run = [sys.executable, "-W", "error::DeprecationWarning", tmp_path / "script.py", path, tmp_path / "clean.csv"]
    ran = subprocess.run(run, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    export = owner.get(f"datasets/{done['output_dataset_id']}/export?raw=true")
    ours = pd.read_csv(io.BytesIO(b"".join(export.streaming_content)))
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "clean.csv"), ours, check_exact=True)
    assert ours.shape == (done["after"]["rows"], done["after"]["columns"])
    assert int(ours.isna().sum().sum()) == done["after"]["missing_values"]
