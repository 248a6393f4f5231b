"""Access and refresh tokens: issued, rotated, revoked, and told from stale ones.

Each token holds a claim of its owner's password hash, so a new password ends every older token at once, and the id of
the work session that its login began. The database keeps the ids of refresh tokens, never the tokens.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from rest_framework_simplejwt import tokens
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.utils import datetime_from_epoch, get_md5_hash_password

from accounts.models import User, WorkSession
from core.errors import GENERIC, NotAuthenticated

SESSION_CLAIM = "session_id"


class InvalidToken(NotAuthenticated):
    reason = "invalid_token"
    message = GENERIC["invalid_token"]  # type: ignore[assignment]


class _MaybeSpent(tokens.RefreshToken):
    def check_blacklist(self) -> None:
        """Good or spent: to end it once more changes nothing."""


@dataclass(frozen=True)
class Pair:
    access: str
    refresh: str
    session_id: int
    expires_in: int  # seconds that the access token lasts


def issue(user: User, lasting: timedelta | None = None) -> Pair:
    """The tokens of a new login, in a new work session; ``lasting`` is the access token's, else the settings'."""
    OutstandingToken.objects.filter(user=user, expires_at__lt=timezone.now()).delete()
    with transaction.atomic():
        session = WorkSession.objects.create(user=user)
        return _pair(user, session.pk, lasting)


def rotate(raw: str) -> Pair:
    """A new pair for a refresh token, which is spent by it: of two that come at once, one is refused."""
    token, user = _refresh_token(raw)
    with transaction.atomic():
        if not _spend(token, user):
            raise InvalidToken
        return _pair(user, _session_of(token, user))


def fresh_access(raw: str) -> str:
    """Another access token for a refresh token that stays good."""
    token, _user = _refresh_token(raw)
    return str(token.access_token)


def verify(raw: str) -> None:
    """Raises ``InvalidToken`` unless this is an access or a refresh token that would be taken."""
    try:
        token: tokens.Token = tokens.AccessToken(raw)  # type: ignore[arg-type]
    except TokenError:
        _refresh_token(raw)
    else:
        owner(token)


def revoke(raw: str) -> None:
    """Ends a refresh token. One that has ended already stays so."""
    try:
        token = _MaybeSpent(raw)  # type: ignore[arg-type]
    except TokenError:
        raise InvalidToken from None
    _spend(token, User.objects.filter(pk=token[api_settings.USER_ID_CLAIM]).first())


def owner(token: tokens.Token) -> User:
    """Whose token this is, with the company: one query. Raises ``InvalidToken`` when it no longer counts."""
    user = User.objects.select_related("company").filter(pk=token.get(api_settings.USER_ID_CLAIM)).first()
    if user is None or not user.may_enter:
        raise InvalidToken
    if not constant_time_compare(str(token.get(api_settings.REVOKE_TOKEN_CLAIM)), get_md5_hash_password(user.password)):
        raise InvalidToken
    return user


def _refresh_token(raw: str) -> tuple[tokens.RefreshToken, User]:
    try:
        token = tokens.RefreshToken(raw)  # type: ignore[arg-type]
    except TokenError:
        raise InvalidToken from None
    return token, owner(token)


def _pair(user: User, session_id: int, lasting: timedelta | None = None) -> Pair:
    refresh = tokens.RefreshToken()
    refresh[api_settings.USER_ID_CLAIM] = str(user.pk)
    refresh[api_settings.REVOKE_TOKEN_CLAIM] = get_md5_hash_password(user.password)
    refresh[SESSION_CLAIM] = session_id
    WorkSession.objects.filter(pk=session_id).update(expires_at=_end(refresh))
    _remember(refresh, user)
    lasting = lasting or settings.ACCESS_TOKEN_LIFETIME
    access = refresh.access_token
    access.set_exp(from_time=refresh.current_time, lifetime=lasting)
    seconds = int(lasting.total_seconds())
    return Pair(access=str(access), refresh=str(refresh), session_id=session_id, expires_in=seconds)


def _session_of(token: tokens.Token, user: User) -> int:
    session = WorkSession.objects.of(user).filter(pk=token.get(SESSION_CLAIM)).first()
    return (session or WorkSession.objects.create(user=user)).pk


def _end(token: tokens.Token) -> datetime:
    return datetime_from_epoch(token["exp"])


def _remember(token: tokens.RefreshToken, user: User | None) -> OutstandingToken:
    known = {"user": user, "created_at": token.current_time, "expires_at": _end(token), "token": ""}
    return OutstandingToken.objects.get_or_create(jti=token[api_settings.JTI_CLAIM], defaults=known)[0]


def _spend(token: tokens.RefreshToken, user: User | None) -> bool:
    """Whether this call was the one that ended the token."""
    return BlacklistedToken.objects.get_or_create(token=_remember(token, user))[1]
