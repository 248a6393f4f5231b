"""The documented walk over real HTTP: register, log in, upload, report, download; then share it."""

import pytest
import requests

from tests.journeys.running import running

TABLE = "day,shop,qty,target\n" + "".join(
    f"2024-{1 + at // 28:02d}-{1 + at % 28:02d},{'AB'[at % 2]},{at % 9},{'yes' if at % 9 > 4 else 'no'}\n"
    for at in range(300)
)


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["on", "off"])
def test_from_a_file_to_a_report(tmp_path, workers):
    with running(WORKERS=workers, THROTTLE="on") as address:
        base = f"{address}/api/v1"
        person = {
            "email": "user@example.com", "username": "testuser", "password": "securepassword123",
            "full_name": "Test User",
        }  # fmt: skip
        requests.post(f"{base}/auth/register", json=person).raise_for_status()
        signed = {"email": "user@example.com", "password": "securepassword123"}
        token = requests.post(f"{base}/auth/login/json", json=signed).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        file = tmp_path / "dataset.csv"
        file.write_text(TABLE)
        with file.open("rb") as opened:
            files = {"file": ("dataset.csv", opened, "text/csv")}
            data = {"name": "My Dataset", "description": "Sample dataset for analysis", "is_public": False}
            received = requests.post(f"{base}/datasets/upload", files=files, data=data, headers=headers)
        dataset_id = received.json()["dataset_id"]
        asked = {
            "dataset_id": dataset_id,
            "report_title": "Comprehensive EDA Report",
            "report_description": "Full analysis of the dataset",
            "target_column": "target",
            "analysis_mode": "all",
            "sample_size": 10000,
            "max_plots": 8,
        }
        made = requests.post(f"{base}/reports/analyze", json=asked, headers=headers)
        assert made.status_code == 201, made.text
        assert made.elapsed.total_seconds() < 10
        report_id = made.json()["report_id"]
        page = requests.get(f"{base}/reports/{report_id}/download", headers=headers)
        assert page.status_code == 200
        assert b"Comprehensive EDA Report" in page.content
        job = requests.get(f"{base}/jobs/{made.json()['job_id']}", headers=headers).json()
        assert (job["status"], job["report_id"]) == ("succeeded", report_id)
        one_view = {"max_views": 1}
        link = requests.post(f"{base}/reports/{report_id}/share", json=one_view, headers=headers).json()["share_url"]
        token = link.rpartition("/")[2]
        found = [requests.get(f"{base}/reports/shared/{token}") for _ in range(2)]
        assert [one.status_code for one in found] == [200, 404]
        assert found[0].json()["results"]["overview"]["rows"] == 300
        assert not found[0].cookies
        stats = requests.get(f"{base}/reports/dashboard/stats", headers=headers).json()
        assert (stats["total_reports"], stats["total_datasets"]) == (1, 1)
