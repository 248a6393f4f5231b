"""What an owner may change: name, description, sharing, roles. And deleting, which frees the bytes."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from datasets import naming
from datasets.models import Dataset
from datasets.reading import DatasetNotFound
from tabular.query import find_column
from tabular.schema import NUMERIC, Column

ROLE_TYPES: dict[str, frozenset[str]] = {
    "date": frozenset({"date", "datetime"}),
    "store": frozenset({"text", "integer", "boolean"}),
    "category": frozenset({"text", "integer", "boolean"}),
    "measures": NUMERIC,
}


class InvalidRoles(InvalidInput):
    reason = "invalid_roles"
    message = _("Roles are an object of %(roles)s; each takes a column's name, measures a list of them, or null.")


class RoleNotPossible(InvalidInput):
    reason = "role_not_possible"
    message = _("The column %(column)s is %(dtype)s; the role %(role)s takes %(dtypes)s.")


class RoleTwice(InvalidInput):
    reason = "role_twice"
    message = _("The column %(column)s can have one role only.")


def update(*, dataset: Dataset, changes: Mapping[str, Any]) -> Dataset:
    """Applies what ``changes`` holds of ``name, description, is_public, roles``; the rest stays as it is."""
    with transaction.atomic():
        row = Dataset.objects.select_for_update().filter(pk=dataset.pk).first()
        if row is None:  # deleted since it was found
            raise DatasetNotFound(id=dataset.pk)
        if "name" in changes:
            row.name = changes["name"]
        if "description" in changes:
            row.description = changes["description"]
        if "is_public" in changes:
            row.shared_with = _sharing(row, changes["is_public"])
        if "roles" in changes:
            _override(row, changes["roles"])
        _save(row)
    return row


def _sharing(dataset: Dataset, public: bool) -> str:
    """No longer public, what lies in a project is the company's again."""
    if public:
        return Dataset.Sharing.EVERYONE
    if not dataset.is_public:
        return dataset.shared_with
    return Dataset.Sharing.COMPANY if dataset.project_id else Dataset.Sharing.OWNER


def _override(dataset: Dataset, asked: Any) -> None:
    before = dataset.roles
    dataset.roles = overrides(dataset, asked)
    if dataset.roles != before:
        dataset.roles_version += 1


def overrides(dataset: Dataset, asked: Any) -> dict[str, Any]:
    """The owner's roles after ``asked``; null gives one back, null for all gives all back."""
    if asked is None:
        return {}
    if not isinstance(asked, Mapping) or set(asked) - set(ROLE_TYPES):
        raise InvalidRoles(roles=list(ROLE_TYPES))
    columns = dataset.columns
    for role, named in asked.items():
        for name in _names(role, named):
            _check(find_column(name, columns), role)
    merged = {role: named for role, named in {**dataset.roles, **asked}.items() if named is not None}
    _once(merged)
    return merged


def _names(role: str, named: Any) -> list[str]:
    if named is None:
        return []
    names = named if role == "measures" else [named]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InvalidRoles(roles=list(ROLE_TYPES))
    return names


def _check(column: Column, role: str) -> None:
    if column.dtype not in ROLE_TYPES[role]:
        raise RoleNotPossible(column=column.name, dtype=column.dtype, role=role, dtypes=sorted(ROLE_TYPES[role]))


def _once(merged: Mapping[str, Any]) -> None:
    names = [name for role, named in merged.items() for name in _names(role, named)]
    for name in names:
        if names.count(name) > 1:
            raise RoleTwice(column=name)


def _save(dataset: Dataset) -> None:
    """The database decides about the name."""
    try:
        with transaction.atomic():
            dataset.save()
    except IntegrityError:
        if Dataset.objects.filter(session=dataset.session_id, name=dataset.name).exclude(pk=dataset.pk).exists():
            raise naming.DatasetNameExists from None
        raise
