"""Datasets as resources."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status, viewsets
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from accounts.authentication import caller
from accounts.sessions import readable_session
from core.parsers import MultiPartParser
from core.throttling import UploadThrottle
from datasets import changing, examples, selecting
from datasets.creating import Created
from datasets.models import Dataset
from datasets.reading import editable, readable
from datasets.serializers import (
    ChangeFields,
    DatasetListSerializer,
    DatasetSerializer,
    SessionDatasetSerializer,
    UploadFields,
)
from datasets.views.uploads import Receiving, take
from jobs.http import accepted


def shown(request: Request, dataset: Dataset) -> dict[str, Any]:
    """The resource with what depends on the reader."""
    seen = selecting.with_duplicates(Dataset.objects.filter(pk=dataset.pk), caller(request)).get()
    return DatasetSerializer(seen).data


def changed(request: Request, pk: str) -> Response:
    dataset = editable(caller(request), pk)
    fields = ChangeFields(data=request.data)
    fields.is_valid(raise_exception=True)
    return Response(shown(request, changing.update(dataset=dataset, changes=fields.validated_data)))


CHANGE = extend_schema(
    summary="Change name, description, sharing or roles",
    request=ChangeFields,
    responses={200: DatasetSerializer},
    examples=examples.CHANGE,
)


@extend_schema_view(
    list=extend_schema(summary="My datasets and my company's", parameters=[selecting.ListQuery]),
)
class Datasets(Receiving, viewsets.GenericViewSet[Dataset]):
    """``/datasets`` and ``/datasets/{id}``."""

    serializer_class = DatasetListSerializer
    lookup_url_kwarg = "id"
    search_fields = ("name", "filename")
    ordering_fields = ("id", "name", "rows", "file_size", "created_at", "updated_at")

    def get_queryset(self) -> QuerySet[Dataset]:
        if getattr(self, "swagger_fake_view", False):
            return Dataset.objects.none()
        return selecting.with_duplicates(selecting.listed(self.request), caller(self.request))

    def get_parsers(self) -> list[BaseParser]:
        posted = getattr(getattr(self, "request", None), "method", None) == "POST"  # before the action is known
        return [MultiPartParser()] if posted else super().get_parsers()

    def get_throttles(self) -> list[BaseThrottle]:
        return [*super().get_throttles(), *([UploadThrottle()] if self.action == "create" else [])]

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(DatasetListSerializer(page, many=True).data)

    @extend_schema(
        summary="Upload a table",
        request={"multipart/form-data": UploadFields},
        responses={201: DatasetSerializer, 202: DatasetSerializer},
        examples=examples.DATASET,
    )
    def create(self, request: Request) -> Response:
        taken = take(request)
        if not isinstance(taken, Created):
            dataset, job = taken
            return accepted(job, request, **shown(request, dataset))
        body = shown(request, taken.dataset)
        location = f"{settings.PUBLIC_URL}{request.path.rstrip('/')}/{body['id']}"
        return Response(body, status=status.HTTP_201_CREATED, headers={"Location": location})

    @extend_schema(summary="One dataset", responses={200: DatasetSerializer}, examples=examples.DATASET)
    def retrieve(self, request: Request, id: str) -> Response:  # noqa: A002 - the path's own word
        return Response(shown(request, readable(caller(request), id)))

    @CHANGE
    def update(self, request: Request, id: str) -> Response:  # noqa: A002
        return changed(request, id)

    @CHANGE
    def partial_update(self, request: Request, id: str) -> Response:  # noqa: A002
        return changed(request, id)

    @extend_schema(summary="Delete a dataset and its bytes", responses={204: None})
    def destroy(self, request: Request, id: str) -> Response:  # noqa: A002
        with transaction.atomic():
            editable(caller(request), id).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class SessionDatasets(viewsets.GenericViewSet[Dataset]):
    """``/data/datasets``: the datasets of one session, and renaming them."""

    serializer_class = SessionDatasetSerializer
    lookup_url_kwarg = "id"
    search_fields = ("name",)
    ordering_fields = ("id", "name", "created_at")

    def get_queryset(self) -> QuerySet[Dataset]:
        if getattr(self, "swagger_fake_view", False):
            return Dataset.objects.none()
        session = readable_session(self.request, session_id=self.request.query_params.get("session_id"))
        return Dataset.objects.filter(session=session).exclude(status=Dataset.Status.PROCESSING)

    @extend_schema(summary="The datasets of a session", parameters=[examples.SESSION_ID])
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(SessionDatasetSerializer(page, many=True).data)

    @CHANGE
    def update(self, request: Request, id: str) -> Response:  # noqa: A002
        return changed(request, id)

    @CHANGE
    def partial_update(self, request: Request, id: str) -> Response:  # noqa: A002
        return changed(request, id)
