"""Brings an installation up to date: database, cache table, first admin, static files. Safe to run at every start."""

import fcntl
import hashlib
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, call_command


class Command(BaseCommand):
    help = "Migrates the database, makes the first admin and collects static files, each only where needed."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", choices=["database", "static"], help="Leave out the other half.")

    def handle(self, *args: object, only: str | None, **options: object) -> None:
        if only != "static":
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
            call_command("ensure_admin")
        if only != "database":
            self.collect_static()

    def collect_static(self) -> None:
        """Copies and compresses the static files, unless what is there was made from these very files."""
        folder = Path(settings.STATIC_ROOT)
        stamp, wanted = folder / ".collected", static_fingerprint()
        if made_from(stamp, wanted):
            return
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # two servers may start at once from one folder
            if not made_from(stamp, wanted):
                self.stdout.write("Compressing the static files (only when they have changed; a few seconds)")
                # Source maps serve nobody here, and would be most of what is compressed.
                call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["*.map"])
                stamp.write_text(wanted)


def made_from(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text() == wanted


def static_fingerprint() -> str:
    """One hash over path, size and time of every static file."""
    found = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            modified = storage.get_modified_time(path)
            found.update(f"{path}\0{storage.size(path)}\0{modified:%Y%m%d%H%M%S}\n".encode())
    return found.hexdigest()
