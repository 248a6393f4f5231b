"""Two at once, each in a thread with a connection of its own: nobody gets in twice, no company loses its last admin.

SQLite takes one writer after the other; PostgreSQL really interleaves them.
"""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import User
from tests.cast import PASSWORD, login, register

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _shared_database():
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("an in-memory SQLite database has one connection only; PostgreSQL interleaves")


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Runs the calls in threads that start together; their results in the same order."""
    start, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number: int) -> None:
        try:
            start.wait()
            results[number] = calls[number]()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def send(path: str, body: dict[str, Any]) -> Callable[[], int]:
    return lambda: APIClient().post(f"/api/v1/{path}", body, format="json").status_code


@pytest.mark.parametrize("change", ["demote", "disable", "delete"])
def test_two_admins_who_depose_each_other_leave_one(change):
    first = register("first")
    body = {"username": "second", "email": "second@example.com", "password": PASSWORD, "role": "admin"}
    first.post("users", body)
    second = login("second")

    def depose(by: Any, whom: Any) -> Callable[[], int]:
        path = f"users/{whom.user['id']}"
        if change == "delete":
            return lambda: by.delete(path).status_code
        return lambda: by.patch(path, {"role": "user"} if change == "demote" else {"is_active": False}).status_code

    statuses = at_once(depose(first, second), depose(second, first))
    assert User.objects.active_admins().count() == 1
    assert sorted(statuses)[0] in {200, 204}
    assert sorted(statuses)[1] in {400, 401, 403, 404}


@pytest.mark.parametrize("same", ["username", "email"])
def test_of_many_who_register_alike_one_gets_in(same):
    bodies = [{"username": f"u{n}", "email": f"e{n}@example.com", "password": PASSWORD} for n in range(5)]
    for body in bodies:
        body[same] = bodies[0][same].upper()
    statuses = at_once(*(send("auth/register", body) for body in bodies))
    assert sorted(statuses) == [201, 400, 400, 400, 400]
    assert User.objects.count() == 1


def test_many_with_one_local_part_all_get_a_name():
    bodies = [{"email": f"taro@example{n}.com", "password": PASSWORD} for n in range(5)]
    assert at_once(*(send("auth/register", body) for body in bodies)) == [201] * 5
    assert User.objects.count() == 5


def test_of_many_refreshes_with_one_token_one_wins():
    person = register("person")
    token = APIClient().post(
        "/api/v1/auth/login", {"username": person.user["username"], "password": PASSWORD}, format="json"
    )
    refresh = send("auth/refresh", {"refresh_token": token.json()["refresh_token"]})
    assert sorted(at_once(*[refresh] * 5)) == [200, 401, 401, 401, 401]


def test_many_first_starts_make_one_administrator():
    from django.core.management import call_command

    at_once(*[lambda: call_command("ensure_admin")] * 3)
    assert User.objects.filter(is_superuser=True).count() == 1


def test_many_wrong_guesses_at_once_all_count(settings):
    settings.THROTTLE = settings.AXES_ENABLED = True
    person = register("person")
    guess = {"username": person.user["username"], "password": "no"}
    for _round in range(2):
        assert set(at_once(*[send("auth/login", guess)] * 5)) <= {401, 429}
    assert send("auth/login", guess | {"password": PASSWORD})() == 429
