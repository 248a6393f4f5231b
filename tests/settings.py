"""The settings that tests run with: the product's own, from an environment that neither .env nor this shell decides.

Only ``DATABASE_URL`` is taken over, so that the same suite runs on PostgreSQL.
"""

import os
import re
import secrets
from pathlib import Path

documented = Path(__file__).parents[1] / ".env.example"
for name in re.findall(r"^#? ?([A-Z][A-Z_]+)=", documented.read_text() if documented.exists() else "", re.MULTILINE):
    if name != "DATABASE_URL":
        os.environ.pop(name, None)
os.environ |= {"IGNORE_DOTENV": "1", "SECRET_KEY": secrets.token_urlsafe(50), "THROTTLE": "off"}

from config.settings import *  # noqa: E402, F403
