"""New people: names nobody else has, and for who registers a company of their own."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from accounts.names import usernames_for
from accounts.passwords import require_strong
from core.errors import Denied, InvalidInput


class EmailTaken(InvalidInput):
    reason = "email_already_exists"
    message = _("This e-mail address is already registered.")


class UsernameTaken(InvalidInput):
    reason = "username_already_exists"
    message = _("This user name is already taken.")


class RegistrationClosed(Denied):
    reason = "registration_closed"
    message = _("Registration is closed here. Ask an administrator for an account.")


def require_open() -> None:
    if settings.REGISTRATION == "closed":
        raise RegistrationClosed


def register(*, email: str, password: str, username: str = "", full_name: str = "") -> User:
    """Makes a user and their company. Without ``username``, one is derived from the e-mail and made unique."""
    require_open()
    user = User(email=email, username=username or next(usernames_for(email)), full_name=full_name)
    user.role = User.Role.ADMIN
    refuse_taken_names(user, email_only=not username)
    require_strong(password, user)
    user.set_password(password)  # slow on purpose, so before any transaction
    for name in [username] if username else usernames_for(email):
        user.username = name
        try:
            _save_with_company(user)
            break
        except UsernameTaken:
            if username:
                raise
    return user


def _save_with_company(user: User) -> None:
    refuse_taken_names(user)
    with transaction.atomic():
        user.company = Company.objects.create(company_name=user.full_name or user.username, contact_email=user.email)
        save_unique(user)


def save_unique(user: User, fields: list[str] | None = None) -> None:
    """Saves; whoever lost the race for a name gets the same answer as who came late."""
    try:
        with transaction.atomic():
            user.save(update_fields=fields)
    except IntegrityError:
        refuse_taken_names(user)
        raise


def refuse_taken_names(user: User, email_only: bool = False) -> None:
    others = User.objects.exclude(pk=user.pk)
    if others.called(user.email).exists():
        raise EmailTaken
    if not email_only and others.called(user.username).exists():
        raise UsernameTaken
