from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = "Background work"

    def ready(self) -> None:
        from core import health
        from jobs.depth import queue_answers
        from jobs.registry import Chore, schedule

        health.CHECKS["queue"] = queue_answers
        schedule(Chore("old jobs", "jobs.housekeeping.old_jobs", every=3600))
        schedule(Chore("deliveries", "jobs.housekeeping.deliveries", every=600))
        schedule(Chore("dead workers", "jobs.housekeeping.stale_presence", every=600))
        schedule(Chore("old browser sessions", "jobs.housekeeping.old_sessions", every=24 * 3600))
        schedule(Chore("expired tokens", "jobs.housekeeping.expired_tokens", every=24 * 3600))
