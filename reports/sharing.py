"""Links that let somebody without an account read a report, for as long and as often as its owner wants."""

import hashlib
import secrets
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput, NotAuthenticated, NotFound
from reports import making
from reports.models import AccessLog, Report, ShareLink

MOST_LINKS = 1000


class LinkNotFound(NotFound):
    """Wrong, used up, expired or revoked: nobody learns which."""

    reason = "share_link_not_found"
    message = _("There is nothing here. The link may have expired.")


class PasswordRequired(NotAuthenticated):
    reason = "share_password_required"
    message = _("This report needs a password. Send it as X-Share-Password.")


class ExpiryPassed(InvalidInput):
    reason = "expiry_passed"
    message = _("expires_at must lie in the future.")


class TooManyLinks(InvalidInput):
    reason = "too_many_share_links"
    message = _("A report can have %(limit)s links. Revoke them to make new ones.")


class Shared(NamedTuple):
    """``token`` is shown this once; only its hash is kept."""

    link: ShareLink
    token: str

    @property
    def url(self) -> str:
        return f"{settings.PUBLIC_URL}/api/v1/reports/shared/{self.token}"


@transaction.atomic
def share(
    report: Report,
    *,
    is_public: bool | None = None,
    expires_at: datetime | None = None,
    max_views: int | None = None,
    password: str | None = None,
) -> Shared:
    """One more link. ``is_public`` also puts the report on the public list, or takes it off."""
    if expires_at is not None and expires_at <= timezone.now():
        raise ExpiryPassed(expires_at=expires_at.isoformat())
    if report.links.filter(revoked_at__isnull=True).count() >= MOST_LINKS:
        raise TooManyLinks(limit=MOST_LINKS)
    if is_public is not None:
        making.change(report, {"is_public": is_public})
    token = secrets.token_urlsafe(32)
    link = ShareLink.objects.create(
        report=report, token_hash=_hash(token), expires_at=expires_at, max_views=max_views,
        password=make_password(password) if password else "",
    )  # fmt: skip
    return Shared(link, token)


def revoke(report: Report) -> None:
    """All links of the report, for good."""
    report.links.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def opened(token: str, password: str | None) -> ShareLink:
    """The open link of this token, its password checked. Nothing is counted yet."""
    found = ShareLink.objects.open_at(timezone.now()).filter(token_hash=_hash(token))
    link = found.select_related("report").defer("report__results").first()
    if link is None:
        raise LinkNotFound
    if link.password and not (password and check_password(password, link.password)):
        raise PasswordRequired
    return link


@transaction.atomic
def count(link: ShareLink, **access: Any) -> None:
    """One view. Of many at once no more than ``max_views`` get through; the others find nothing."""
    if not ShareLink.objects.open_at(timezone.now()).filter(pk=link.pk).update(views=F("views") + 1):
        raise LinkNotFound
    AccessLog.objects.create(link=link, **access)
