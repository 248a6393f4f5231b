from django.apps import AppConfig


class IngestionConfig(AppConfig):
    name = "ingestion"
    verbose_name = "Ingestion"

    def ready(self) -> None:
        from ingestion import checks, freeing
        from jobs.registry import LONG, Kind, register

        checks.connect()
        freeing.connect()
        here = "ingestion.working"
        register(
            Kind("ingest", run=f"{here}.work", ended=f"{here}.give_up", again=f"{here}.again", losses=10, queue=LONG)
        )
