"""Files in: the two documented upload routes and the look without keeping."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.sessions import session_for
from core.parsers import MultiPartParser
from core.throttling import UploadThrottle, UserThrottle
from datasets import examples, ingesting
from datasets.creating import Created, Wish, create
from datasets.reading import person
from datasets.receiving import received, receiving, refuse_early
from datasets.selecting import duplicate_of
from datasets.serializers import InspectFields, ReceiptSerializer, UploadFields


class Receiving:
    """Mixed into a view: what is posted to it streams to the storage's disk, and is gone unless it was kept."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        with receiving(request):
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        if request.method == "POST":
            refuse_early(request._request)


def take(request: Request) -> Created:
    """The posted file as a dataset."""
    upload = received(request.FILES)
    fields = UploadFields(data=request.data)
    fields.is_valid(raise_exception=True)
    said = fields.validated_data
    wish = Wish(said.get("name") or None, said.get("description", ""), said["is_public"])
    session = session_for(request, session_id=said.get("session_id"))
    options = fields.options(upload.filename)
    return create(user=person(request), session=session, upload=upload, options=options, wish=wish)


def receipt(request: Request, created: Created) -> dict[str, Any]:
    dataset = created.dataset
    return {
        "message": "File uploaded successfully",
        "id": dataset.pk,
        "dataset_id": dataset.pk,
        "session_id": dataset.session_id,
        "name": dataset.name,
        "filename": dataset.filename,
        "file_size": dataset.file_size,
        "status": dataset.status,
        "rows": dataset.rows,
        "columns": dataset.column_names,
        "preview": created.ingested.preview,
        "duplicate_of": duplicate_of(dataset, person(request)),
        "warnings": created.ingested.warnings,
    }


class Upload(Receiving, APIView):
    """``POST /data/upload`` and ``/datasets/upload``."""

    parser_classes = [MultiPartParser]
    throttle_classes = [UserThrottle, UploadThrottle]

    @extend_schema(
        summary="Upload a table",
        request={"multipart/form-data": UploadFields},
        responses={200: ReceiptSerializer},
        examples=examples.RECEIPT,
    )
    def post(self, request: Request) -> Response:
        return Response(receipt(request, take(request)))


class Inspect(Receiving, APIView):
    """``POST /datasets/inspect``."""

    parser_classes = [MultiPartParser]
    throttle_classes = [UserThrottle, UploadThrottle]

    @extend_schema(
        summary="See how a file would be read, without keeping it",
        request={"multipart/form-data": InspectFields},
        responses={200: dict},
        examples=examples.INSPECT,
    )
    def post(self, request: Request) -> Response:
        upload = received(request.FILES)
        fields = InspectFields(data=request.data)
        fields.is_valid(raise_exception=True)
        return Response(ingesting.inspect(upload.path, fields.options(upload.filename)))
