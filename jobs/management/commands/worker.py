from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from jobs.worker import Worker


class Command(BaseCommand):
    help = "Runs background jobs until it is told to stop. Any number of workers may run side by side."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--places", type=int, default=settings.WORKER_PLACES, help="jobs at once (%(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        Worker(max(1, options["places"])).run()
