import pytest
from django.conf import settings as configured
from django.utils import timezone

from accounts.models import Company, User
from tests.cast import PASSWORD, refused

pytestmark = pytest.mark.django_db


def test_the_answer(owner, post):
    body = post("auth/login", {"username": owner.user["username"], "password": PASSWORD}).json()
    assert set(body) == {"access_token", "refresh_token", "token_type", "expires_in", "session_id", "user"}
    assert body["token_type"] == "bearer"
    assert body["expires_in"] == 3600
    assert isinstance(body["session_id"], int)
    assert body["user"]["id"] == owner.user["id"]
    assert body["user"]["last_login"].endswith("+00:00")


@pytest.mark.parametrize("path", ["auth/login", "auth/login/json", "auth/login/"])
@pytest.mark.parametrize("form", ["json", "multipart", "urlencoded"])
@pytest.mark.parametrize("field", ["username", "email"])
@pytest.mark.parametrize("value", ["username", "email"])
def test_either_field_holds_either_in_any_case_and_form(owner, anybody, path, form, field, value):
    body = {field: owner.user[value].upper(), "password": PASSWORD}
    address = f"/api/v1/{path}"
    if form == "urlencoded":
        text = "&".join(f"{name}={word}" for name, word in body.items())
        response = anybody.post(address, text, content_type="application/x-www-form-urlencoded")
    else:
        response = anybody.post(address, body, format=form)
    assert response.status_code == 200, response.content


@pytest.mark.parametrize("name", ["", None])
def test_an_empty_name_beside_a_good_one_does_no_harm(owner, post, name):
    body = {"username": name, "email": owner.user["email"], "password": PASSWORD}
    assert post("auth/login", body).status_code == 200


def test_wrong_password_and_unknown_name_are_told_alike(owner, post):
    wrong = refused(post("auth/login", {"username": owner.user["username"], "password": "no"}), 401,
                    "invalid_credentials")  # fmt: skip
    unknown = refused(post("auth/login", {"username": "nobody", "password": "no"}), 401, "invalid_credentials")
    assert {**wrong, "request_id": 0} == {**unknown, "request_id": 0}


def test_an_unknown_name_costs_a_hash_too(owner, post, monkeypatch):
    hashed = []
    monkeypatch.setattr(User, "set_password", lambda self, raw: hashed.append(raw))
    post("auth/login", {"username": "nobody", "password": "no"})
    assert hashed == ["no"]


@pytest.mark.parametrize("path", ["auth/login", "token"])
def test_only_who_knows_the_password_hears_that_the_account_is_disabled(owner, post, path):
    User.objects.filter(pk=owner.user["id"]).update(is_active=False)
    body = {"username": owner.user["username"], "password": PASSWORD}
    refused(post(path, body), 403, "account_disabled")
    refused(post(path, body | {"password": "no"}), 401, "invalid_credentials")
    refused(owner.get("me"), 401, "invalid_token")


def test_of_a_disabled_company_only_admins_get_in(owner, colleague, post):
    Company.objects.filter(pk=owner.user["company_id"]).update(is_active=False)
    refused(colleague.get("me"), 401, "invalid_token")
    refused(post("auth/login", {"username": "colleague", "password": PASSWORD}), 403, "account_disabled")
    assert owner.patch(f"companies/{owner.user['company_id']}", {"is_active": True}).status_code == 200
    assert colleague.get("me").status_code == 200


def test_a_stale_token_does_not_hurt_who_logs_in(owner, anybody):
    anybody.credentials(HTTP_AUTHORIZATION="Bearer stale")
    body = {"username": owner.user["username"], "password": PASSWORD}
    assert anybody.post("/api/v1/auth/login", body, format="json").status_code == 200


def test_tokens_are_not_to_be_kept_by_proxies_and_set_no_cookie(owner, post):
    response = post("auth/login", {"username": owner.user["username"], "password": PASSWORD})
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


def test_a_login_sets_last_login_and_begins_a_session(owner, post):
    before = timezone.now()
    first = post("auth/login", {"username": owner.user["username"], "password": PASSWORD}).json()
    second = post("auth/login", {"username": owner.user["username"], "password": PASSWORD}).json()
    assert first["session_id"] != second["session_id"]
    assert User.objects.get(pk=owner.user["id"]).last_login >= before


def test_the_hasher_of_the_product_is_bcrypt_over_sha256():
    from config import settings as product

    assert product.PASSWORD_HASHERS[0].endswith("BCryptSHA256PasswordHasher")
    assert configured.AUTH_USER_MODEL == "accounts.User"
