import pytest

from tests.dialects.client import Client, registered, said

PEOPLE = (
    "age,income,member,joined,category,target\n"
    "18,100.5,true,2024-01-01,A,yes\n"
    ",200.25,false,2024-01-02,A,no\n"
    "40,,true,2024-01-03,B,yes\n"
    "60,300.0,false,2024-01-04,C,no\n"
    "80,150.75,true,2024-01-05,A,yes\n"
    "22,120.0,false,2024-01-06,B,no\n"
)


@pytest.fixture
def anybody(db) -> Client:
    return Client()


@pytest.fixture
def hanako(db) -> Client:
    return registered("hanako@example.com")


@pytest.fixture
def stranger(db) -> Client:
    return registered("stranger@example.org")


@pytest.fixture
def people(hanako) -> str:
    """The id of Hanako's dataset."""
    return said(hanako.upload(PEOPLE, name="people"), 201)["dataset_id"]


@pytest.fixture
def plan(hanako, people) -> str:
    """The id of Hanako's plan for it."""
    wish = {"task_type": "classification", "target_column": "target", "plan_name": "my_plan"}
    return said(hanako.post(f"datasets/{people}/plan", wish), 201)["plan_id"]
