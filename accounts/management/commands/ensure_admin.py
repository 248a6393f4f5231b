"""The first administrator of an installation."""

import secrets

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.db import IntegrityError, transaction

from accounts.models import Company, User, default_company
from accounts.passwords import WeakPassword, require_strong


class Command(BaseCommand):
    help = (
        "Makes the first superuser, administrator of company 1, from ADMIN_USERNAME, ADMIN_PASSWORD and ADMIN_EMAIL. "
        "Without a password, one is generated and printed once. Does nothing where there is a superuser."
    )
    requires_system_checks = []

    def handle(self, *args: object, **options: object) -> None:
        if User.objects.filter(is_superuser=True).exists():
            return
        password = settings.ADMIN_PASSWORD or secrets.token_urlsafe(15)
        user = self._checked(password)
        user.set_password(password)  # slow on purpose, so before the transaction
        try:
            made = _save_first(user)
        except IntegrityError:
            raise CommandError(
                f"No administrator yet, and {user.username!r} or {user.email!r} belongs to somebody else. "
                "Set ADMIN_USERNAME and ADMIN_EMAIL to a name and an address that are free."
            ) from None
        if made:
            self._tell(user, password)

    def _checked(self, password: str) -> User:
        user = User(username=settings.ADMIN_USERNAME, email=settings.ADMIN_EMAIL, role=User.Role.ADMIN)
        user.is_staff = user.is_superuser = True
        try:
            user.clean()
            user.clean_fields(exclude=["password"])
        except ValidationError as error:
            raise CommandError(f"ADMIN_USERNAME or ADMIN_EMAIL can't be used: {'; '.join(error.messages)}") from None
        try:
            require_strong(password, user)
        except WeakPassword as weak:
            self.stderr.write(f"ADMIN_PASSWORD is weak, change it soon: {' '.join(weak.details['problems'])}")
        return user

    def _tell(self, user: User, password: str) -> None:
        shown = f"password {password}  (shown only now)" if not settings.ADMIN_PASSWORD else "the password you set"
        self.stdout.write(f"\nFirst administrator: {user.username}, {shown}\n")


def _save_first(user: User) -> bool:
    """False where another process was quicker."""
    user.company = default_company()
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=user.company.pk)
        if User.objects.filter(is_superuser=True).exists():
            return False
        user.save()
    return True
