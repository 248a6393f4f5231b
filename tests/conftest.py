"""What all tests share: fast password hashing and a throw-away media folder."""

import pytest


@pytest.fixture(autouse=True)
def _quick_and_clean(settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "media"
