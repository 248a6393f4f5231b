"""The tests' settings and an app with sample jobs, for workers in processes of their own."""

import os

media = os.environ.get("TEST_MEDIA_ROOT")

from tests.settings import *  # noqa: E402, F403
from tests.settings import INSTALLED_APPS  # noqa: E402

INSTALLED_APPS = [*INSTALLED_APPS, "tests.jobs.sample"]
if media:
    MEDIA_ROOT = media
