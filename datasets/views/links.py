"""Download links: made for people who may read the dataset, good for whoever holds them."""

from django.conf import settings
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import caller
from core.api import AnyAccept
from core.caching import conditional, etag_of
from core.health import PublicView
from datasets import examples, links, sending, storage
from datasets.reading import readable
from datasets.serializers import DownloadLinkSerializer


class DownloadUrl(APIView):
    """``GET /datasets/{id}/download-url``."""

    @extend_schema(
        summary="A signed link to the original file",
        responses={200: DownloadLinkSerializer},
        examples=examples.DOWNLOAD_LINK,
    )
    def get(self, request: Request, id: str) -> Response:  # noqa: A002 - the path's own word
        body = {
            "download_url": links.link(readable(caller(request), id)),
            "expires_in": settings.DOWNLOAD_LINK_SECONDS,
            "type": "signed",
            "storage": storage.kind(),
        }
        return Response(body, headers={"Cache-Control": "private, no-store"})


class Download(PublicView):
    """``GET /downloads/{token}``: the original bytes exactly."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        summary="The original file of a signed link",
        auth=[],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, token: str) -> HttpResponseBase:
        dataset = links.linked(token)
        etag = etag_of("original", dataset.pk, dataset.original)

        def answer() -> HttpResponseBase:
            return sending.original(request._request, storage.local_original(dataset), dataset.filename, etag)

        return conditional(request, etag, answer)
