"""A table with a bit of everything, uploaded, and a report on it."""

import pytest

CSV = "day,shop,kind,qty,price,bought\n" + "".join(
    f"2024-{1 + at // 25:02d}-{1 + at % 25:02d},{'恵比寿' if at % 3 else '渋谷'},{'ABC'[at % 3]},{at % 7},"
    f"{'' if at % 10 == 0 else at * 1.5},{'yes' if at % 2 else 'no'}\n"
    for at in range(200)
)


@pytest.fixture
def dataset(owner):
    return owner.upload(CSV, "sales.csv")


def analyze(person, dataset, **fields):
    return person.post("reports/analyze", {"dataset_id": dataset, "report_title": "Sales", **fields})


@pytest.fixture
def report(owner, dataset):
    answer = analyze(owner, dataset, target_column="bought")
    assert answer.status_code == 201, answer.content
    return answer.json()["report_id"]
