"""What all tests share: fast password hashing, a throw-away media folder, the people."""

import pytest

from tests import cast


@pytest.fixture(autouse=True)
def _quick_and_clean(settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def owner(db):
    """Whose things they are."""
    return cast.register("owner")


@pytest.fixture
def outsider(db):
    """Somebody of another company."""
    return cast.register("outsider")
