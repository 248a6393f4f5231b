from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.utils import timezone

from accounts.models import User
from tests.cast import PASSWORD, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]
ALLOWED = 10
API = ["auth/login", "auth/login/json", "token"]


@pytest.fixture
def name(owner):
    return owner.user["username"]


def fail(post, path, name, times, **extra):
    for _again in range(times):
        refused(post(path, {"username": name, "password": "no"}, **extra), 401, "invalid_credentials")


@pytest.mark.parametrize("path", API)
def test_after_ten_failures_even_the_right_password_waits(post, name, path):
    fail(post, path, name, ALLOWED)
    response = post(path, {"username": name, "password": PASSWORD})
    error = refused(response, 429, "throttled")
    assert 0 < int(response["Retry-After"]) <= 15 * 60 + 1
    assert error["details"]["seconds"] == int(response["Retry-After"])


def test_nine_are_forgiven_by_one_success(post, name):
    for _round in range(2):
        fail(post, "auth/login", name, ALLOWED - 1)
        assert post("auth/login", {"username": name, "password": PASSWORD}).status_code == 200


def test_name_and_email_in_any_case_and_door_are_one_account(owner, post, name):
    spellings = [name, name.upper(), owner.user["email"], owner.user["email"].upper()]
    for number in range(ALLOWED):
        body = {"email": spellings[number % 4], "password": "no"}
        refused(post(API[number % 3], body, HTTP_USER_AGENT=f"agent {number}"), 401, "invalid_credentials")
    for path in API:
        refused(post(path, {"username": name, "password": PASSWORD}), 429, "throttled")


def test_neither_others_at_the_address_nor_the_owner_elsewhere_are_locked_out(outsider, post, name):
    fail(post, "auth/login", name, ALLOWED)
    assert post("auth/login", {"username": outsider.user["username"], "password": PASSWORD}).status_code == 200
    mine = {"username": name, "password": PASSWORD}
    assert post("auth/login", mine, REMOTE_ADDR="192.0.2.7").status_code == 200
    refused(post("auth/login", mine), 429, "throttled")  # the success elsewhere does not help a guesser here


def test_it_ends_after_fifteen_minutes_however_often_one_knocks(post, name):
    fail(post, "auth/login", name, ALLOWED)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    for _again in range(3):
        response = post("auth/login", {"username": name, "password": PASSWORD})
        refused(response, 429, "throttled")
        assert int(response["Retry-After"]) <= 61
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert post("auth/login", {"username": name, "password": PASSWORD}).status_code == 200


def test_an_unknown_name_is_locked_out_alike(post, db):
    fail(post, "auth/login", "nobody", ALLOWED)
    refused(post("auth/login", {"username": "NoBody", "password": "no"}), 429, "throttled")


def test_the_right_password_of_a_disabled_account_does_not_count(owner, post, name):
    User.objects.filter(pk=owner.user["id"]).update(is_active=False)
    for _again in range(ALLOWED + 1):
        refused(post("auth/login", {"username": name, "password": PASSWORD}), 403, "account_disabled")


def test_guessing_the_current_password_counts_too(owner, post, name):
    guess = {"current_password": "no", "new_password": "battery-Staple-7"}
    for _again in range(ALLOWED):
        refused(owner.post("users/change-password", guess), 400, "wrong_password")
    refused(owner.post("users/change-password", guess | {"current_password": PASSWORD}), 429, "throttled")


@pytest.mark.parametrize("page", ["/login", "/admin/login/"])
def test_the_pages_say_so(root, client, post, page):
    for _again in range(ALLOWED):
        assert client.post(page, {"username": "root", "password": "no"}).status_code == 200
    response = client.post(page, {"username": "root", "password": PASSWORD})
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "Too many requests" in response.content.decode()
    refused(post("auth/login", {"username": "root", "password": PASSWORD}), 429, "throttled")


def test_no_password_is_written_down(post, client, name):
    fail(post, "auth/login", name, 1)
    client.post("/login", {"username": name, "password": "my-Wrong-secret"})
    assert "my-Wrong-secret" not in str(list(AccessAttempt.objects.values()))


def test_switched_off_there_is_no_lock_out(post, name, settings):
    settings.THROTTLE = settings.AXES_ENABLED = False
    fail(post, "auth/login", name, ALLOWED + 2)
    assert post("auth/login", {"username": name, "password": PASSWORD}).status_code == 200


PUBLIC = ["auth/login", "auth/login/json", "auth/register", "users/register", "auth/refresh", "token", "token/refresh",
          "token/verify", "auth/logout", "auth/password-reset", "auth/password-reset/confirm"]  # fmt: skip


@pytest.mark.parametrize("path", PUBLIC)
def test_account_routes_are_limited_per_address(post, settings, path):
    settings.THROTTLE_RATES = settings.THROTTLE_RATES | {"account": (3, 3600)}
    for _again in range(3):
        assert post(path, {}).status_code in {400, 401}
    response = post(path, {})
    refused(response, 429, "throttled")
    assert int(response["Retry-After"]) > 0
    assert post(path, {}, REMOTE_ADDR="192.0.2.7").status_code in {400, 401}


def test_account_routes_are_limited_per_account_from_any_address(post, settings, db):
    settings.THROTTLE_RATES = settings.THROTTLE_RATES | {"account": (3, 3600)}
    body = {"username": "somebody", "password": "no"}
    for number in range(3):
        refused(post("auth/login", body, REMOTE_ADDR=f"192.0.2.{number}"), 401, "invalid_credentials")
    refused(post("auth/login", body, REMOTE_ADDR="192.0.2.9"), 429, "throttled")


def test_the_login_page_is_limited_like_the_api(client, settings, db):
    settings.THROTTLE_RATES = settings.THROTTLE_RATES | {"account": (3, 3600)}
    pages = [client.post("/login", {"username": f"name{n}", "password": "no"}).content.decode() for n in range(4)]
    assert ["Too many requests" in page for page in pages] == [False, False, False, True]
