"""Trying and running plans, and what came of it."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import caller
from accounts.models import WorkSession
from accounts.sessions import session_for
from cleaning import background, examples, executing
from cleaning.models import Execution, Plan
from cleaning.reading import own_execution, own_plan
from cleaning.serializers import DryRunSerializer, ExecutionSerializer, RunFields, tried_steps
from datasets.reading import ready
from jobs.http import accepted, wants_async
from jobs.serializers import AcceptedSerializer


def wish_of(request: Request, plan: Plan) -> executing.Wish:
    """What the body says; all of it may be left out, the body as well."""
    fields = RunFields(data=request.data)
    fields.is_valid(raise_exception=True)
    said = fields.validated_data
    mapping, dataset = said.get("column_mapping"), said.get("dataset_id")
    names = mapping.items() if isinstance(mapping, Mapping) else ()
    if not isinstance(mapping, Mapping | None) or not all(ours and isinstance(theirs, str) for ours, theirs in names):
        raise executing.InvalidMapping
    source = ready(caller(request), plan.dataset_id if dataset is None else dataset)
    return executing.Wish(source, mapping or {}, said["refit"])


class DryRun(APIView):
    """``POST /plans/{id}/dry-run``."""

    @extend_schema(
        summary="Try a plan: what would each step change?",
        description="Counts, up to 20 cells of each step, and what looks risky. Nothing is kept.",
        request=RunFields,
        responses={200: DryRunSerializer, 202: AcceptedSerializer},
        examples=examples.DRY_RUN,
    )
    def post(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002 - the path's own word
        plan = own_plan(caller(request), id)
        wish = wish_of(request, plan)
        if wants_async(request):
            job = background.queue_run(
                kind=background.DRY_RUN, user=caller(request), plan=plan, wish=wish, session=None
            )
            return accepted(job, request, plan_id=plan.pk, dataset_id=wish.dataset.pk)
        found = executing.dry_run(plan, wish)
        body: dict[str, Any] = {"plan_id": plan.pk, "dataset_id": wish.dataset.pk}
        return Response(body | found | {"steps": tried_steps(plan, found)})


class Execute(APIView):
    """``POST /plans/{id}/execute``."""

    @extend_schema(
        summary="Run a plan: a new dataset, the source stays as it is",
        description="All columns are checked before anything runs. On another dataset the plan uses what it learned "
        "on its own (fill values, scales, categories) unless `refit` is set.",
        request=RunFields,
        responses={200: ExecutionSerializer, 202: AcceptedSerializer},
        examples=examples.EXECUTE,
    )
    def post(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002
        user, plan = caller(request), own_plan(caller(request), id)
        wish = wish_of(request, plan)
        session = _session(request, wish)
        if wants_async(request):
            job = background.queue_run(kind=background.EXECUTE, user=user, plan=plan, wish=wish, session=session)
            return accepted(job, request, plan_id=plan.pk, dataset_id=wish.dataset.pk)
        return Response(ExecutionSerializer(executing.execute(user=user, plan=plan, wish=wish, session=session)).data)


def _session(request: Request, wish: executing.Wish) -> WorkSession:
    """The source's, where that is one's own; else where an upload would land."""
    source = wish.dataset
    mine = source.session is not None and source.owner_id == caller(request).pk
    return source.session if mine and source.session else session_for(request)


@extend_schema_view(list=extend_schema(summary="The executions of a plan", examples=examples.EXECUTE))
class PlanExecutions(viewsets.GenericViewSet[Execution]):
    """``GET /plans/{id}/executions``."""

    serializer_class = ExecutionSerializer
    ordering_fields = ("id", "created_at")

    def get_queryset(self) -> QuerySet[Execution]:
        if getattr(self, "swagger_fake_view", False):
            return Execution.objects.none()
        return own_plan(caller(self.request), self.kwargs["id"]).executions.all()

    def list(self, request: Request, id: str) -> Response:  # noqa: A002
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(ExecutionSerializer(page, many=True).data)


class OneExecution(APIView):
    """``GET /executions/{id}``."""

    @extend_schema(summary="One execution", responses={200: ExecutionSerializer}, examples=examples.EXECUTE)
    def get(self, request: Request, id: str) -> Response:  # noqa: A002
        return Response(ExecutionSerializer(own_execution(caller(request), id)).data)


class Revert(APIView):
    """``POST /executions/{id}/revert``."""

    @extend_schema(
        summary="Undo an execution: delete the dataset that came of it",
        request=None,
        responses={200: ExecutionSerializer},
        examples=examples.EXECUTE,
    )
    def post(self, request: Request, id: str) -> Response:  # noqa: A002
        execution = own_execution(caller(request), id)
        executing.revert(execution)
        execution.refresh_from_db()
        return Response(ExecutionSerializer(execution).data)
