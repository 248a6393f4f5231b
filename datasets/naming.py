"""Names are unique within a session: a given one that is taken is refused, a found one gets a number."""

from collections.abc import Iterator
from itertools import count

from django.utils.translation import gettext_lazy as _

from accounts.models import WorkSession
from core.errors import Conflict
from datasets.models import Dataset

MAX_NAME = 255


class DatasetNameExists(Conflict):
    reason = "dataset_name_exists"
    message = _("Dataset name already exists in this session")


def taken(session: WorkSession | None, name: str) -> bool:
    return session is not None and Dataset.objects.filter(session=session, name=name).exists()


def candidates(session: WorkSession | None, base: str) -> Iterator[str]:
    """``sales``, ``sales (2)``, ``sales (3)`` … that were free a moment ago; the insert decides."""
    used = set(Dataset.objects.filter(session=session, name__startswith=base[:200]).values_list("name", flat=True))
    for number in count(1):
        name = numbered(base, number)
        if name not in used:
            yield name


def numbered(base: str, number: int) -> str:
    tail = "" if number == 1 else f" ({number})"
    return base[: MAX_NAME - len(tail)] + tail
