"""People, their companies, and the work sessions that a login starts."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import names
from core.text import FORBIDDEN

DEFAULT_COMPANY_ID = 1
DEFAULT_COMPANY_NAME = "Default Company"

username_rule = RegexValidator(r"\A[\w.+-]{1,150}\Z", _("Use 1 to 150 letters, digits and . _ + - only."))
no_forbidden_characters = RegexValidator(FORBIDDEN, _("This text holds a NUL."), inverse_match=True)


class CompanyQuerySet(models.QuerySet["Company"]):
    def visible_to(self, user: "User") -> "CompanyQuerySet":
        """One's own; staff see all."""
        return self if user.is_staff else self.filter(pk=user.company_id)

    def managed_by(self, user: "User") -> "CompanyQuerySet":
        if user.is_staff:
            return self
        return self.visible_to(user) if user.is_company_admin else self.none()


class Company(models.Model):
    """A company owns projects; its members see what lies in them, its admins manage members and details."""

    company_name = models.CharField(max_length=200, validators=[no_forbidden_characters])
    company_code = models.CharField(max_length=50, blank=True, validators=[no_forbidden_characters])
    contact_email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "companies"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.company_name


def default_company() -> Company:
    """Company 1, made when it is missing (a migration makes it on every new installation)."""
    company, _made = Company.objects.get_or_create(
        pk=DEFAULT_COMPANY_ID, defaults={"company_name": DEFAULT_COMPANY_NAME, "company_code": "default"}
    )
    return company


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: "User") -> "UserQuerySet":
        """Oneself and colleagues; staff see everybody."""
        if user.is_staff:
            return self
        if user.company_id is None:
            return self.filter(pk=user.pk)
        return self.filter(company_id=user.company_id)

    def managed_by(self, user: "User") -> "UserQuerySet":
        """Whom ``user`` may change: a company's admin their colleagues, staff everybody.

        Never somebody with more rights than oneself: whoever sets a password can sign in with it.
        """
        if user.is_superuser:
            return self
        if user.is_staff:
            return self.filter(is_superuser=False)
        if user.is_company_admin and user.company_id is not None:
            return self.filter(company_id=user.company_id, is_staff=False, is_superuser=False)
        return self.none()

    def called(self, name: str) -> "UserQuerySet":
        """The one whose user name or e-mail this is, in any case. A user name never holds an ``@``."""
        field = "email" if "@" in name else "username"
        return self.alias(name_key=Lower(field)).filter(name_key=names.key(name))

    def active_admins(self) -> "UserQuerySet":
        return self.filter(role=User.Role.ADMIN, is_active=True)


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        return names.canonical(super().normalize_email(email))

    def get_by_natural_key(self, username: str | None) -> Any:
        """Django's own look-up, in any case too."""
        return self.called(username or "").get()

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra: Any
    ) -> Any:
        """A superuser administers company 1."""
        extra.setdefault("company", default_company())
        extra.setdefault("role", User.Role.ADMIN)
        return super().create_superuser(username, email, password, **extra)


class User(AbstractUser):
    """A person with a name, an e-mail and one company. Names and e-mails are unique without regard to case."""

    class Role(models.TextChoices):
        ADMIN = "admin", _("admin")
        USER = "user", _("user")

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    username = models.CharField(max_length=150, unique=True, validators=[username_rule])
    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=200, blank=True, validators=[no_forbidden_characters])
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="users", null=True, blank=True)
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.USER)

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_username_any_case"),
            models.UniqueConstraint(Lower("email"), name="user_email_any_case"),
        ]

    def __str__(self) -> str:
        return self.username

    @classmethod
    def normalize_username(cls, username: str | None) -> str:
        return names.canonical(username or "")  # a form hands on None for a name that it refused

    @property
    def is_company_admin(self) -> bool:
        return self.role == self.Role.ADMIN

    @property
    def may_enter(self) -> bool:
        """Not disabled, nor is the company: of a disabled company only the admins (and staff) get in, to enable it."""
        if not self.is_active:
            return False
        return self.company is None or self.company.is_active or self.is_company_admin or self.is_staff

    def get_full_name(self) -> str:
        return self.full_name or self.username

    def get_short_name(self) -> str:
        return self.username


class WorkSessionQuerySet(models.QuerySet["WorkSession"]):
    def of(self, user: User) -> "WorkSessionQuerySet":
        return self.filter(user=user)

    def live(self) -> "WorkSessionQuerySet":
        return self.filter(expires_at__gt=timezone.now())


def session_end() -> datetime:
    return timezone.now() + settings.REFRESH_TOKEN_LIFETIME


class WorkSession(models.Model):
    """What one login started: uploads without a ``session_id`` land in the session of their token.

    It ends with the refresh token and moves with it; an expired one keeps its datasets.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="work_sessions")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=session_end)

    objects = WorkSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"session {self.pk} of {self.user_id}"

    @property
    def expired(self) -> bool:
        return self.expires_at <= timezone.now()
