#!/usr/bin/env python
"""Django's commands. ``manage.py test [pytest arguments]`` runs the pytest suite."""

import os
import subprocess
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["test"]:
        return subprocess.call([sys.executable, "-m", "pytest", *sys.argv[2:]])  # noqa: S603 - what the caller typed
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.stderr.write(f"Can't start: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
