"""``manage.py reconcile``: lists bytes without a row, rows without their bytes, and leftovers of killed processes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from datasets import reconciling


class Command(BaseCommand):
    help = "Lists what rows and storage disagree about; says nothing and exits 0 when all is well."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", action="store_true", help="remove what is listed")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = reconciling.look()
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(f"The database can't be asked ({error}). Is it running, is `migrate` done?") from error
        for key in found.bytes_without_row:
            self.stdout.write(f"bytes without a row: {key}")
        for pk, key in found.rows_without_bytes:
            self.stdout.write(f"row without its bytes: dataset {pk} ({key})")
        for path in found.stale:
            self.stdout.write(f"left behind: {path}")
        if not found:
            return
        if not options["apply"]:
            raise CommandError("Rows and storage disagree. `manage.py reconcile --apply` removes what is listed.")
        reconciling.apply(found)
        self.stdout.write("removed")
