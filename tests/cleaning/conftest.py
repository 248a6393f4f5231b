"""Plans made through the public door, from recipes, so that each test says its own steps."""

import pytest

CSV = (
    "name,age,city,fare,joined\n"
    "Ann,31,Tokyo,7.25,2024-01-01\n"
    "Bob,,Osaka,71.5,2024-01-02\n"
    "Cid,22,tokyo ,,2024-01-03\n"
    "Dee,40,,8.05,2024-01-04\n"
)


def recipe(*steps, name="tidy", **fields):
    made = [{"operation": operation, "params": params} for operation, params in steps]
    known = {"format": "cleaning-recipe", "version": 1, "name": name, "task_type": "clustering", "steps": made}
    return known | fields


def plan_of(person, dataset, *steps, **fields):
    """A plan with these steps; its resource."""
    answer = person.post("plans/import", {"dataset_id": dataset, "recipe": recipe(*steps, **fields)})
    assert answer.status_code == 201, answer.content
    return answer.json()


def rows_of(person, dataset):
    answer = person.get(f"datasets/{dataset}/rows?page_size=100")
    assert answer.status_code == 200, answer.content
    return answer.json()["items"]


@pytest.fixture
def dataset(owner):
    return owner.upload(CSV, "people.csv")
