"""A forgotten password: a signed link by mail, good once and for three days (Django's PASSWORD_RESET_TIMEOUT)."""

import logging
import threading
import time
from urllib.parse import urlencode

from axes.utils import reset as forget_failures
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.names import key
from accounts.passwords import require_strong
from core.errors import InvalidInput
from core.throttling import count

log = logging.getLogger(__name__)

PAGE = "/password-reset"
MAILS, SECONDS = 5, 3600  # at most so many mails to one person in so long


class InvalidResetToken(InvalidInput):
    reason = "invalid_reset_token"
    message = gettext_lazy("This link is invalid, used or too old. Ask for a new one.")


def request_reset(email: str) -> None:
    """Mails a link to the person with this address, if there is one. Takes the same time for everybody."""
    user = User.objects.select_related("company").called(email).first() if "@" in email else None
    if user is None or not user.may_enter or not _may_mail(user):
        return
    message = EmailMessage(_("Reset your password"), _text(user), to=[user.email])
    threading.Thread(target=_send, args=(message,), daemon=True).start()  # a slow mail server must not tell who exists


def token_for(user: User) -> str:
    return f"{urlsafe_base64_encode(str(user.pk).encode())}.{default_token_generator.make_token(user)}"


def user_of(token: str) -> User:
    """Raises ``InvalidResetToken``."""
    pk, _dot, signature = token.partition(".")
    try:
        number = int(urlsafe_base64_decode(pk))
    except ValueError:
        raise InvalidResetToken from None
    user = User.objects.select_related("company").filter(pk=number).first() if 0 < number < 2**63 else None
    if user is None or not user.may_enter or not default_token_generator.check_token(user, signature):
        raise InvalidResetToken
    return user


def confirm(token: str, new_password: str) -> User:
    """Sets the password; every token issued before is refused from then on, and a lock-out ends."""
    user = user_of(token)
    require_strong(new_password, user, field="new_password")
    user.set_password(new_password)
    user.save(update_fields=["password"])
    forget_failures(username=key(user.username))
    return user


def _may_mail(user: User) -> bool:
    return not settings.THROTTLE or count(f"reset:{user.pk}", int(time.time() // SECONDS)) <= MAILS


def _text(user: User) -> str:
    link = f"{settings.PUBLIC_URL}{PAGE}?{urlencode({'token': token_for(user)})}"
    return _(
        "Somebody, probably you, asked for a new password for %(username)s at %(product)s.\n\n"
        "Choose one here:\n%(link)s\n\n"
        "If it was not you, do nothing: the old password stays.\n"
    ) % {"username": user.username, "product": settings.APP_NAME, "link": link}


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except Exception:
        log.exception("The mail to reset a password could not be sent.")
