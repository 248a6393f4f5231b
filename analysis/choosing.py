"""Which dataset is asked: ``dataset_id``, the newest ready one of ``session_id``, or both when they belong together."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from accounts.authentication import caller
from accounts.sessions import readable_session
from core.errors import InvalidInput
from datasets.models import Dataset
from datasets.reading import newest_ready, ready


class DatasetRequired(InvalidInput):
    reason = "dataset_required"
    message = _("Say which dataset: send dataset_id, session_id, or both.")


class DatasetNotInSession(InvalidInput):
    reason = "dataset_not_in_session"
    message = _("Dataset %(dataset_id)s does not belong to session %(session_id)s.")


class InvalidId(InvalidInput):
    reason = "invalid_id"
    message = _("%(field)s must be a whole number above 0.")


def choose(*, request: Request, data: Mapping[str, Any]) -> Dataset:
    """The dataset a question is about; raises 400, 403, 404 and 409 as the contract says."""
    dataset_id, session_id = _id(data, "dataset_id"), _id(data, "session_id")
    if dataset_id is None and session_id is None:
        raise DatasetRequired
    if session_id is None:
        return ready(caller(request), dataset_id or 0)
    session = readable_session(request, session_id=session_id)
    if dataset_id is None:
        return newest_ready(session)
    dataset = ready(caller(request), dataset_id)
    if dataset.session_id != session.pk:
        raise DatasetNotInSession(dataset_id=dataset_id, session_id=session_id)
    return dataset


def _id(data: Mapping[str, Any], field: str) -> int | None:
    value = data.get(field)
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 18:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InvalidId(field=field)
    return value
