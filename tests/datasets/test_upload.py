"""A file in, a receipt out."""

import hashlib

from datasets.models import Dataset
from tests.datasets.conftest import CSV, upload


def test_the_receipt_says_what_was_understood(owner):
    body = upload(owner).json()
    assert body["message"] == "File uploaded successfully"
    assert body["id"] == body["dataset_id"]
    assert body["session_id"] == owner.session_id
    assert (body["name"], body["filename"], body["file_size"]) == ("sales", "sales.csv", len(CSV))
    assert (body["status"], body["rows"], body["columns"]) == ("ready", 3, ["Date", "shop", "Total_Sales"])
    assert body["preview"][0] == {"Date": "2024-01-01", "shop": "恵比寿", "Total_Sales": 1000}
    assert body["preview"][2]["Total_Sales"] is None
    assert body["duplicate_of"] is None
    assert Dataset.objects.get(pk=body["id"]).content_hash == hashlib.sha256(CSV).hexdigest()


def test_a_posted_dataset_is_created_at_a_location(owner):
    answer = upload(owner, url="/api/v1/datasets")
    assert answer.status_code == 201
    body = answer.json()
    assert answer["Location"] == f"http://127.0.0.1:8000/api/v1/datasets/{body['id']}"
    assert owner.get(answer["Location"].removeprefix("http://127.0.0.1:8000")).json() == body
    assert body["schema"] == [
        {"name": "Date", "dtype": "date", "role": "date"},
        {"name": "shop", "dtype": "text", "role": "store"},
        {"name": "Total_Sales", "dtype": "integer", "role": "measure"},
    ]
