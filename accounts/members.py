"""Users as their company's admin manages them. A company that has an active admin keeps one."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from accounts.passwords import require_strong
from accounts.registration import refuse_taken_names, save_unique
from core.access import fetch
from core.errors import Denied, InvalidInput, NotFound


class UserNotFound(NotFound):
    reason = "user_not_found"
    message = _("There is no user %(id)s.")


class CompanyNotFound(NotFound):
    reason = "company_not_found"
    message = _("There is no company %(id)s.")


class CompanyRequired(InvalidInput):
    reason = "company_required"
    message = _("You belong to no company: say in company_id which one is meant.")


class LastAdmin(InvalidInput):
    reason = "last_admin"
    message = _("%(username)s is the last active administrator of the company. Make somebody else one first.")


class OwnAccount(InvalidInput):
    reason = "own_account"
    message = _("You can't delete your own account.")


def company_for(user: User, company_id: int | None) -> Company:
    """Where ``user`` may put people: their own company by default; staff in any."""
    if company_id is None:
        if user.company is not None:
            return user.company
        raise CompanyRequired if user.is_staff else Denied
    return fetch(Company.objects.all(), Company.objects.managed_by(user), company_id, CompanyNotFound)


def add(*, company: Company, password: str, **fields: Any) -> User:
    user = User(company=company, **fields)
    refuse_taken_names(user)
    require_strong(password, user)
    user.set_password(password)
    save_unique(user)
    return user


def change(user: User, *, password: str | None = None, **changes: Any) -> User:
    """Writes ``changes`` (fields of ``User``). A new password ends the user's tokens."""
    for name, value in changes.items():
        setattr(user, name, value)
    fields = list(changes)
    refuse_taken_names(user)
    if password is not None:
        require_strong(password, user)
        user.set_password(password)
        fields.append("password")
    with transaction.atomic():
        _keep_an_admin(user, stays=user.is_active and user.is_company_admin)
        save_unique(user, fields)
    return user


def remove(user: User, *, by: User) -> None:
    if user.pk == by.pk:
        raise OwnAccount
    with transaction.atomic():
        _keep_an_admin(user, stays=False)
        user.delete()


def _keep_an_admin(user: User, *, stays: bool) -> None:
    """Raises ``LastAdmin`` if ``user`` is the company's last active one and would no longer be.

    The company's row is locked until the transaction ends, so that two admins can't depose each other at once.
    """
    company_id = User.objects.filter(pk=user.pk).values_list("company_id", flat=True).first()
    if company_id is None:
        return
    list(Company.objects.select_for_update(no_key=True).filter(pk=company_id))
    admins = set(User.objects.active_admins().filter(company_id=company_id).values_list("pk", flat=True))
    leaves = not stays or user.company_id != company_id
    if admins == {user.pk} and leaves:
        raise LastAdmin(username=user.username)
