"""Name and password in, user out; or why not."""

from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import Throttled

from accounts import lockout
from accounts.models import User
from core.errors import Denied, NotAuthenticated


class InvalidCredentials(NotAuthenticated):
    reason = "invalid_credentials"
    message = _("The name or the password is not correct.")


class AccountDisabled(Denied):
    """Told only to who knows the password."""

    reason = "account_disabled"
    message = _("This account is disabled.")


def sign_in(request: HttpRequest, name: str, password: str) -> User:
    """Raises ``InvalidCredentials``, ``AccountDisabled``, or DRF's ``Throttled`` while locked out."""
    user = checked(request, name, password)
    if user is None:
        raise InvalidCredentials
    if not user.may_enter:
        raise AccountDisabled
    user_logged_in.send(sender=User, request=request, user=user)
    return user


def checked(request: HttpRequest, name: str, password: str) -> User | None:
    """The user, if the password is right; failures count, and end in ``Throttled``."""
    user = authenticate(request, username=name, password=password)
    if lockout.refused(request):
        raise Throttled(wait=lockout.seconds_left(request, name))
    return user
