"""Two APIs over one product: the same people, tokens and datasets; neither changes the other's words."""

import jwt
import pytest

from tests import cast
from tests.dialects.client import Client, said
from tests.dialects.conftest import PEOPLE

MAIN = "/api/v1"


@pytest.fixture
def main(hanako):
    """Hanako at the main API, with her token of the other."""
    hanako.sends.credentials(HTTP_AUTHORIZATION=f"Bearer {hanako.token}")
    return cast.Person(hanako.sends, hanako.sends.get(f"{MAIN}/auth/me").json(), 0)


def test_a_token_of_either_is_good_for_both(owner, main):
    assert main.user["email"] == "hanako@example.com"
    token = owner.client.post(f"{MAIN}/auth/login", {"username": owner.user["email"], "password": cast.PASSWORD}).json()
    client = Client(token=token["access_token"])
    assert said(client.get("auth/me"))["user_id"] == str(owner.user["id"])


def test_a_password_of_either_is_good_for_both(owner):
    given = {"email": owner.user["email"], "password": cast.PASSWORD}
    assert said(Client().post("auth/login", given))["token_type"] == "bearer"


def test_tokens_of_the_main_api_last_as_long_as_before(owner):
    pair = owner.client.post(f"{MAIN}/auth/login", {"username": owner.user["email"], "password": cast.PASSWORD}).json()
    assert pair["expires_in"] == 3600
    claims = jwt.decode(pair["access_token"], options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 3600
    fresh = owner.client.post(f"{MAIN}/auth/refresh", {"refresh_token": pair["refresh_token"]}).json()
    assert fresh["expires_in"] == 3600


def test_both_see_the_same_datasets(hanako, main, people):
    resource = main.get(f"datasets/{people}").json()
    mine = said(hanako.get(f"datasets/{people}"))
    assert (resource["name"], resource["rows"], len(resource["columns"])) == (mine["name"], 6, mine["columns"])
    other = main.send(PEOPLE, "sales.csv", to="datasets").json()["id"]
    assert {one["dataset_id"] for one in said(hanako.get("datasets"))["datasets"]} == {people, str(other)}


def test_the_main_api_refuses_a_name_that_is_taken(main, people):
    cast.refused(main.send(PEOPLE, name="people"), 409, "dataset_name_exists")


def test_the_main_api_profiles_plans_and_errs_as_before(main, people, plan):
    profile = main.get(f"datasets/{people}/profile").json()
    assert {"dataset_id", "columns", "issues", "job_id"} <= set(profile)
    assert profile["columns"][0]["dtype"] == "integer"
    assert isinstance(main.get("plans").json(), list)
    assert main.get(f"plans/{plan}").json()["steps"][0]["operation"]
    assert cast.refused(main.get("datasets/999"), 404, "dataset_not_found")["details"] == {"id": 999}
    assert main.client.get(f"{MAIN}/nowhere").json()["error"]["reason"] == "route_not_found"
    assert main.client.get("/cleanflow").json()["error"]["reason"] == "route_not_found"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_steps_are_told_in_the_same_words(hanako, main, plan, language):
    theirs = main.get(f"plans/{plan}", headers={"Accept-Language": language}).json()["steps"]
    mine = said(hanako.speaking(language).get(f"plans/{plan}"))["steps"]
    assert mine == [{name: one[name] for name in ("order", "name", "description", "code_snippet")} for one in theirs]


@pytest.mark.django_db
def test_the_schema_and_the_index_do_not_tell_of_it(client):
    schema = client.get(f"{MAIN}/openapi.json", headers={"Accept": "application/json"})
    assert schema.status_code == 200
    assert f"{MAIN}/datasets" in schema.json()["paths"]
    assert b"cleanflow" not in schema.content.lower()
    assert b"cleanflow" not in client.get(MAIN).content.lower()
