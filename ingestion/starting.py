"""Starting a session, once; and deleting what is not in use."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import Conflict, InvalidInput
from datasets.models import Dataset
from ingestion import roots
from ingestion.models import Cycle, Project, SyncSession
from jobs import requesting
from jobs.models import Job


class SessionNotPending(InvalidInput):
    reason = "session_not_pending"
    message = _("The session %(id)s is %(status)s; only a pending one can be started or changed.")


class SessionActive(InvalidInput):
    reason = "session_active"
    message = _("The session %(id)s is in progress. Cancel its job first.")


class NothingToUpload(InvalidInput):
    reason = "nothing_to_upload"
    message = _("The session %(id)s has neither a folder nor files.")


class ProjectInUse(Conflict):
    reason = "project_in_use"
    message = _("A session is in progress here. Cancel its job first.")


def start(*, session: SyncSession, user: User) -> Job:
    """Of two who start it at once, one wins; the other is told that it is pending no more."""
    if session.status != SyncSession.Status.PENDING:
        raise SessionNotPending(id=session.pk, status=session.status)
    if session.local_directory:
        roots.existing(session.local_directory, session.project.company_id)
    elif not session.files.exists():
        raise NothingToUpload(id=session.pk)
    with transaction.atomic():
        Project.objects.select_for_update().filter(pk=session.project_id).first()  # nobody deletes it meanwhile
        pending = SyncSession.objects.filter(pk=session.pk, status=SyncSession.Status.PENDING)
        if not pending.update(status=SyncSession.Status.IN_PROGRESS, started_at=timezone.now()):
            raise SessionNotPending(id=session.pk, status=SyncSession.Status.IN_PROGRESS)
        facts = {"session_id": session.pk}
        job = requesting.request(kind="ingest", owner=user, company=session.project.company, payload=facts, links=facts)
        SyncSession.objects.filter(pk=session.pk).update(job=job)
    return job


@transaction.atomic
def delete_project(project: Project) -> None:
    """With its cycles, sessions, files and datasets."""
    Project.objects.select_for_update().filter(pk=project.pk).first()
    if SyncSession.objects.active().filter(project=project).exists():
        raise ProjectInUse
    project.delete()


@transaction.atomic
def delete_cycle(cycle: Cycle) -> None:
    """With its sessions, their files and the datasets that came of them."""
    Project.objects.select_for_update().filter(pk=cycle.project_id).first()
    if SyncSession.objects.active().filter(cycle=cycle).exists():
        raise ProjectInUse
    Dataset.objects.filter(ingested_files__session__cycle=cycle).delete()
    cycle.delete()


@transaction.atomic
def delete_session(session: SyncSession) -> None:
    """With its list of files and their copies; the datasets stay in the project."""
    held = SyncSession.objects.select_for_update().filter(pk=session.pk).first()
    if held is not None and held.status == SyncSession.Status.IN_PROGRESS:
        raise SessionActive(id=session.pk)
    session.delete()
