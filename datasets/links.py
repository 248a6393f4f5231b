"""Signed links to an original: whoever holds one may fetch it for a quarter of an hour, without a token."""

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_lazy as _

from core.errors import Denied
from datasets.models import Dataset
from datasets.reading import DatasetNotFound

_signer = signing.TimestampSigner(salt="datasets.links")


class InvalidLink(Denied):
    reason = "invalid_link"
    message = _("This download link is not valid.")


class LinkExpired(Denied):
    reason = "link_expired"
    message = _("This download link has expired. Ask for a new one.")


def link(dataset: Dataset) -> str:
    """The absolute address of the original, good for ``DOWNLOAD_LINK_SECONDS``."""
    token = _signer.sign_object({"id": dataset.pk})
    return f"{settings.PUBLIC_URL}/api/v1/downloads/{token}"


def linked(token: str) -> Dataset:
    """The dataset a link was made for; 403 for a bad or old link, 404 when the dataset is gone."""
    try:
        pk = _signer.unsign_object(token, max_age=settings.DOWNLOAD_LINK_SECONDS)["id"]
    except signing.SignatureExpired:
        raise LinkExpired from None
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        raise InvalidLink from None
    dataset = Dataset.objects.filter(pk=pk).first()
    if dataset is None:
        raise DatasetNotFound(id=pk)
    return dataset
