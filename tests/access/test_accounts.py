"""Who may do what with people and companies: the cast against every route, said in one table."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from tests.cast import PASSWORD, Person, login, register

pytestmark = pytest.mark.django_db
NOBODY, COLLEAGUE, ADMIN, OUTSIDER, STAFF = "nobody", "colleague", "admin", "outsider", "staff"
CAST = (NOBODY, COLLEAGUE, ADMIN, OUTSIDER, STAFF)
NEW = {"username": "new", "email": "new@example.com", "password": PASSWORD}

# method, path, body, and the status for each of the cast; {id} is a user of the admin's company
TABLE: list[tuple[str, str, Any, tuple[int, int, int, int, int]]] = [
    ("get", "me", None, (401, 200, 200, 200, 200)),
    ("patch", "users/me", {}, (401, 200, 200, 200, 200)),
    ("get", "data/sessions", None, (401, 200, 200, 200, 200)),
    ("post", "users/change-password", {}, (401, 400, 400, 400, 400)),
    ("post", "auth/logout", {}, (401, 400, 400, 400, 400)),
    ("get", "users", None, (401, 200, 200, 200, 200)),
    ("post", "users", NEW, (401, 403, 201, 201, 201)),
    ("get", "users/{id}", None, (401, 200, 200, 403, 200)),
    ("patch", "users/{id}", {"full_name": "x"}, (401, 403, 200, 403, 200)),
    ("put", "users/{id}", {"role": "admin"}, (401, 403, 200, 403, 200)),
    ("delete", "users/{id}", None, (401, 403, 204, 403, 204)),
    ("get", "users/999999", None, (401, 404, 404, 404, 404)),
    ("patch", "users/999999", {}, (401, 404, 404, 404, 404)),
    ("get", "companies", None, (401, 200, 200, 200, 200)),
    ("get", "companies/{company}", None, (401, 200, 200, 403, 200)),
    ("patch", "companies/{company}", {"company_code": "x"}, (401, 403, 200, 403, 200)),
    ("put", "companies/{company}", {"company_code": "x"}, (401, 403, 200, 403, 200)),
    ("get", "companies/999999", None, (401, 404, 404, 404, 404)),
]


@pytest.fixture
def people(db) -> dict[str, Person]:
    admin, outsider = register("admin"), register("outsider")
    for name in (COLLEAGUE, "target"):
        body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
        assert admin.post("users", body).status_code == 201
    User.objects.create_user(STAFF, "staff@example.com", PASSWORD, is_staff=True)
    nobody = Person(APIClient(), {}, 0)
    return {NOBODY: nobody, COLLEAGUE: login(COLLEAGUE), ADMIN: admin, OUTSIDER: outsider, STAFF: login(STAFF)}


@pytest.mark.parametrize("number", range(len(CAST)), ids=CAST)
@pytest.mark.parametrize(("method", "path", "body", "statuses"), TABLE, ids=lambda value: str(value)[:30])
def test_who_may(people, method, path, body, statuses, number):
    target = User.objects.get(username="target")
    address = "/api/v1/" + path.format(id=target.pk, company=target.company_id)
    if path == "users" and method == "post" and CAST[number] == STAFF:
        body = body | {"company_id": target.company_id}  # staff without a company say which
    response = getattr(people[CAST[number]].client, method)(address, body, format="json")
    assert response.status_code == statuses[number], response.content


def test_an_outsider_learns_nothing_from_lists(people):
    mine = people[OUTSIDER].get("users").json()
    assert [user["username"] for user in mine] == [people[OUTSIDER].user["username"]]
    assert people[OUTSIDER].get("users?q=target").json() == []
    assert people[OUTSIDER].get("users?q=target")["X-Total-Count"] == "0"


def test_an_outsider_sees_no_sessions_of_others(people):
    ids = [session["id"] for session in people[OUTSIDER].get("data/sessions").json()]
    assert ids == [people[OUTSIDER].session_id]
