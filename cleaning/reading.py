"""A plan or an execution for somebody who asks: found and allowed."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cleaning.models import Execution, Plan
from core.access import fetch
from core.errors import NotFound


class PlanNotFound(NotFound):
    reason = "plan_not_found"
    message = _("There is no plan %(id)s.")


class ExecutionNotFound(NotFound):
    reason = "execution_not_found"
    message = _("There is no execution %(id)s.")


def own_plan(user: User, pk: int | str) -> Plan:
    plans = Plan.objects.select_related("dataset").defer("dataset__report", "dataset__options")
    return fetch(Plan.objects.all(), plans.visible_to(user), pk, PlanNotFound)


def own_execution(user: User, pk: int | str) -> Execution:
    return fetch(Execution.objects.all(), Execution.objects.visible_to(user), pk, ExecutionNotFound)
