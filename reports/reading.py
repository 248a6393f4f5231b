"""A report for somebody who asks: found, allowed, finished."""

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from accounts.authentication import caller
from accounts.models import User
from core.access import fetch
from core.errors import Conflict
from jobs.failure import shown
from reports.making import ReportGone
from reports.models import Report


class ReportNotReady(Conflict):
    reason = "report_not_ready"
    message = _("The report %(id)s is still being made. Ask again in a moment.")
    retry_after = 2


class ReportFailed(Conflict):
    reason = "report_failed"
    message = _("The report %(id)s could not be made: %(problem)s")


def editable(user: User, pk: int | str) -> Report:
    return fetch(Report.objects.light(), Report.objects.light().editable_by(user), pk, ReportGone)


def visible(user: User, pk: int | str) -> Report:
    return fetch(Report.objects.light(), Report.objects.light().visible_to(user), pk, ReportGone)


def readable(request: Request, pk: int | str) -> Report:
    """Mine, or a public one, whoever asks; without a good token anything else is a 401, there or not."""
    if request.user.is_authenticated:
        return visible(caller(request), pk)
    number = int(pk)
    found = Report.objects.light().public().filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise getattr(request, "refusal", None) or NotAuthenticated
    return found


def completed(report: Report) -> Report:
    """``report`` when there are results; else 409, which says whether to ask again."""
    if report.status == Report.Status.FAILED:
        error = shown(report.error) or {"message": ""}
        raise ReportFailed(id=report.pk, problem=error["message"])
    if report.status != Report.Status.COMPLETED:
        raise ReportNotReady(id=report.pk)
    return report
