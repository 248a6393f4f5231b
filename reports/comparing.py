"""What is compared: two reports that are there, or two datasets that are looked at now."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from analysis import asking
from core.errors import InvalidInput
from datasets.models import Dataset
from datasets.reading import ready, table
from reports import known, reading, stored
from reports.eda import Options, examine
from reports.eda.comparing import compare

SAMPLE = 100_000


class TwoNeeded(InvalidInput):
    reason = "two_needed"
    message = _("Name two datasets (dataset_ids) or two reports (report_ids).")


def compared(user: User, *, report_ids: list[int] | None, dataset_ids: list[int] | None) -> dict[str, Any]:
    """``{first, second, …}``: what was compared, and how they differ; in no language, with ids of the asker's own."""
    if bool(report_ids) == bool(dataset_ids) or len(report_ids or dataset_ids or ()) != 2:
        raise TwoNeeded
    if report_ids:
        reports = [reading.completed(reading.visible(user, pk)) for pk in report_ids]
        names = [{"report_id": one.pk, "name": one.title} for one in reports]
        sides = [stored.results(one) for one in reports]
    else:
        datasets = [ready(user, pk) for pk in dataset_ids or ()]
        names = [{"dataset_id": one.pk, "name": one.name} for one in datasets]
        sides = [_examined(one) for one in datasets]
    return {"first": names[0], "second": names[1]} | compare(*sides)


def _examined(dataset: Dataset) -> dict[str, Any]:
    """Its newest report on all rows, else a look at it now: of a large one, at a sample that is the same each time."""
    before = known.results(dataset, None)
    if before is not None:
        return dict(before)
    options = Options(sample_size=SAMPLE, max_plots=0, seed=dataset.content_hash, roles=dataset.effective_roles)
    return examine(table(dataset), options, asking.known(dataset=dataset, kind="profile"))
