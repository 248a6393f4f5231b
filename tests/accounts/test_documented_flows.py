"""The account walks of the five documents that the API serves, as their clients would do them."""

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db


def json(response, status=200):
    assert response.status_code == status, response.content
    return response.json() if response.content else None


def test_register_then_log_in_by_form_and_use_the_session():
    """Form login; the answer's ``session_id`` is the newest in the list."""
    client = APIClient()
    body = {"username": "u", "email": "u@example.com", "password": "Password123!"}
    user = json(client.post("/api/v1/users/register", body, format="json"), 201)
    assert {"id", "username", "email", "full_name", "is_active"} <= set(user)
    answer = json(client.post("/api/v1/auth/login", "username=u&password=Password123!",
                              content_type="application/x-www-form-urlencoded"))  # fmt: skip
    assert answer["token_type"] == "bearer"
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer['access_token']}")
    sessions = json(client.get("/api/v1/data/sessions"))
    assert sessions[0]["id"] == int(answer["session_id"])
    assert json(client.patch("/api/v1/users/me", {"full_name": "User Name"}, format="json"))["full_name"] == "User Name"
    change = {"current_password": "Password123!", "new_password": "Password456!"}
    assert client.post("/api/v1/users/change-password", change, format="json").status_code == 204


def test_json_login_by_email_and_refresh():
    client = APIClient()
    body = {"email": "user@example.com", "username": "testuser", "password": "securepassword123",
            "full_name": "Test User"}  # fmt: skip
    json(client.post("/api/v1/auth/register", body, format="json"), 201)
    login = {"email": "user@example.com", "password": "securepassword123"}
    answer = json(client.post("/api/v1/auth/login/json", login, format="json"))
    headers = {"HTTP_AUTHORIZATION": f"Bearer {answer['access_token']}"}
    me = json(client.get("/api/v1/users/me", **headers))
    assert json(client.get(f"/api/v1/users/{me['id']}", **headers)) == me
    assert json(client.put("/api/v1/users/me", {"full_name": "New"}, format="json", **headers))["full_name"] == "New"
    fresh = json(client.post("/api/v1/auth/refresh", {"refresh_token": answer["refresh_token"]}, format="json"))
    assert fresh["access_token"] != answer["access_token"]


def test_an_administrator_runs_a_company(settings, capsys):
    """The first administrator of company 1 manages its users and details, with trailing slashes."""
    settings.ADMIN_USERNAME, settings.ADMIN_PASSWORD, settings.ADMIN_EMAIL = "admin", "Kept-Secret-1", "a@example.com"
    call_command("ensure_admin")
    client = APIClient()
    answer = json(client.post("/api/auth/login", {"username": "admin", "password": "Kept-Secret-1"}, format="json"))
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer['access_token']}")
    assert json(client.get("/api/auth/me"))["company_id"] == 1
    assert json(client.get("/api/companies/1"))["company_name"] == "Default Company"
    assert json(client.put("/api/companies/1", {"company_code": "DEF"}, format="json"))["company_code"] == "DEF"
    body = {"username": "taro", "email": "taro@example.com", "password": "Kept-Secret-2", "role": "user"}
    taro = json(client.post("/api/users/", body, format="json"), 201)
    assert taro["company_id"] == 1
    assert [user["username"] for user in json(client.get("/api/users/"))] == ["taro", "admin"]
    assert json(client.put(f"/api/users/{taro['id']}", {"full_name": "T"}, format="json"))["full_name"] == "T"
    fresh = json(client.post("/api/auth/refresh", {"refresh_token": answer["refresh_token"]}, format="json"))
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {fresh['access_token']}")
    assert client.delete(f"/api/users/{taro['id']}").status_code == 204


def test_a_pair_of_tokens_and_the_old_refresh_token_kept():
    call_command("createsuperuser", interactive=False, username="admin", email="admin@example.com", verbosity=0)
    from accounts.models import User

    admin = User.objects.get()
    admin.set_password("******-six-stars")
    admin.save()
    client = APIClient()
    body = {"username": "admin", "password": "******-six-stars"}
    pair = json(client.post("/api/token/", body, format="json"))
    assert set(pair) == {"access", "refresh"}
    for _hour in range(3):
        access = json(client.post("/api/token/refresh/", {"refresh": pair["refresh"]}, format="json"))["access"]
        me = json(client.get("/api/me/", HTTP_AUTHORIZATION=f"Bearer {access}"))
        assert {"id", "username", "email"} <= set(me)


def test_register_and_log_in_with_an_email_only():
    client = APIClient()
    body = {"email": "user@example.com", "password": "securepassword123"}
    user = json(client.post("/api/v1/auth/register", body, format="json"), 201)
    answer = json(client.post("/api/v1/auth/login", body, format="json"))
    assert (
        json(client.get("/api/v1/auth/me", HTTP_AUTHORIZATION=f"Bearer {answer['access_token']}"))["id"] == user["id"]
    )
