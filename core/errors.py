"""The families of what can go wrong. A concrete error is a class beside the function that raises it:

    class SessionExpired(InvalidInput):
        reason = "session_expired"
        message = _("This session has expired.")

Only ``core.api`` knows which HTTP status a family has. ``message`` is a %-template over ``details``.
"""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tabular.errors import TableError


class AppError(Exception):
    """Base of every error that a caller is told about. ``details`` are facts, JSON-ready.

    ``retry_after`` (seconds) becomes the header of the same name.
    """

    reason: ClassVar[str] = "error"
    message: ClassVar[str | Promise] = ""
    retry_after: int | None = None

    def __init__(self, *, retry_after: int | None = None, **details: Any) -> None:
        super().__init__(self.reason, details)
        self.details = details
        self.retry_after = retry_after if retry_after is not None else type(self).retry_after


class InvalidInput(AppError):
    reason = "validation_error"
    message = _("The request is not valid.")


class NotAuthenticated(AppError):
    reason = "not_authenticated"
    message = _("Sign in first: send an access token as “Authorization: Bearer …”.")


class Denied(AppError):
    reason = "access_denied"
    message = _("You have no access to this.")


class NotFound(AppError):
    reason = "not_found"
    message = _("There is no such thing.")


class Conflict(AppError):
    reason = "conflict"
    message = _("This conflicts with what exists.")


class TooLarge(AppError):
    reason = "payload_too_large"
    message = _("The request is too large: %(limit)s bytes at most.")


class Unavailable(AppError):
    reason = "unavailable"
    message = _("The service can't do this right now. Try again later.")
    retry_after = 5


# Reasons of errors that the frameworks raise, with the words for each (see core.api).
GENERIC: dict[str, str | Promise] = {
    "validation_error": InvalidInput.message,
    "parse_error": _("The request body can't be read: %(problem)s."),
    "not_authenticated": NotAuthenticated.message,
    "invalid_token": _("The token is invalid or has expired."),
    "access_denied": Denied.message,
    "csrf_failed": _("The form's security token is missing or stale. Reload the page and send it again."),
    "not_found": NotFound.message,
    "route_not_found": _("There is no such address: %(path)s."),
    "method_not_allowed": _("%(method)s is not possible here. Possible: %(allowed)s."),
    "not_acceptable": _("None of the formats asked for is available. Available: %(available)s."),
    "unsupported_media_type": _("A body of type %(media_type)s is not understood here."),
    "throttled": _("Too many requests. Try again in %(seconds)s seconds."),
    "bad_request": _("The request can't be understood."),
    "server_error": _("Something went wrong on our side. It has been logged under the request id."),
    "storage_full": _("The storage is full. Nothing was saved."),
}


def reasons() -> dict[str, str | Promise]:
    """Every reason that an error body can hold, with its message template; the docs print this table."""
    listed = dict(GENERIC)
    for base in (AppError, TableError):
        listed |= {error.reason: error.message for error in subclasses(base) if "reason" in vars(error)}
    return dict(sorted(listed.items()))


def subclasses(base: Any) -> Iterator[Any]:
    for child in base.__subclasses__():
        yield child
        yield from subclasses(child)
