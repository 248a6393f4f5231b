"""Walks that older clients' documents describe, step by step over real HTTP; only the base address is ours."""

import pytest
import requests

from tests.journeys.running import running

ADMIN_PASSWORD = "Walk-the-Walk-42"
LEDGER = """Date,shop,Total_Sales,Mens_JACKETS&OUTER2,WOMEN'S_TOPS
2024-01-05,恵比寿,1000,600,400
2024-01-20,恵比寿,500,100,400
2024-02-03,恵比寿,700,700,0
2024-02-04,渋谷,900,100,800
2024-03-31,渋谷,100,50,50
"""
COUNTRIES = "date,amount,country\n2024-01-01,100,CO\n2024-01-02,200,PE\n"


@pytest.fixture(scope="module")
def base():
    with running(ADMIN_PASSWORD=ADMIN_PASSWORD, THROTTLE="on") as address:
        yield address


def test_load_analyse_rename_export(base):
    """Register, log in by form, upload with a name, analyse by session and dataset, repeat, rename, 409, export."""
    api = f"{base}/api/v1"
    person = {"username": "u", "email": "u@example.com", "password": "Password123!"}
    assert requests.post(f"{api}/users/register", json=person).json()["username"] == "u"
    login = requests.post(f"{api}/auth/login", data={"username": "u", "password": "Password123!"}).json()
    assert login["token_type"] == "bearer"
    auth = {"Authorization": f"Bearer {login['access_token']}"}

    def send(name, text=LEDGER):
        files, data = {"file": ("data.csv", text.encode())}, {"name": name}
        return requests.post(f"{api}/data/upload", headers=auth, files=files, data=data).json()

    received = send("Sales_2024")
    sid, did = received["session_id"], received["dataset_id"]
    assert str(sid) == str(login["session_id"])
    assert received["rows"] == 5
    assert received["preview"][0] == {
        "Date": "2024-01-05", "shop": "恵比寿", "Total_Sales": 1000, "Mens_JACKETS&OUTER2": 600, "WOMEN'S_TOPS": 400,
    }  # fmt: skip
    listed = requests.get(f"{api}/data/datasets", params={"session_id": sid}, headers=auth).json()
    assert [(one["id"], one["name"]) for one in listed] == [(did, "Sales_2024")]
    assert not listed[0]["path"].startswith("/")
    assert listed[0]["created_at"].endswith("+00:00")
    sessions = requests.get(f"{api}/data/sessions", headers=auth).json()
    assert [one["id"] for one in sessions] == [sid]

    question = {"session_id": sid, "dataset_id": did, "target_column": "Total_Sales", "aggregation": "monthly"}
    first = requests.post(f"{api}/analysis/timeseries", json=question, headers=auth)
    assert first.json()["timestamp"] == ["2024-01-31", "2024-02-29", "2024-03-31"]
    assert first.json()["series"][0]["values"] == [1500.0, 1600.0, 100.0]
    again = requests.post(f"{api}/analysis/timeseries", json=question, headers=auth)
    assert (again.content, again.headers["X-Cache"]) == (first.content, "HIT")
    one_shop = question | {"store": "恵比寿", "date_range": ["2019-04-30", "2024-12-31"]}
    series = requests.post(f"{api}/analysis/timeseries", json=one_shop, headers=auth).json()
    assert series["series"][0]["values"] == [1500.0, 700.0]
    asked = {"session_id": sid, "dataset_id": did, "store": "恵比寿", "analysis_type": "product_category"}
    pareto = requests.post(f"{api}/analysis/pareto", json=asked | {"period": "2024-01"}, headers=auth).json()
    assert [(one["category"], one["value"]) for one in pareto["data"]] == [
        ("WOMEN'S_TOPS", 800.0),
        ("Mens_JACKETS&OUTER2", 700.0),
    ]
    assert pareto["data"][1]["metadata"]["display_name"] == "メンズ ジャケット・アウター"
    bars = {"session_id": sid, "dataset_id": did, "column": "Total_Sales", "bins": 20}
    histogram = requests.post(f"{api}/analysis/histogram", json=bars, headers=auth).json()
    assert (len(histogram["bins"]), len(histogram["counts"]), histogram["summary"]["count"]) == (21, 20, 5)

    renamed = requests.patch(f"{api}/data/datasets/{did}", json={"name": "Sales_2024_v2"}, headers=auth).json()
    assert (renamed["id"], renamed["name"]) == (did, "Sales_2024_v2")
    other = send("Sales_2024")["dataset_id"]
    taken = requests.patch(f"{api}/data/datasets/{other}", json={"name": "Sales_2024_v2"}, headers=auth)
    assert (taken.status_code, taken.json()["detail"]) == (409, "Dataset name already exists in this session")

    for form in ("csv", "xlsx"):
        file = requests.get(f"{api}/export/{first.json()['job_id']}", params={"format": form}, headers=auth)
        assert file.status_code == 200
        assert f".{form}" in file.headers["Content-Disposition"]

    admin = requests.post(f"{api}/auth/login", data={"username": "admin", "password": ADMIN_PASSWORD}).json()
    overview = requests.get(
        f"{api}/admin/debug/overview", headers={"Authorization": f"Bearer {admin['access_token']}"}
    ).json()
    assert overview["datasets"] >= 2
    assert {"id", "type", "created_at"} <= set(overview["latest_jobs"][0])
    assert requests.get(f"{api}/admin/debug/overview", headers=auth).status_code == 403


def test_token_upload_and_every_question(base):
    """A token pair, an upload, then preview, summary, rows, correlation, trend and a signed link."""
    api = f"{base}/api"
    pair = requests.post(f"{api}/token/", json={"username": "admin", "password": ADMIN_PASSWORD}).json()
    assert set(pair) == {"access", "refresh"}
    assert set(requests.post(f"{api}/token/refresh/", json={"refresh": pair["refresh"]}).json()) == {"access"}
    auth = {"Authorization": f"Bearer {pair['access']}"}
    assert requests.get(f"{api}/me/", headers=auth).json()["username"] == "admin"
    receipt = requests.post(f"{api}/datasets/upload", headers=auth, files={"file": ("test.csv", COUNTRIES)}).json()
    assert receipt["message"] == "File uploaded successfully"
    one = f"{api}/datasets/{receipt['id']}"

    def get(path):
        answer = requests.get(f"{one}/{path}", headers=auth)
        assert answer.status_code == 200, answer.text
        return answer.json()

    assert get("preview")["rows"][1] == {"date": "2024-01-02", "amount": 200, "country": "PE"}
    summary = get("summary")["summary"]["amount"]
    assert (summary["count"], summary["mean"], round(summary["std"], 6)) == (2, 150.0, 70.710678)
    rows = get("rows?columns=date,amount&f=country,eq,CO&sort=-amount&page=1&page_size=20")
    assert (rows["page"], rows["page_size"], rows["total"], rows["pages"]) == (1, 20, 1, 1)
    assert rows["items"] == [{"date": "2024-01-01", "amount": 100}]
    assert get("rows?f=country,in,CO|PE")["total"] == 2
    assert get("correlation?cols=amount")["correlation"] == {"amount": {"amount": 1.0}}
    weeks = get("trend?date=date&value=amount&freq=W")["trend"]
    assert weeks == [{"date": "2024-01-07T00:00:00", "amount": 300.0}]
    link = get("download-url/")
    assert (link["expires_in"], link["type"], link["storage"]) == (900, "signed", "local")
    assert requests.get(link["download_url"].replace("http://127.0.0.1:8000", base)).text == COUNTRIES
    wrong = requests.get(f"{one}/rows?f=country,like,CO", headers=auth)
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (400, "bad_request")
    assert requests.get(f"{one}/summary").json()["error"]["code"] == "unauthorized"


def test_cohorts_by_the_documented_columns(base):
    api = f"{base}/api/v1"
    pair = requests.post(f"{base}/api/token/", json={"username": "admin", "password": ADMIN_PASSWORD}).json()
    auth = {"Authorization": f"Bearer {pair['access']}"}
    table = (
        "user_id,registration_date,activity_date\n"
        "1,2024-01-03,2024-01-03\n1,2024-01-03,2024-02-09\n2,2024-01-20,2024-01-21\n3,2024-02-02,2024-02-02\n"
    )
    receipt = requests.post(f"{api}/datasets/upload", headers=auth, files={"file": ("c.csv", table)}).json()
    found = requests.post(f"{api}/datasets/{receipt['id']}/cohort-analysis", headers=auth).json()
    assert found["analysis_type"] == "cohort_retention"
    assert found["results"]["cohort_sizes"] == {"2024-01": 2, "2024-02": 1}
    assert found["results"]["retention_rates"]["2024-01"]["month_1"] == 0.5
    assert found["results"]["retention_rates"]["2024-02"]["month_0"] == 1.0


def test_report_and_dashboard_clients_log_in_with_json_and_keep_their_session(base):
    api = f"{base}/api/v1"
    person = {"email": "user@example.com", "username": "testuser", "password": "securepassword123"}
    assert requests.post(f"{api}/auth/register", json=person | {"full_name": "Test User"}).status_code == 201
    login = {"email": "user@example.com", "password": "securepassword123"}
    auth = {"Authorization": f"Bearer {requests.post(f'{api}/auth/login/json', json=login).json()['access_token']}"}
    fields = {"name": "My Dataset", "description": "Sample dataset for analysis", "is_public": False}
    files = {"file": ("dataset.csv", COUNTRIES, "text/csv")}
    receipt = requests.post(f"{api}/datasets/upload", files=files, data=fields, headers=auth).json()
    kept = requests.get(f"{api}/datasets/{receipt['dataset_id']}", headers=auth).json()
    assert (kept["name"], kept["description"], kept["is_public"]) == ("My Dataset", fields["description"], False)
    changed = requests.put(f"{api}/datasets/{receipt['dataset_id']}", json={"description": "new"}, headers=auth).json()
    assert (changed["name"], changed["description"]) == ("My Dataset", "new")
    assert [one["id"] for one in requests.get(f"{api}/datasets/", headers=auth).json()] == [receipt["dataset_id"]]
