"""An answer as a file: each format read back by an independent reader."""

import csv
import io
import json

import openpyxl
import pandas as pd
import pytest

from tests.analysis.test_asking import LEDGER, ask
from tests.cast import BASE, refused


@pytest.fixture
def series(owner):
    return ask(owner, "timeseries", owner.upload(LEDGER, "売上.csv"), target_column="総売上").json()


def export(person, job_id, query=""):
    return person.client.get(f"{BASE}/export/{job_id}{query}")


def test_csv_is_the_default_and_named_after_the_dataset(owner, series):
    response = export(owner, series["job_id"])
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%A3%B2%E4%B8%8A")
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert [row["timestamp"] for row in rows] == series["timestamp"]
    assert [float(row["総売上"]) for row in rows] == series["series"][0]["values"]
    assert [row["complete"] for row in rows] == ["true" if one else "false" for one in series["complete"]]
    assert not response.content.startswith("\ufeff".encode())
    assert export(owner, series["job_id"], "?bom=true").content.startswith("\ufeff".encode())


def test_xlsx_by_openpyxl(owner, series):
    response = export(owner, series["job_id"], "?format=xlsx")
    assert "spreadsheetml" in response["Content-Type"]
    rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))
    assert rows[0] == ("timestamp", "総売上", "complete")
    assert [row[1] for row in rows[1:]] == series["series"][0]["values"]


def test_parquet_and_json_by_pandas(owner, series):
    frame = pd.read_parquet(io.BytesIO(export(owner, series["job_id"], "?format=parquet").content))
    assert frame["総売上"].tolist() == series["series"][0]["values"]
    records = json.loads(export(owner, series["job_id"], "?format=json").content)
    assert [row["timestamp"] for row in records] == series["timestamp"]


def test_a_pareto_and_a_histogram_have_their_documented_columns(owner, series):
    dataset_id = owner.get(f"analysis/jobs/{series['job_id']}").json()["dataset_id"]
    pareto = ask(owner, "pareto", dataset_id).json()
    text = export(owner, pareto["job_id"]).content.decode()
    assert text.splitlines()[0] == "category,value,percentage,cumulative,display_name"
    histogram = ask(owner, "histogram", dataset_id, column="総売上", bins=3).json()
    rows = list(csv.DictReader(io.StringIO(export(owner, histogram["job_id"]).content.decode())))
    assert list(rows[0]) == ["bin_start", "bin_end", "count"]
    assert [float(row["bin_end"]) for row in rows] == histogram["bins"][1:]


def test_cells_that_a_spreadsheet_would_run_are_defused(owner):
    dataset_id = owner.upload("category,amount\n=1+1,-5\n@cmd,10\n", "bad.csv")
    question = {"category_column": "category", "value_column": "amount"}
    job_id = ask(owner, "pareto", dataset_id, **question).json()["job_id"]
    guarded, raw = (export(owner, job_id, query).content.decode() for query in ("", "?raw=true"))
    assert "'=1+1,-5" in guarded
    assert "'@cmd,10" in guarded
    assert "\n=1+1,-5" in raw


def test_refusals(owner, outsider, series):
    job_id = series["job_id"]
    refused(export(owner, job_id, "?format=pdf"), 400, "unknown_format")
    refused(export(owner, 999999), 404, "job_not_found")
    refused(export(outsider, job_id), 403, "access_denied")
    refused(owner.client.get(f"{BASE}/export/x"), 404, "route_not_found")


def test_accept_is_never_looked_at(owner, series):
    response = owner.client.get(f"{BASE}/export/{series['job_id']}/", HTTP_ACCEPT="image/png")
    assert response.status_code == 200


def test_the_least_of_a_profile_is_a_number_beside_days_too(owner):
    """A negative number is no formula, and gets no quote in front."""
    profile = ask(owner, "profile", owner.upload("day,v\n2024-01-05,-200\n2024-01-06,3\n", "least.csv")).json()
    rows = list(csv.DictReader(io.StringIO(export(owner, profile["job_id"]).content.decode())))
    assert [(row["min"], row["earliest"], row["latest"]) for row in rows] == [
        ("", "2024-01-05", "2024-01-06"),
        ("-200.0", "", ""),
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(export(owner, profile["job_id"], "?format=xlsx").content)).active
    assert dict(zip(*([cell.value for cell in row] for row in (sheet[1], sheet[3])), strict=True))["min"] == -200
