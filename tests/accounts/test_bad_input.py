"""Every field of every body, filled with everything that it is not: 400 with the field's name, never a crash."""

import pytest

from accounts.models import User
from tests.cast import PASSWORD, login, refused

pytestmark = pytest.mark.django_db
BODIES = {
    "auth/register": {"email": "x@example.com", "password": PASSWORD, "username": "x", "full_name": "X"},
    "auth/login": {"username": "x", "email": "x@example.com", "password": PASSWORD},
    "auth/refresh": {"refresh_token": "x", "refresh": "x"},
    "auth/logout": {"refresh_token": "x"},
    "auth/password-reset": {"email": "x@example.com"},
    "auth/password-reset/confirm": {"token": "x", "new_password": PASSWORD},
    "token": {"username": "x", "password": PASSWORD},
    "token/refresh": {"refresh": "x"},
    "token/verify": {"token": "x"},
    "users/change-password": {"current_password": PASSWORD, "new_password": PASSWORD},
    "users": {"username": "x", "email": "x@example.com", "password": PASSWORD, "full_name": "X", "role": "user",
              "is_active": True, "company_id": 1},
}  # fmt: skip
WRITABLE = {
    "users/me": {"email": "x@example.com", "full_name": "X"},
    "users/{user}": BODIES["users"],
    "companies/{company}": {
        "company_name": "X",
        "company_code": "X",
        "contact_email": "x@example.com",
        "is_active": True,
    },
}
NO_TEXT = [0, 7, -1.5, 10**400, True, [], ["x"], {}, {"a": "b"}]
NO_SWITCH = [0, 7, -1.5, "maybe", [], ["x"], {}, {"a": "b"}, None]
NO_ID = [0, -1, 1.5, True, "x", "1.5", 10**400, [], [1], {}, {"a": 1}]
NO_CHOICE = [0, True, "root", "", [], ["user"], {}, None]


def wrong(field):
    return {"is_active": NO_SWITCH, "company_id": NO_ID, "role": NO_CHOICE}.get(field, NO_TEXT)


POSTS = [(path, field, value) for path, body in BODIES.items() for field in body for value in wrong(field)]
PATCHES = [(path, field, value) for path, body in WRITABLE.items() for field in body for value in wrong(field)]


def test_posts(owner):
    for path, field, value in POSTS:
        error = refused(owner.post(path, BODIES[path] | {field: value}), 400, "validation_error")
        assert field in error["details"], (path, field, value, error)


def test_patches_and_puts(owner, colleague):
    before = list(User.objects.order_by("pk").values())
    for path, field, value in PATCHES:
        address = path.format(user=colleague.user["id"], company=owner.user["company_id"])
        for send in (owner.client.patch, owner.client.put):
            error = refused(send(f"/api/v1/{address}", {field: value}, format="json"), 400, "validation_error")
            assert field in error["details"], (path, field, value, error)
    assert list(User.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("body", [b"[]", b'["x"]', b'"x"', b"7", b"null", b"true", b'[{"username": "x"}]'])
def test_bodies_that_are_no_object(owner, body):
    for path in BODIES:
        response = owner.client.post(f"/api/v1/{path}", body, content_type="application/json")
        refused(response, 400, "validation_error")


UNREADABLE = [
    b"{", b"", b"\xff\xfe", b'{"username": NaN}', b"[" * 100_000, b'{"a":' * 100_000, b'{"username": "\\u0000"}',
    b'{"username": "\\ud800"}', b'{"password": "\\udfff"}', b'{"\\u0000": 1}',
]  # fmt: skip


@pytest.mark.parametrize("body", UNREADABLE)
def test_bodies_that_can_not_be_read(owner, body):
    for path in BODIES:
        response = owner.client.post(f"/api/v1/{path}", body, content_type="application/json")
        assert response.status_code == 400, (path, response.content)
        assert response.json()["error"]["reason"]


REQUIRED = {
    "auth/register": {"email", "password"},
    "auth/login": {"password"},
    "auth/refresh": {"refresh_token"},
    "auth/logout": {"refresh_token"},
    "token": {"password"},
    "token/refresh": {"refresh"},
    "users": {"username", "email", "password"},
}


@pytest.mark.parametrize("path", list(BODIES))
def test_required_fields_are_named(owner, path):
    error = refused(owner.post(path, {"unknown": 1}), 400, "validation_error")
    assert set(error["details"]) == REQUIRED.get(path, set(BODIES[path]))


def test_a_login_without_any_name(owner):
    assert "username" in refused(owner.post("auth/login", {"password": "x"}), 400, "validation_error")["details"]


@pytest.mark.parametrize("length", [5_000, 100_000])
def test_texts_that_are_too_long(owner, length):
    for path, body in BODIES.items():
        for field in set(body) - {"role", "is_active", "company_id"}:
            error = refused(owner.post(path, body | {field: "x" * length}), 400, "validation_error")
            assert field in error["details"], (path, field)


@pytest.mark.parametrize("field", ["username", "full_name", "password"])
@pytest.mark.parametrize("text", ["a\x00b", "\x00"])
def test_nul_in_forms(anybody, db, field, text):
    body = {"username": "x", "email": "x@example.com", "password": PASSWORD, field: text}
    for form in ("multipart", "json"):
        response = anybody.post("/api/v1/auth/register", body, format=form)
        refused(response, 400, "invalid_characters")


def test_odd_but_honest_texts_come_back_as_they_are(owner):
    for name in ["𠮷野家 🍜", 'O\'Neil "X" <b>', "a\tb", "ｶﾞ", "  ", "null", "0"]:
        stored = owner.patch("users/me", {"full_name": name}).json()["full_name"]
        assert stored == name.strip()
        assert login(owner.user["username"]).user["full_name"] == name.strip()


NO_ADDRESS = ["x", "x@", "@x", "a b@example.com", "x@y", "x@example.com\nBcc: y@example.com", "é@example.com"]


@pytest.mark.parametrize("email", NO_ADDRESS)
def test_what_is_no_address(owner, email):
    response = owner.post("users", BODIES["users"] | {"email": email})
    assert "email" in refused(response, 400, "validation_error")["details"]


def test_wrong_methods(owner):
    refused(owner.get("auth/login"), 405, "method_not_allowed")
    refused(owner.delete("users/me"), 405, "method_not_allowed")
    refused(owner.client.put("/api/v1/users", {}, format="json"), 405, "method_not_allowed")
