"""What workers clean up from time to time; other apps add their own chores in their ``AppConfig.ready``."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from jobs import presence
from jobs.models import Job

KEPT = timedelta(days=30)
DELIVERED = timedelta(hours=1)
STUCK = timedelta(days=7)


def old_jobs() -> None:
    Job.objects.filter(status__in=Job.ENDED, ended_at__lt=timezone.now() - KEPT).delete()


def deliveries() -> None:
    """The queue's own rows: delivered ones, and those a killed worker left behind."""
    now = timezone.now()
    DBTaskResult.objects.filter(finished_at__lt=now - DELIVERED).delete()
    DBTaskResult.objects.filter(status="RUNNING", started_at__lt=now - STUCK).delete()


def stale_presence() -> None:
    presence.bury()


def old_sessions() -> None:
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def expired_tokens() -> None:
    """Refresh tokens that are past their time need not be remembered, revoked or not."""
    OutstandingToken.objects.filter(expires_at__lt=timezone.now()).delete()
