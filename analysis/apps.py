from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    name = "analysis"
    verbose_name = "Analysis"

    def ready(self) -> None:
        from analysis import background
        from jobs.registry import Kind, register

        register(Kind(background.KIND, run="analysis.background.run"))
