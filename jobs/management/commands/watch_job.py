import shutil
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from core.api import fill
from jobs.failure import shown
from jobs.models import Job

POLL = 0.25


class Command(BaseCommand):
    help = "Follows a job with a progress bar until it ends. Exit code 0 only when it succeeded."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("job_id", type=int)
        parser.add_argument("--once", action="store_true", help="print where it is and end")

    def handle(self, *args: Any, **options: Any) -> None:
        live = self.stdout.isatty() and not options["once"]
        seen = ""
        while True:
            job = Job.objects.filter(pk=options["job_id"]).first()
            connection.close()
            if job is None:
                raise CommandError(f"There is no job {options['job_id']}.")
            line = bar(job, shutil.get_terminal_size().columns if live else 100)
            if live:
                self.stdout.write(f"\r\x1b[2K{line}", ending="")
                self.stdout.flush()
            elif line != seen:
                self.stdout.write(line)
            seen = line
            if job.ended or options["once"]:
                break
            time.sleep(POLL)
        if live:
            self.stdout.write("")
        if job.ended and job.status != Job.Status.SUCCEEDED:
            error = shown(job.error)
            raise CommandError(f"{job.status}: {error['message']}" if error else str(job.status))


def bar(job: Job, width: int) -> str:
    """``import #7 running   [#####...............]  25 %  Reading a.csv  (files 3)`` in at most ``width`` columns."""
    head = f"{job.kind} #{job.pk} {job.status:<9} "
    counts = ", ".join(f"{name} {value}" for name, value in job.counts.items())
    tail = f" {job.progress:3d} %  {fill(job.message, job.facts)}" + (f"  ({counts})" if counts else "")
    room = max(10, min(40, width - len(head) - 30))
    done = room * job.progress // 100
    return f"{head}[{'#' * done}{'.' * (room - done)}]{tail}"[: width - 1]
