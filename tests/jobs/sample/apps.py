from django.apps import AppConfig

from jobs.registry import LONG, Kind, register

HERE = "tests.jobs.sample.handlers"


class SampleConfig(AppConfig):
    name = "tests.jobs.sample"

    def ready(self):
        for name in ("count", "crash", "refuse", "stubborn", "deadly", "sleepy"):
            register(Kind(name, run=f"{HERE}.{name}", ended=f"{HERE}.ended", again=f"{HERE}.again"))
        register(Kind("once", run=f"{HERE}.count"))
        register(Kind("endless", run=f"{HERE}.endless", queue=LONG))
