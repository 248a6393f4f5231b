"""``manage.py report FILE``: a report of a file, without a server and without keeping anything."""

import hashlib
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from core.api import dumps
from datasets.roles import chosen
from reports.eda import Options, examine
from reports.eda.options import MOST_PLOTS, SMALLEST_SAMPLE
from reports.making import SECTIONS
from reports.rendering import FORMATS, Titles, complete
from reports.rendering.words import ALERTS, FINDINGS, SEVERITIES, sentence
from tabular.engines.local import Table
from tabular.errors import TableError
from tabular.ingest import ingest
from tabular.options import Options as Reading

WIDTH = 30


class Command(BaseCommand):
    help = "Looks at a table from all sides and writes a page that can be read without anything else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--output", "-o", type=Path, help="where to write the page (beside the file by default)")
        parser.add_argument("--format", choices=[*FORMATS, "json", "console"], default="html")
        parser.add_argument("--target", help="the column to be predicted")
        parser.add_argument("--title")
        parser.add_argument("--sample", type=int, help="look at that many rows only")
        parser.add_argument("--plots", type=int, default=8)
        parser.add_argument("--language", choices=["en", "ja"], default="en")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        if options["sample"] is not None and options["sample"] < SMALLEST_SAMPLE:
            raise CommandError(f"A sample has at least {SMALLEST_SAMPLE} rows.")
        if not 0 <= options["plots"] <= MOST_PLOTS:
            raise CommandError(f"There can be 0 to {MOST_PLOTS} plots.")
        with translation.override(options["language"]):
            try:
                results = self._examined(file, options)
            except TableError as error:
                raise CommandError(translation.gettext(error.message) % error.details) from error
            self._give(results, file, options)

    def _examined(self, file: Path, options: dict[str, Any]) -> dict[str, Any]:
        with tempfile.TemporaryDirectory(prefix="report-") as folder:
            target = Path(folder) / "table.parquet"
            self._bar(0, "reading")
            found = ingest(file, target, Reading(filename=file.name))
            aside = [one for one in found.warnings if one["reason"] == "rows_kept_aside"]
            wishes = Options(
                target=options["target"], sample_size=options["sample"], max_plots=options["plots"], seed=_hash(file),
                roles=chosen(found.columns), rejected=sum(one["details"].get("count", 0) for one in aside),
            )  # fmt: skip
            results = examine(Table(target, found.columns), wishes, look=self._bar)
        self._bar(100, "findings")
        return results

    def _bar(self, percent: float, section: str) -> None:
        """On the error stream, and only where somebody sees it."""
        if not sys.stderr.isatty():
            return
        full = int(WIDTH * percent / 100)
        said = translation.gettext(SECTIONS[section])
        self.stderr.write(f"\r\x1b[2K[{'█' * full}{' ' * (WIDTH - full)}] {percent:3.0f} % {said}", ending="")
        if percent >= 100:
            self.stderr.write("\r\x1b[2K", ending="")

    def _give(self, results: dict[str, Any], file: Path, options: dict[str, Any]) -> None:
        form = options["format"]
        for one in results["findings"]:
            self.stdout.write(f"- {sentence(FINDINGS[one['code']], one['facts'])}")
        for one in results["alerts"] if form == "console" else ():
            names = ", ".join(one["columns"])
            said = sentence(ALERTS.get(one["reason"], one["reason"]), one["details"])
            self.stdout.write(f"[{SEVERITIES[one['severity']]}] {names + ': ' if names else ''}{said}")
        self.stdout.write(f"{results['quality']['score']} / 100")
        if form != "console":
            output = options["output"] or file.with_name(f"{file.stem}.report.{'json' if form == 'json' else 'html'}")
            output.write_bytes(_made(results, form, options["title"] or file.stem, options["language"]))
            self.stdout.write(str(output))


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _made(results: dict[str, Any], form: str, title: str, language: str) -> bytes:
    if form == "json":
        return dumps(results, indent=True)
    return complete(FORMATS[form](results, Titles(title, "", timezone.now()), language)).encode()
