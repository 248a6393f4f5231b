"""A dataset for somebody who asks: found, allowed, ready, and its table."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User, WorkSession
from core.access import fetch
from core.errors import Conflict, NotFound
from datasets import storage
from datasets.models import Dataset
from tabular.engines.local import Table


class DatasetNotFound(NotFound):
    reason = "dataset_not_found"
    message = _("There is no dataset %(id)s.")


class NoDatasetInSession(NotFound):
    reason = "no_dataset_in_session"
    message = _("The session %(session_id)s has no dataset that is ready.")


class DatasetNotReady(Conflict):
    reason = "dataset_not_ready"
    message = _("The dataset %(id)s is still being read. Ask again in a moment.")
    retry_after = 5


class DatasetFailed(Conflict):
    reason = "dataset_failed"
    message = _("The file of the dataset %(id)s could not be read, so there is nothing to ask it.")


def readable(user: User, pk: int | str) -> Dataset:
    """The dataset ``pk``, whatever its state; 404 without one, 403 when it is not for ``user``."""
    return fetch(Dataset.objects.all(), Dataset.objects.visible_to(user), pk, DatasetNotFound)


def editable(user: User, pk: int | str) -> Dataset:
    """As ``readable``, for somebody who wants to change or delete it."""
    return fetch(Dataset.objects.all(), Dataset.objects.editable_by(user), pk, DatasetNotFound)


def ready(user: User, pk: int | str) -> Dataset:
    """As ``readable``, and its table can be asked; else 409."""
    visible = Dataset.objects.visible_to(user).defer("report", "options", "description")  # a report can be long
    dataset = fetch(Dataset.objects.all(), visible, pk, DatasetNotFound)
    if dataset.status == Dataset.Status.FAILED:
        raise DatasetFailed(id=dataset.pk)
    if dataset.status != Dataset.Status.READY:
        raise DatasetNotReady(id=dataset.pk)
    return dataset


def newest_ready(session: WorkSession) -> Dataset:
    """What an analysis of a session means when it names no dataset."""
    dataset = session.datasets.ready().order_by("-pk").first()
    if dataset is None:
        raise NoDatasetInSession(session_id=session.pk)
    return dataset


def table(dataset: Dataset) -> Table:
    """The stored table, with the owner's roles."""
    return Table(storage.local_parquet(dataset), dataset.columns)
