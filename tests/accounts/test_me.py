import pytest

from tests.cast import PASSWORD, login, refused

pytestmark = pytest.mark.django_db
NEW = "battery-Staple-7"


@pytest.mark.parametrize("path", ["auth/me", "users/me", "me", "me/"])
def test_three_ways_to_ask_who_i_am(owner, path):
    assert owner.get(path).json() | {"last_login": None} == owner.user


@pytest.mark.parametrize("method", ["put", "patch"])
def test_email_and_full_name_are_mine_to_change_and_nothing_else(owner, method):
    wanted = {"full_name": "新しい 名前", "role": "user", "is_active": False, "company_id": 1, "is_staff": True}
    answer = getattr(owner.client, method)("/api/v1/users/me", wanted, format="json")
    assert answer.status_code == 200
    assert answer.json() | {"last_login": None} == owner.user | {"full_name": "新しい 名前"}
    assert owner.patch("users/me", {"email": "New@Example.com"}).json()["email"] == "New@Example.com"
    assert owner.get("me").json()["full_name"] == "新しい 名前"


def test_an_address_of_somebody_else_is_refused(owner, outsider):
    refused(owner.patch("users/me", {"email": outsider.user["email"].upper()}), 400, "email_already_exists")
    assert owner.patch("users/me", {"email": owner.user["email"].upper()}).status_code == 200  # one's own is not


def test_a_new_password_ends_every_former_token_and_lets_in(owner):
    other = login(owner.user["username"])
    change = {"current_password": PASSWORD, "new_password": NEW}
    response = owner.post("users/change-password", change)
    assert (response.status_code, response.content) == (204, b"")
    for device in (owner, other):
        refused(device.get("me"), 401, "invalid_token")
    old = {"username": owner.user["username"], "password": PASSWORD}
    refused(owner.post("auth/login", old), 401, "invalid_credentials")
    assert owner.post("auth/login", old | {"password": NEW}).status_code == 200


def test_the_current_password_must_be_right_and_the_new_one_strong(owner):
    refused(owner.post("users/change-password", {"current_password": "no", "new_password": NEW}), 400, "wrong_password")
    weak = {"current_password": PASSWORD, "new_password": "12345678"}
    error = refused(owner.post("users/change-password", weak), 400, "weak_password")
    assert error["details"]["field"] == "new_password"
    assert owner.get("me").status_code == 200


def test_a_cookie_session_survives_its_own_change_of_password(owner):
    from django.test import Client

    browser = Client()
    browser.post("/login", {"username": owner.user["username"], "password": PASSWORD})
    change = {"current_password": PASSWORD, "new_password": NEW}
    assert browser.post("/api/v1/users/change-password", change).status_code == 204
    assert browser.get("/api/v1/me").status_code == 200
