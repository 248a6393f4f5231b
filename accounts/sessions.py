"""Work sessions: where an upload lands, and whose datasets a list shows."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from accounts.authentication import caller
from accounts.models import WorkSession
from accounts.tokens import SESSION_CLAIM
from core.access import fetch
from core.errors import InvalidInput, NotFound

COOKIE_KEY = "work_session_id"


class SessionNotFound(NotFound):
    reason = "session_not_found"
    message = _("There is no session %(id)s.")


class SessionExpired(InvalidInput):
    reason = "session_expired"
    message = _("Session %(id)s has expired. Leave session_id out to upload into the current one.")


def session_for(request: Request, *, session_id: int | str | None = None) -> WorkSession:
    """The session to upload into: the one asked for, else the caller's own, which is made anew when it is over.

    Raises ``SessionNotFound``, ``Denied`` (someone else's) or ``SessionExpired``, each for an explicit id only.
    """
    if session_id is not None and session_id != "":
        session = _asked(request, session_id)
        if session.expired:
            raise SessionExpired(id=session.pk)
        return session
    current = _current(request)
    return current if current is not None and not current.expired else _successor(request, current)


def readable_session(request: Request, *, session_id: int | str | None = None) -> WorkSession:
    """The session to read from, expired or not: the one asked for, else the caller's own.

    Raises ``SessionNotFound`` or ``Denied`` (someone else's), each for an explicit id only.
    """
    if session_id is not None and session_id != "":
        return _asked(request, session_id)
    return _current(request) or _successor(request, None)


def _asked(request: Request, session_id: int | str) -> WorkSession:
    written = str(session_id)
    if not (written.isascii() and written.isdigit() and len(written) <= 30):
        raise ValidationError({"session_id": [_("A valid integer is required.")]})
    mine = WorkSession.objects.of(caller(request))
    return fetch(WorkSession.objects.all(), mine, written, SessionNotFound)


def _current(request: Request) -> WorkSession | None:
    """The session that the caller's login began; its id is in the token, for sign-in by cookie in the cookie's data."""
    store: Any = request.auth if request.auth is not None else request.session
    pk = store.get(SESSION_CLAIM if request.auth is not None else COOKIE_KEY)
    return WorkSession.objects.of(caller(request)).filter(pk=pk).first()


def _successor(request: Request, over: WorkSession | None) -> WorkSession:
    """A new session; several uploads with the token of an expired one share its successor."""
    session = None
    if over is not None:
        session = WorkSession.objects.of(caller(request)).live().filter(created_at__gte=over.expires_at).first()
    session = session or WorkSession.objects.create(user=caller(request))
    if request.auth is None:
        request.session[COOKIE_KEY] = session.pk
    return session
