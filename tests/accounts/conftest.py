"""The cast: ``owner`` administers a company, ``colleague`` works there, ``outsider`` elsewhere; ``staff`` runs all."""

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from tests.cast import PASSWORD, Person, login


@pytest.fixture
def colleague(owner) -> Person:
    body = {"username": "colleague", "email": "colleague@example.com", "password": PASSWORD}
    assert owner.post("users", body).status_code == 201
    return login("colleague")


@pytest.fixture
def staff(db) -> Person:
    User.objects.create_user("staff", "staff@example.com", PASSWORD, is_staff=True)
    return login("staff")


@pytest.fixture
def root(db) -> Person:
    User.objects.create_superuser("root", "root@example.com", PASSWORD)
    return login("root")


@pytest.fixture
def anybody() -> APIClient:
    return APIClient()


@pytest.fixture
def limits(settings):
    """Throttles and lock-out as in production."""
    settings.THROTTLE = settings.AXES_ENABLED = True


@pytest.fixture
def post(anybody):
    """``post("auth/login", {...})`` without a token, as JSON."""
    return lambda path, body=None, **extra: anybody.post(f"/api/v1/{path}", body or {}, format="json", **extra)
