from django.apps import AppConfig


class CleaningConfig(AppConfig):
    name = "cleaning"
    verbose_name = "Cleaning"

    def ready(self) -> None:
        from cleaning import background
        from jobs.registry import LONG, Kind, register

        register(Kind(background.PLAN, run="cleaning.background.make_plan"))
        register(Kind(background.DRY_RUN, run="cleaning.background.dry_run", queue=LONG))
        register(Kind(background.EXECUTE, run="cleaning.background.execute", queue=LONG))
