"""What all tests share: fast password hashing, a throw-away media folder, the people."""

import os

import pytest
from hypothesis import settings as properties

from tests import cast

# The same examples every time, so that a red run is about the change; HYPOTHESIS_PROFILE=explore looks for new ones.
properties.register_profile("repeatable", deadline=None, derandomize=True)
properties.register_profile("explore", deadline=None, max_examples=1000)
properties.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


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
