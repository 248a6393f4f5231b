"""Files in: the two documented upload routes and the look without keeping."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import caller
from accounts.sessions import session_for
from core.parsers import MultiPartParser
from core.throttling import UploadThrottle, UserThrottle
from datasets import examples, ingesting
from datasets.background import queue, receipt
from datasets.creating import Created, Wish, create
from datasets.models import Dataset
from datasets.receiving import received, receiving, refuse_early
from datasets.serializers import AcceptedUploadSerializer, InspectFields, ReceiptSerializer, UploadFields
from jobs.http import accepted, wants_async
from jobs.models import Job


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


def take(request: Request) -> Created | tuple[Dataset, Job]:
    """The posted file as a dataset; a large one as a dataset to come, and the job that reads it."""
    upload = received(request.FILES)
    fields = UploadFields(data=request.data)
    fields.is_valid(raise_exception=True)
    said = fields.validated_data
    wish = Wish(said.get("name") or None, said.get("description", ""), said["is_public"])
    session = session_for(request, session_id=said.get("session_id"))
    options = fields.options(upload.filename)
    large = upload.size > settings.SYNC_INGEST_MAX_BYTES or wants_async(request)
    return (queue if large else create)(
        user=caller(request), session=session, upload=upload, options=options, wish=wish
    )


class Upload(Receiving, APIView):
    """``POST /data/upload`` and ``/datasets/upload``."""

    parser_classes = [MultiPartParser]
    throttle_classes = [UserThrottle, UploadThrottle]

    @extend_schema(
        summary="Upload a table",
        description="A file above SYNC_INGEST_MAX_BYTES, and any with `Prefer: respond-async`, is answered with 202: "
        "the dataset is `processing` until the job in `Location` has succeeded, whose `result` is the receipt.",
        request={"multipart/form-data": UploadFields},
        responses={200: ReceiptSerializer, 202: AcceptedUploadSerializer},
        examples=examples.RECEIPT,
    )
    def post(self, request: Request) -> Response:
        taken = take(request)
        if isinstance(taken, Created):
            return Response(receipt(taken.dataset, taken.ingested.preview))
        dataset, job = taken
        return accepted(job, request, **receipt(dataset, None))


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
