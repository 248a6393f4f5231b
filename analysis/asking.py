"""Asking a dataset: find the kept answer, or compute it once, however many ask at the same moment.

The unique key of ``AnalysisJob`` decides who computes. The winner holds a lease and renews it while it works; everybody
else waits for the row. A lease that is not renewed (its process was killed) is taken over by the next who asks.
"""

import hashlib
import json
import logging
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from analysis import leases
from analysis.models import AnalysisJob, CategoryLabel
from analysis.services import ENGINE_VERSION, KINDS, Answer, Service
from core.api import dumps
from core.errors import NotFound, Unavailable
from datasets.models import Dataset
from datasets.reading import DatasetNotFound, table

log = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(minutes=10)
# How an answer says whose it is, before its own fields.
IDENTIFIED_BY = {"summary": "id", "correlation": "id", "trend": "id", "cohort": "id", "profile": "dataset_id"}


class UnknownKind(NotFound):
    reason = "analysis_kind_not_found"
    message = _("There is no analysis %(kind)s. There are: %(kinds)s.")


class AnswerTakesTooLong(Unavailable):
    reason = "analysis_still_running"
    message = _("The same question is still being computed. Ask again later.")
    retry_after = 30


@dataclass(frozen=True, slots=True)
class Question:
    """One question, with everything its answer depends on."""

    dataset: Dataset
    kind: str
    params: Any
    labels_of: int | None  # the company whose words for categories go into the answer
    key: str


def question(*, dataset: Dataset, kind: str, data: Mapping[str, Any]) -> Question:
    """Reads the parameters against the dataset's columns and roles; raises ``TableError`` for what is wrong."""
    service = service_for(kind)
    params = service.parse(data, dataset.columns, dataset.effective_roles)
    company_id = _company_of(dataset) if service.uses_labels else None
    facts = [kind, params.canonical(), dataset.roles_version, _labels_version(company_id), ENGINE_VERSION]
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Question(dataset, kind, params, company_id, key)


def service_for(kind: str) -> Service:
    try:
        return KINDS[kind]
    except KeyError:
        raise UnknownKind(kind=kind[:100], kinds=sorted(KINDS)) from None


def _company_of(dataset: Dataset) -> int | None:
    return dataset.company_id or (dataset.owner.company_id if dataset.owner else None)


def _labels(company_id: int) -> dict[str, str]:
    return dict(CategoryLabel.objects.filter(company_id=company_id).values_list("category", "display_name"))


def _labels_version(company_id: int | None) -> str:
    if company_id is None:
        return ""
    found = CategoryLabel.objects.filter(company_id=company_id).aggregate(n=Count("id"), last=Max("updated_at"))
    return f"{found['n']} {found['last'] or ''}"


def answer(*, asked: Question, user: User | None) -> tuple[AnalysisJob, bool]:
    """The job with the answer, and whether it was there already."""
    give_up = timezone.now() + LONGEST_WAIT
    pause = 0.01
    while timezone.now() < give_up:
        job = _found(asked)
        if job is not None and job.status == AnalysisJob.Status.SUCCEEDED:
            return job, True
        if lease := _claim(asked, job, user):
            return _compute(asked, *lease), False
        time.sleep(pause)
        pause = min(pause * 1.5, 0.25)
    raise AnswerTakesTooLong


def _found(asked: Question) -> AnalysisJob | None:
    """The job with this key, with no more than it takes to answer from it."""
    known = AnalysisJob.objects.filter(dataset=asked.dataset, key=asked.key).order_by()
    return next(iter(known.only("key", "kind", "status", "body", "ended_at", "dataset_id")), None)


def known(*, dataset: Dataset, kind: str) -> dict[str, Any] | None:
    """The answer to a question without parameters as the dataset is now, if it was ever asked; nothing is computed."""
    asked = question(dataset=dataset, kind=kind, data={})
    kept = AnalysisJob.objects.filter(dataset=dataset, key=asked.key, status=AnalysisJob.Status.SUCCEEDED)
    body = kept.values_list("body", flat=True).first()
    return parsed(body) if body else None


def parsed(body: bytes | memoryview | None) -> dict[str, Any]:
    """A kept answer."""
    found: dict[str, Any] = orjson.loads(bytes(body or b"{}"))
    return found


def _claim(asked: Question, job: AnalysisJob | None, user: User | None) -> tuple[int, str] | None:
    """``(job id, lease)`` for the one process that may compute now, None for all others."""
    lease, until = uuid.uuid4().hex, timezone.now() + leases.LEASE
    if job is None:
        try:
            with transaction.atomic():
                job = AnalysisJob.objects.create(
                    dataset=asked.dataset, key=asked.key, kind=asked.kind, params=asked.params.canonical(),
                    asked_by=user, lease=lease, lease_until=until,
                )  # fmt: skip
        except IntegrityError:
            if not Dataset.objects.filter(pk=asked.dataset.pk).exists():
                raise DatasetNotFound(id=asked.dataset.pk) from None
            return None
        return job.pk, lease
    free = Q(status=AnalysisJob.Status.FAILED) | Q(status=AnalysisJob.Status.RUNNING, lease_until__lt=timezone.now())
    taken = AnalysisJob.objects.filter(free, pk=job.pk).update(
        status=AnalysisJob.Status.RUNNING, lease=lease, lease_until=until, error=None
    )
    return (job.pk, lease) if taken else None


def _compute(asked: Question, job_id: int, lease: str) -> AnalysisJob:
    mine = AnalysisJob.objects.filter(pk=job_id, lease=lease)
    started = time.perf_counter()
    try:
        with leases.kept(job_id, lease):
            found = _run(asked)
    except Exception as error:
        _close_failed(mine, error)
        raise
    known = {
        "status": AnalysisJob.Status.SUCCEEDED,
        "body": _body(asked, job_id, found),
        "receipt": receipt(asked, found),
        "milliseconds": round((time.perf_counter() - started) * 1000, 3),
        "ended_at": timezone.now(),
    }
    if not mine.update(lease="", lease_until=None, **known):
        # The lease was lost meanwhile: whoever took it over has, or will have, the same answer.
        return answer(asked=asked, user=None)[0]
    return AnalysisJob(pk=job_id, dataset=asked.dataset, kind=asked.kind, key=asked.key, **known)


def _run(asked: Question) -> Answer:
    labels = _labels(asked.labels_of) if asked.labels_of else {}
    return KINDS[asked.kind].run(table(asked.dataset), asked.params, labels)


def _body(asked: Question, job_id: int, found: Answer) -> bytes:
    name = IDENTIFIED_BY.get(asked.kind)
    return dumps(({name: asked.dataset.pk} if name else {}) | found.result | {"job_id": job_id})


def receipt(asked: Question, found: Answer) -> dict[str, Any]:
    """What the answer rests on, so that anybody can check it."""
    return {
        "content_hash": asked.dataset.content_hash,
        "kind": asked.kind,
        "params": asked.params.canonical(),
        "engine_version": ENGINE_VERSION,
        **found.receipt,
    }


def _close_failed(mine: Any, error: Exception) -> None:
    """A question that can't be answered leaves no job behind; a crash leaves one for the operators to see."""
    reason = getattr(error, "reason", None)
    if reason:
        mine.delete()
        return
    log.exception("analysis crashed")
    mine.update(
        status=AnalysisJob.Status.FAILED,
        error={"reason": "server_error", "message": type(error).__name__},
        ended_at=timezone.now(),
        lease="",
        lease_until=None,
    )
