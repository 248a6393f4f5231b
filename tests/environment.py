"""The environment of the tests, set before Django reads its settings (loaded by ``-p tests.environment``)."""

import os
import secrets

os.environ["IGNORE_DOTENV"] = "1"
os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
os.environ.setdefault("THROTTLE", "off")
os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")
