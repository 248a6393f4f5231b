from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "datasets"
    verbose_name = "Datasets"

    def ready(self) -> None:
        from datasets import background, freeing
        from jobs.registry import Kind, register

        freeing.connect()
        register(Kind(background.KIND, run="datasets.background.read", ended="datasets.background.give_up"))
