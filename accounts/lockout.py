"""Locked out after too many failures of one account from one address (django-axes counts them in the database)."""

from typing import Any

from axes.helpers import get_client_ip_address
from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from accounts.names import key

LONGEST = 255  # what the table of attempts can hold


def account_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """What failures are counted under: the user name, also for who signs in by e-mail or in another case."""
    given = str((credentials or {}).get("username") or request.POST.get("username") or "")[:LONGEST]
    found = User.objects.called(given).values_list("username", flat=True).first()
    return key(found or given)[:LONGEST]


def refused(request: HttpRequest) -> bool:
    """Whether this sign-in was turned away unheard. The failure that fills the measure was still heard."""
    locked, failures = getattr(request, "axes_locked_out", False), getattr(request, "axes_failures_since_start", None)
    return locked and failures is None


def seconds_left(request: HttpRequest, name: str) -> int:
    """Until ``name`` may try again from this address."""
    address = get_client_ip_address(request)
    attempts = AccessAttempt.objects.filter(username=account_name(request, {"username": name}), ip_address=address)
    last = attempts.order_by("-attempt_time").values_list("attempt_time", flat=True).first() or timezone.now()
    return max(1, int((last + settings.AXES_COOLOFF_TIME - timezone.now()).total_seconds()) + 1)


def locked_out(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None) -> HttpResponse:
    """django-axes' hook for the answer: views and forms say it in their own way, this gives pages the status."""
    if refused(request) and response.status_code != 429:
        response.status_code = 429
        response["Retry-After"] = str(seconds_left(request, str((credentials or {}).get("username", ""))))
    return response
