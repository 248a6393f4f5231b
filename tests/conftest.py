"""What all tests share: fast password hashing, a throw-away media folder, no throttles unless a test wants them."""

import os
import secrets

os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
os.environ.setdefault("THROTTLE", "off")
os.environ.setdefault("IGNORE_DOTENV", "1")

import pytest


@pytest.fixture(autouse=True)
def _quick_and_clean(settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "media"
