"""Projects, cycles and sessions as resources: company-scoped, PUT partial, a taken name or number is a conflict."""

from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet, Sum
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import caller
from core.access import fetch
from core.errors import Conflict, Denied, InvalidInput, NotFound
from ingestion import starting
from ingestion.models import Cycle, FileUpload, Project, SyncSession
from ingestion.serializers import (
    CycleSerializer,
    ProjectSerializer,
    SessionSerializer,
    StatsSerializer,
)
from ingestion.working import SessionNotFound

M = TypeVar("M", bound=Model)


class ProjectNotFound(NotFound):
    reason = "project_not_found"
    message = _("There is no project %(id)s.")


class CycleNotFound(NotFound):
    reason = "cycle_not_found"
    message = _("There is no cycle %(id)s.")


class CycleNotInProject(InvalidInput):
    reason = "cycle_not_in_project"
    message = _("The cycle %(cycle_id)s belongs to another project.")


class NameExists(Conflict):
    reason = "name_exists"
    message = _("That name or number is taken.")


class InvalidFilter(InvalidInput):
    reason = "invalid_filter"
    message = _("%(value)s is no value of %(name)s. Possible: %(values)s.")


def project_of(request: Request, pk: int | str) -> Project:
    return fetch(Project.objects.all(), Project.objects.visible_to(caller(request)), pk, ProjectNotFound)


def cycle_of(request: Request, pk: int | str) -> Cycle:
    return fetch(Cycle.objects.all(), Cycle.objects.visible_to(caller(request)), pk, CycleNotFound)


def session_of(request: Request, pk: int | str) -> SyncSession:
    sessions = SyncSession.objects.select_related("project")
    return fetch(sessions, sessions.visible_to(caller(request)), pk, SessionNotFound)


def number(request: Request, name: str) -> int | None:
    """A filter by id; what is no id is refused."""
    raw = request.query_params.get(name)
    if not raw:
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) < 19):
        raise InvalidFilter(name=name, value=raw[:100], values=[_("an id")])
    return int(raw)


def choice(request: Request, name: str, values: list[str]) -> str | None:
    raw = request.query_params.get(name)
    if raw and raw not in values:
        raise InvalidFilter(name=name, value=raw[:100], values=values)
    return raw or None


class Resource(viewsets.GenericViewSet[Any]):
    """List, create, retrieve, partial update and delete of one of the three."""

    lookup_url_kwarg = "id"

    def one(self, pk: str) -> Any:
        raise NotImplementedError

    def remove(self, found: Any) -> None:
        raise NotImplementedError

    def checked(self, values: dict[str, Any], found: Any = None) -> dict[str, Any]:
        """Ids in the body belong to the asker; returns what is saved."""
        return values

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def create(self, request: Request) -> Response:
        fields = self.get_serializer(data=request.data)
        fields.is_valid(raise_exception=True)
        made = self._save(fields, self.checked(dict(fields.validated_data)))
        headers = {"Location": request.build_absolute_uri(f"{request.path.rstrip('/')}/{made.pk}")}
        return Response(self.get_serializer(made).data, status=201, headers=headers)

    def retrieve(self, request: Request, id: str) -> Response:  # noqa: A002 - the path's own word
        return Response(self.get_serializer(self.one(id)).data)

    def update(self, request: Request, id: str) -> Response:  # noqa: A002
        found = self.one(id)
        fields = self.get_serializer(found, data=request.data, partial=True)
        fields.is_valid(raise_exception=True)
        made = self._save(fields, self.checked(dict(fields.validated_data), found))
        return Response(self.get_serializer(made).data)

    def partial_update(self, request: Request, id: str) -> Response:  # noqa: A002
        return self.update(request, id)

    def destroy(self, request: Request, id: str) -> Response:  # noqa: A002
        self.remove(self.one(id))
        return Response(status=204)

    def _save(self, fields: serializers.BaseSerializer[Any], values: dict[str, Any]) -> Any:
        fields._validated_data = values  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                return fields.save()
        except IntegrityError:
            raise NameExists from None


PROJECT = OpenApiParameter("project_id", int, description="Only those of this project.")


def documented(
    what: str, one: str, serializer: type[serializers.BaseSerializer[Any]], *filters: Any, **body: Any
) -> Any:
    """The schema of one of the three resources."""
    asked = [OpenApiExample("Request", value=body, request_only=True)]
    change = extend_schema(
        summary=f"Change {one}", description="What is absent stays.", request=serializer(partial=True)
    )
    return extend_schema_view(
        list=extend_schema(summary=f"My company's {what}", parameters=list(filters)),
        create=extend_schema(summary=f"Make {one}", request=serializer, responses={201: serializer}, examples=asked),
        retrieve=extend_schema(summary=f"Show {one}"),
        update=change,
        partial_update=change,
        destroy=extend_schema(summary=f"Delete {one}", responses={204: None}),
    )


@documented("projects", "a project", ProjectSerializer, OpenApiParameter("is_active", bool), project_name="Sales 2026")
class Projects(Resource):
    serializer_class = ProjectSerializer
    search_fields = ("project_name",)
    ordering_fields = ("id", "project_name", "created_at", "updated_at")

    def get_queryset(self) -> QuerySet[Project]:
        if getattr(self, "swagger_fake_view", False):
            return Project.objects.none()
        active = choice(self.request, "is_active", ["true", "false"])
        found = Project.objects.visible_to(caller(self.request))
        return found.filter(is_active=active == "true") if active else found

    def one(self, pk: str) -> Project:
        return project_of(self.request, pk)

    def checked(self, values: dict[str, Any], found: Any = None) -> dict[str, Any]:
        if found is None:
            if caller(self.request).company_id is None:
                raise Denied
            values["company_id"] = caller(self.request).company_id
        return values

    def remove(self, found: Project) -> None:
        starting.delete_project(found)


@documented(
    "cycles", "a cycle", CycleSerializer, PROJECT, OpenApiParameter("status", str, enum=list(Cycle.Status.values)),
    project_id=1, cycle_name="January", cycle_number=1,
)  # fmt: skip
class Cycles(Resource):
    serializer_class = CycleSerializer
    search_fields = ("cycle_name",)
    ordering_fields = ("id", "cycle_name", "cycle_number", "status", "created_at", "updated_at")

    def get_queryset(self) -> QuerySet[Cycle]:
        if getattr(self, "swagger_fake_view", False):
            return Cycle.objects.none()
        found = Cycle.objects.visible_to(caller(self.request))
        if project := number(self.request, "project_id"):
            found = found.filter(project_id=project_of(self.request, project).pk)
        status = choice(self.request, "status", list(Cycle.Status.values))
        return found.filter(status=status) if status else found

    def one(self, pk: str) -> Cycle:
        return cycle_of(self.request, pk)

    def checked(self, values: dict[str, Any], found: Any = None) -> dict[str, Any]:
        if found is not None:
            values.pop("project_id", None)  # a cycle stays in its project
        else:
            values["project_id"] = project_of(self.request, values["project_id"]).pk
        return values

    def remove(self, found: Cycle) -> None:
        starting.delete_cycle(found)


@documented(
    "ingest sessions", "an ingest session", SessionSerializer, PROJECT, OpenApiParameter("cycle_id", int),
    OpenApiParameter("status", str, enum=list(SyncSession.Status.values)),
    project_id=1, cycle_id=1, local_directory="/srv/ingest/2026-01", max_workers=4, times_to_retry=3,
)  # fmt: skip
class Sessions(Resource):
    serializer_class = SessionSerializer
    ordering_fields = ("id", "status", "created_at", "started_at", "completed_at")

    def get_queryset(self) -> QuerySet[SyncSession]:
        if getattr(self, "swagger_fake_view", False):
            return SyncSession.objects.none()
        found = SyncSession.objects.visible_to(caller(self.request))
        if project := number(self.request, "project_id"):
            found = found.filter(project_id=project_of(self.request, project).pk)
        if cycle := number(self.request, "cycle_id"):
            found = found.filter(cycle_id=cycle_of(self.request, cycle).pk)
        status = choice(self.request, "status", list(SyncSession.Status.values))
        return found.filter(status=status) if status else found

    def one(self, pk: str) -> SyncSession:
        return session_of(self.request, pk)

    def checked(self, values: dict[str, Any], found: Any = None) -> dict[str, Any]:
        if found is not None and found.status != SyncSession.Status.PENDING:
            raise starting.SessionNotPending(id=found.pk, status=found.status)
        if found is None:
            values["user_id"] = caller(self.request).pk
            values["project_id"] = project_of(self.request, values["project_id"]).pk
        else:
            values.pop("project_id", None)
        project_id = found.project_id if found else values["project_id"]
        if values.get("cycle_id") and cycle_of(self.request, values["cycle_id"]).project_id != project_id:
            raise CycleNotInProject(cycle_id=values["cycle_id"])
        return values

    def remove(self, found: SyncSession) -> None:
        starting.delete_session(found)

    @extend_schema(summary="Sums over my company's sessions", parameters=[PROJECT], responses={200: StatsSerializer})
    def stats(self, request: Request) -> Response:
        found = SyncSession.objects.visible_to(caller(request))
        if project := number(request, "project_id"):
            found = found.filter(project_id=project_of(request, project).pk)
        status = SyncSession.Status
        done = FileUpload.objects.filter(session__in=found, status=FileUpload.Status.COMPLETED)
        return Response(
            {
                "total_sessions": found.count(),
                "active_sessions": found.active().count(),
                "completed_sessions": found.filter(status=status.COMPLETED).count(),
                "failed_sessions": found.filter(status=status.FAILED).count(),
                "total_files_uploaded": done.count(),
                "total_bytes_uploaded": done.aggregate(bytes=Sum("file_size"))["bytes"] or 0,
            }
        )
