"""The data as it is: preview, rows, facets, exports, report."""

import csv
import io
import json

import openpyxl
import polars as pl
import pytest

from datasets.models import Dataset
from tests.datasets.conftest import upload

LEDGER = (
    "date,shop,item,qty,price,ok,at\n"
    '2024-01-05,恵比寿,"tea, green",2,1.5,true,2024-01-05T10:00:00Z\n'
    "2024-01-03,渋谷,coffee,1,3.25,false,2024-01-03T11:30:00Z\n"
    "2024-01-03,恵比寿,=1+1,,0.1,true,2024-01-03T09:00:00Z\n"
    "2024-02-01,新宿,tea|black,7,2,false,2024-02-01T00:00:00Z\n"
).encode()


@pytest.fixture
def ledger(owner):
    answer = upload(owner, LEDGER, "ledger.csv")
    assert answer.status_code == 200, answer.content
    return f"/api/v1/datasets/{answer.json()['id']}"


def items(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, answer.content
    return [row["item"] for row in answer.json()["items"]]


def test_preview(owner, ledger):
    body = owner.get(f"{ledger}/preview").json()
    assert body["columns"] == ["date", "shop", "item", "qty", "price", "ok", "at"]
    assert (body["total_rows"], body["preview_rows"], len(body["rows"])) == (4, 4, 4)
    assert body["rows"][0] == {
        "date": "2024-01-05", "shop": "恵比寿", "item": "tea, green", "qty": 2, "price": 1.5, "ok": True,
        "at": "2024-01-05T10:00:00Z",
    }  # fmt: skip
    assert owner.get(f"{ledger}/preview?rows=1").json()["preview_rows"] == 1
    assert owner.get(f"{ledger}/preview?limit=2").json()["preview_rows"] == 2
    for bad in ("0", "101", "-1", "x", "1.5", "٣", "9" * 50):
        assert owner.get(f"{ledger}/preview", {"rows": bad}).status_code == 400, bad


def test_rows_page(owner, ledger):
    body = owner.get(f"{ledger}/rows?page_size=3").json()
    assert {key: value for key, value in body.items() if key != "items"} == {
        "page": 1, "page_size": 3, "total": 4, "pages": 2, "has_next": True, "has_prev": False,
        "next_page": 2, "prev_page": None,
    }  # fmt: skip
    body = owner.get(f"{ledger}/rows?page_size=3&page=2").json()
    assert (len(body["items"]), body["has_next"], body["prev_page"]) == (1, False, 1)
    body = owner.get(f"{ledger}/rows?page_size=3&page=999999999").json()
    assert (body["items"], body["total"], body["has_prev"], body["prev_page"]) == ([], 4, True, 2)
    for query in ("page=0", "page=-1", "page=x", "page_size=0", "page_size=101", "page=10000000000000000"):
        assert owner.get(f"{ledger}/rows?{query}").status_code == 400, query


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"f": "shop,eq,恵比寿"}, ["tea, green", "=1+1"]),
        ({"f": "item,eq,tea, green"}, ["tea, green"]),
        ({"f": "qty,gte,2"}, ["tea, green", "tea|black"]),
        ({"f": "qty,ne,2"}, ["coffee", "tea|black"]),
        ({"f": "qty,isnull"}, ["=1+1"]),
        ({"f": f"qty,lt,1{'0' * 30}"}, ["tea, green", "coffee", "tea|black"]),
        ({"f": f"qty,in,7|1{'0' * 30}"}, ["tea|black"]),
        ({"f": "item,contains,TEA"}, ["tea, green", "tea|black"]),
        ({"f": "shop,in,渋谷|新宿"}, ["coffee", "tea|black"]),
        ({"f": json.dumps({"col": "item", "op": "in", "val": ["tea|black"]})}, ["tea|black"]),
        ({"f": ["shop,eq,恵比寿", "price,lt,1"]}, ["=1+1"]),
        ({"f": "date,between,2024-01-04|2024-01-31"}, ["tea, green"]),
        ({"sort": "date,-price"}, ["coffee", "=1+1", "tea, green", "tea|black"]),
        ({"sort": "-qty"}, ["tea|black", "tea, green", "coffee", "=1+1"]),
    ],
)
def test_rows_filters_and_sorts(owner, ledger, query, expected):
    answer = owner.get(f"{ledger}/rows", query)
    assert [row["item"] for row in answer.json()["items"]] == expected


def test_rows_columns_keep_the_asked_order(owner, ledger):
    row = owner.get(f"{ledger}/rows?columns=price,shop&page_size=1").json()["items"][0]
    assert list(row.items()) == [("price", 1.5), ("shop", "恵比寿")]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("f=nope,eq,1", "column_not_found"),
        ("f=qty,like,1", "unknown_operator"),
        ("f=qty,eq,many", "value_not_of_type"),
        ("f=date,gt,2024-02-30", "value_not_of_type"),
        ("f=qty", "invalid_filter"),
        ("sort=nope", "column_not_found"),
        ("columns=nope", "column_not_found"),
        ("&".join(["f=qty,eq,1"] * 1000), "too_many_filters"),
    ],
)
def test_questions_that_make_no_sense(owner, ledger, query, reason):
    for what in ("rows", "export"):
        answer = owner.get(f"{ledger}/{what}?{query}")
        assert (answer.status_code, answer.json()["error"]["reason"]) == (400, reason)


def test_a_filter_that_cannot_be_read_is_shown_as_it_was_written(owner, ledger):
    written = json.dumps({"col": "qty", "op": "eq", "val": None})
    error = owner.get(f"{ledger}/rows", {"f": written}).json()["error"]
    assert (error["reason"], error["details"]) == ("invalid_filter", {"filter": written})


def test_numbers_beyond_64_bits_are_numbers(owner, ledger):
    """In a filter, in an id of a query, and in the error that repeats it."""
    huge = 10**29
    assert owner.get(f"{ledger}/facets?cols=shop&f=qty,gt,{huge}").json()["facets"]["shop"]["values"] == []
    answer = owner.get(f"/api/v1/data/datasets?session_id={huge}")
    assert (answer.status_code, answer.json()["error"]["details"]) == (404, {"id": huge})


def test_facets(owner, ledger):
    body = owner.get(f"{ledger}/facets?cols=shop,qty").json()
    assert body["facets"]["shop"] == {
        "values": [{"value": "恵比寿", "count": 2}, {"value": "渋谷", "count": 1}, {"value": "新宿", "count": 1}],
        "unique": 3,
        "missing": 0,
    }
    assert (body["facets"]["qty"]["unique"], body["facets"]["qty"]["missing"]) == (3, 1)
    assert set(owner.get(f"{ledger}/facets").json()["facets"]) == {"shop", "item", "ok"}
    body = owner.get(f"{ledger}/facets?cols=shop&limit=1&f=date,gt,2024-01-04").json()
    assert body["facets"]["shop"]["values"] == [{"value": "恵比寿", "count": 1}]
    assert owner.get(f"{ledger}/facets?cols=nope").json()["error"]["reason"] == "column_not_found"
    assert owner.get(f"{ledger}/facets?limit=0").status_code == 400


def content(answer):
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_export_csv(owner, ledger):
    answer = owner.get(f"{ledger}/export?format=csv&sort=price&columns=item,price")
    assert answer["Content-Type"].startswith("text/csv")
    assert answer["Content-Disposition"] == 'attachment; filename="ledger.csv"'
    rows = list(csv.reader(io.StringIO(content(answer).decode())))
    assert rows == [
        ["item", "price"],
        ["'=1+1", "0.1"],
        ["tea, green", "1.5"],
        ["tea|black", "2.0"],
        ["coffee", "3.25"],
    ]
    raw = content(owner.get(f"{ledger}/export?format=csv&columns=item&raw=true&bom=true"))
    assert raw.startswith(b"\xef\xbb\xbf") and b"\n=1+1" in raw.replace(b"\r", b"")


def test_export_other_formats(owner, ledger):
    rows = json.loads(content(owner.get(f"{ledger}/export?format=json&f=shop,eq,渋谷")))
    assert [row["item"] for row in rows] == ["coffee"]
    lines = content(owner.get(f"{ledger}/export?format=ndjson")).decode().splitlines()
    assert [json.loads(line)["qty"] for line in lines] == [2, 1, None, 7]
    frame = pl.read_parquet(content(owner.get(f"{ledger}/export?format=parquet")))
    assert frame.shape == (4, 7)
    sheet = openpyxl.load_workbook(io.BytesIO(content(owner.get(f"{ledger}/export?format=xlsx")))).active
    assert [cell.value for cell in sheet["C"]] == ["item", "tea, green", "coffee", "=1+1", "tea|black"]
    assert sheet["C4"].data_type == "s", "a formula stays text"
    answer = owner.get(f"{ledger}/export?format=pdf")
    assert (answer.status_code, answer.json()["error"]["reason"]) == (400, "unknown_format")


def test_export_names_in_any_script(owner, ledger):
    owner.patch(ledger, {"name": "売上 2024"}, format="json")
    assert "filename*=utf-8''%E5%A3%B2" in owner.get(f"{ledger}/export")["Content-Disposition"]


def test_the_report(owner, ledger):
    body = owner.get(f"{ledger}/ingest-report").json()
    assert (body["encoding"], body["delimiter"], body["header_row"], body["rows"]) == ("utf-8", ",", 1, 4)
    assert body["rejected"] == [] and isinstance(body["lossless"], bool)
    assert all({"name", "dtype", "role", "reason", "evidence"} <= set(column) for column in body["columns"])


@pytest.mark.parametrize("what", ["preview", "rows", "facets", "export", "ingest-report"])
def test_answers_are_kept_by_their_etag(owner, outsider, ledger, what):
    first = owner.get(f"{ledger}/{what}")
    etag = first["ETag"]
    assert etag.startswith('"') and first["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie", "Accept-Language"} <= {word.strip() for word in first["Vary"].split(",")}
    again = owner.get(f"{ledger}/{what}", HTTP_IF_NONE_MATCH=etag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert outsider.get(f"{ledger}/{what}", HTTP_IF_NONE_MATCH=etag).status_code == 403


def test_different_questions_have_different_etags(owner, ledger):
    asked = ["rows", "rows?page=2", "rows?sort=qty", "rows?f=qty,eq,1", "preview", "preview?rows=2", "facets"]
    assert len({owner.get(f"{ledger}/{question}")["ETag"] for question in asked}) == len(asked)


@pytest.mark.parametrize(("status", "reason"), [("processing", "dataset_not_ready"), ("failed", "dataset_failed")])
def test_what_is_not_ready_is_not_answered(owner, ledger, status, reason):
    Dataset.objects.update(status=status)
    for what in ("preview", "rows", "facets", "export", "ingest-report"):
        answer = owner.get(f"{ledger}/{what}")
        assert (answer.status_code, answer.json()["error"]["reason"]) == (409, reason)
        assert answer.has_header("Retry-After") == (status == "processing")
    assert owner.get(ledger).json()["status"] == status
    assert len(owner.get("/api/v1/datasets").json()) == (0 if status == "processing" else 1)


def test_lost_bytes_are_said(owner, ledger, settings):
    for path in settings.MEDIA_ROOT.rglob("*.parquet"):
        path.unlink()
    answer = owner.get(f"{ledger}/rows")
    assert (answer.status_code, answer.json()["error"]["reason"]) == (503, "dataset_data_missing")
