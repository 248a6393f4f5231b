from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "exports"
    verbose_name = "Exports"

    def ready(self) -> None:
        from exports import background
        from jobs.registry import Chore, Kind, register, schedule

        register(Kind(background.KIND, run="exports.background.write"))
        schedule(Chore("exports.free_old", "exports.background.free_old", every=3600))
