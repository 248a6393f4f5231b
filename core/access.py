"""An id in a path or a body: the object if it may be used, 403 if it is someone else's, 404 if there is none."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from core.errors import Denied, NotFound

M = TypeVar("M", bound=Model)
LARGEST_ID = 2**63 - 1


def fetch(existing: QuerySet[M], allowed: QuerySet[M], pk: int | str, missing: type[NotFound]) -> M:
    """The object ``pk`` of ``allowed``; ``Denied`` when it is only in ``existing``, ``missing`` when in neither.

    One query when access is given; nothing is loaded and checked afterwards.
    """
    number = int(pk)
    if 0 < number <= LARGEST_ID:
        for found in allowed.filter(pk=number).order_by():  # at most one, and no order to work out
            return found
        if existing.filter(pk=number).exists():
            raise Denied
    raise missing(id=number)
