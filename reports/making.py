"""Making a report: the job, how it ends, and how it is tried again."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import User
from analysis import asking
from core.errors import NotFound
from datasets import storage
from datasets.models import Dataset
from datasets.reading import DatasetNotFound, ready
from jobs import requesting
from jobs.models import Job
from jobs.progress import Progress, Stopped
from reports import known, pages, stored
from reports.eda import Options, examine
from reports.models import Report
from tabular.engines.local import Table
from tabular.query import find_column

KIND = "report"
SECTIONS = {
    "reading": gettext_noop("Reading the table"),
    "columns": gettext_noop("Looking at each column"),
    "correlations": gettext_noop("Comparing the columns"),
    "missing": gettext_noop("Looking for what is missing"),
    "target": gettext_noop("Relating the columns to the target"),
    "timeseries": gettext_noop("Following the measures over time"),
    "findings": gettext_noop("Writing down the findings"),
    "pages": gettext_noop("Drawing the pages"),
}
CANCELLED = {"reason": "report_cancelled", "message": gettext_noop("The report was cancelled."), "details": {}}
FORMATS = {"console": (), "html": ("html",), "interactive": ("interactive",), "all": ("html", "interactive")}


class ReportGone(NotFound):
    reason = "report_not_found"
    message = _("There is no report %(id)s.")


@transaction.atomic
def ask(*, user: User, dataset: Dataset, language: str, **wishes: Any) -> tuple[Report, Job]:
    """A new report and the job that makes it. A target that does not exist is refused at once."""
    if wishes.get("target_column") is not None:
        find_column(wishes["target_column"], dataset.columns)
    report = Report.objects.create(owner=user, dataset=dataset, **wishes)
    payload = {"report_id": report.pk, "language": language}
    links = {"report_id": report.pk, "dataset_id": dataset.pk}
    job = requesting.request(kind=KIND, owner=user, payload=payload, links=links)
    Report.objects.filter(pk=report.pk).update(job=job)
    report.job = job
    return report, job


def make(job: Job, progress: Progress) -> dict[str, Any]:
    """The job: results and the pages of its mode. The dataset may be gone by now: then the job says so."""
    report = _report(job)
    Report.objects.filter(pk=report.pk).update(status=Report.Status.PROCESSING)
    if report.dataset_id is None:
        raise DatasetNotFound(id=job.links.get("dataset_id"))
    dataset = ready(report.owner, report.dataset_id)
    with _surviving(dataset):
        results = _examined(report, dataset, progress)
    drawn = _drawn(report, results, job.payload.get("language", "en"), progress)
    with progress.fenced():
        found = {
            "results": stored.packed(results),
            "data_quality_score": results["quality"]["score"],
            "problem_type": results["target"] and results["target"]["problem_type"],
            "status": Report.Status.COMPLETED,
            "completed_at": timezone.now(),
            "error": None,
        }
        if not Report.objects.filter(pk=report.pk).update(**found):
            raise ReportGone(id=report.pk)
        pages.keep(report, drawn)
    return {"report_id": report.pk, "data_quality_score": results["quality"]["score"]}


@contextmanager
def _surviving(dataset: Dataset) -> Iterator[None]:
    """Whatever goes wrong when the dataset was deleted meanwhile: that is why."""
    try:
        yield
    except Stopped:
        raise
    except Exception as error:
        if not Dataset.objects.filter(pk=dataset.pk).exists():
            raise DatasetNotFound(id=dataset.pk) from error
        raise


def _report(job: Job) -> Report:
    report = Report.objects.filter(pk=job.payload["report_id"]).defer("results").select_related("owner").first()
    if report is None:
        raise ReportGone(id=job.payload["report_id"])
    return report


def _examined(report: Report, dataset: Dataset, progress: Progress) -> dict[str, Any]:
    options = Options(
        target=report.target_column,
        sample_size=report.sample_size,
        max_plots=report.max_plots,
        seed=dataset.content_hash,
        roles=dataset.effective_roles,
        rejected=_rejected(dataset),
    )
    table = Table(storage.local_parquet(dataset), dataset.columns)

    def look(percent: float, section: str) -> None:
        progress(percent * 0.9, SECTIONS[section])

    before = known.results(dataset, report.sample_size)
    return examine(
        table, options, None if before else asking.known(dataset=dataset, kind="profile"), look, before=before
    )


def _rejected(dataset: Dataset) -> int:
    """How many records of the file are not in the table."""
    aside = [one for one in dataset.report.get("warnings", []) if one["reason"] == "rows_kept_aside"]
    return sum(one["details"].get("count", 0) for one in aside)


def _drawn(report: Report, results: dict[str, Any], language: str, progress: Progress) -> list[pages.Drawn]:
    progress(92, SECTIONS["pages"])
    report.completed_at = timezone.now()
    return [pages.draw(report, results, name, language) for name in FORMATS[report.analysis_mode]]


def give_up(job: Job) -> None:
    """The job failed or was cancelled: the report says why."""
    open_ = Report.objects.filter(pk=job.payload["report_id"]).exclude(status=Report.Status.COMPLETED)
    open_.update(status=Report.Status.FAILED, error=job.error or CANCELLED)


def again(job: Job) -> None:
    """Before a retry."""
    Report.objects.filter(pk=_report(job).pk).update(status=Report.Status.PENDING, error=None)


@transaction.atomic
def change(report: Report, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(report, name, value)
    report.save(update_fields=list(changes))
    if {"title", "description"} & changes.keys():
        pages.forget(report)


def drop(report: Report) -> None:
    """Calls off the work on it first."""
    if report.job is not None and not report.job.ended:
        with suppress(requesting.JobEnded):
            requesting.cancel(report.job)
    report.delete()
