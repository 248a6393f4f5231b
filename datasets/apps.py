from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "datasets"
    verbose_name = "Datasets"

    def ready(self) -> None:
        from datasets import background, freeing
        from jobs.registry import Chore, Kind, register, schedule

        freeing.connect()
        register(Kind(background.KIND, run="datasets.background.read", ended="datasets.background.give_up"))
        schedule(Chore("abandoned uploads", "datasets.housekeeping.abandoned_uploads", every=3600))
