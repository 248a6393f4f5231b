"""Plans: proposed, read, changed, carried elsewhere."""

from django.conf import settings
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import caller
from analysis.source import source_facts
from cleaning import background, editing, examples, planning, recipes
from cleaning.engine.script import script
from cleaning.models import Plan
from cleaning.operations import OPERATIONS
from cleaning.reading import own_plan
from cleaning.serializers import (
    OperationSerializer,
    PlanChangeFields,
    PlanChangeSerializer,
    PlanFields,
    PlanListSerializer,
    PlanSerializer,
    RecipeFields,
    described,
)
from cleaning.steps import stored, to_run
from core.api import AnyAccept
from core.files import attachment
from core.lists import whole_number
from datasets.reading import readable, ready
from jobs.http import accepted, wants_async
from jobs.serializers import AcceptedSerializer


def made(plan: Plan) -> Response:
    location = f"{settings.PUBLIC_URL}/api/v1/plans/{plan.pk}"
    return Response(PlanSerializer(plan).data, status=201, headers={"Location": location})


class Propose(APIView):
    """``POST /datasets/{id}/plan``."""

    @extend_schema(
        summary="Propose a plan that cleans the dataset",
        description="`auto` asks the language model where one is configured and takes the rules when it does not "
        "answer well; `fallback_reason` says why. The model is told names, types and aggregates, never cells.",
        request=PlanFields,
        responses={201: PlanSerializer, 202: AcceptedSerializer},
        examples=examples.PROPOSE,
    )
    def post(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002 - the path's own word
        dataset = ready(caller(request), id)
        fields = PlanFields(data=request.data)
        fields.is_valid(raise_exception=True)
        if wants_async(request):
            job = background.queue_plan(user=caller(request), dataset=dataset, wish=fields.wish())
            return accepted(job, request, dataset_id=dataset.pk)
        return made(planning.make(user=caller(request), dataset=dataset, wish=fields.wish()))


CHANGE = extend_schema(
    summary="Change a plan's name or steps",
    description="Steps are typed operations; code is never read. The order of the list is the order of the steps.",
    request=PlanChangeSerializer,
    responses={200: PlanSerializer},
    examples=examples.CHANGE,
)


@extend_schema_view(list=extend_schema(summary="My plans", examples=examples.PLANS))
class Plans(viewsets.GenericViewSet[Plan]):
    """``/plans`` and ``/plans/{id}``."""

    serializer_class = PlanListSerializer
    lookup_url_kwarg = "id"
    search_fields = ("name", "dataset__name")
    ordering_fields = ("id", "name", "created_at", "updated_at")

    def get_queryset(self) -> QuerySet[Plan]:
        if getattr(self, "swagger_fake_view", False):
            return Plan.objects.none()
        plans = Plan.objects.visible_to(caller(self.request)).defer("steps", "fitted", "prompt", "answer")
        dataset = whole_number(self.request, "dataset_id", 0, 0, 2**62)
        return plans.filter(dataset=dataset) if dataset else plans

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(PlanListSerializer(page, many=True).data)

    @extend_schema(summary="One plan", responses={200: PlanSerializer}, examples=examples.PLAN)
    def retrieve(self, request: Request, id: str) -> Response:  # noqa: A002 - the path's own word
        return Response(PlanSerializer(own_plan(caller(request), id)).data)

    @CHANGE
    def update(self, request: Request, id: str) -> Response:  # noqa: A002
        return self._changed(request, id)

    @CHANGE
    def partial_update(self, request: Request, id: str) -> Response:  # noqa: A002
        return self._changed(request, id)

    @extend_schema(summary="Delete a plan; what it has made stays", responses={204: None})
    def destroy(self, request: Request, id: str) -> Response:  # noqa: A002
        own_plan(caller(request), id).delete()
        return Response(status=204)

    def _changed(self, request: Request, pk: str) -> Response:
        plan = own_plan(caller(request), pk)
        fields = PlanChangeFields(data=request.data)
        fields.is_valid(raise_exception=True)
        return Response(PlanSerializer(editing.change(plan, fields.validated_data)).data)


class Operations(APIView):
    """``GET /plans/operations``."""

    @extend_schema(
        summary="The operations that steps can be, with the schemas of their parameters",
        responses={200: OperationSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        return Response([described(OPERATIONS[name]) for name in sorted(OPERATIONS)])


class Script(APIView):
    """``GET /plans/{id}/script``."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        summary="The whole plan as a pandas script",
        description="`python script.py INPUT OUTPUT.csv`, where INPUT is the original file of the plan's dataset.",
        responses={(200, "text/x-python"): OpenApiTypes.STR},
    )
    def get(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002
        plan = own_plan(caller(request), id)
        steps = stored(plan.steps)
        said = [(step, steps[step.order - 1].described()) for step in to_run(steps)]
        dataset = readable(caller(request), plan.dataset_id)
        body = script(f"{plan.name}: {dataset.name}", said, source_facts(dataset))
        return attachment(body.encode(), f"{plan.name}.py", "text/x-python; charset=utf-8")


class Recipe(APIView):
    """``GET /plans/{id}/recipe``."""

    @extend_schema(summary="The plan as portable JSON", responses={200: dict}, examples=examples.RECIPE)
    def get(self, request: Request, id: str) -> Response:  # noqa: A002
        return Response(recipes.recipe(own_plan(caller(request), id)))


class Import(APIView):
    """``POST /plans/import``."""

    @extend_schema(
        summary="A plan from portable JSON",
        request=RecipeFields,
        responses={201: PlanSerializer},
        examples=examples.IMPORT,
    )
    def post(self, request: Request) -> Response:
        fields = RecipeFields(data=request.data)
        fields.is_valid(raise_exception=True)
        dataset = ready(caller(request), fields.validated_data["dataset_id"])
        return made(recipes.imported(user=caller(request), dataset=dataset, data=fields.validated_data["recipe"]))
