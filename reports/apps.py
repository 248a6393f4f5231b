from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Reports"

    def ready(self) -> None:
        from jobs.registry import Kind, register

        here = "reports.making"
        register(Kind("report", run=f"{here}.make", ended=f"{here}.give_up", again=f"{here}.again"))
