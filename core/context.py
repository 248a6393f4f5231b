"""What every template may show."""

from django.conf import settings
from django.http import HttpRequest


def product(request: HttpRequest) -> dict[str, str]:
    return {"app_name": settings.APP_NAME, "version": settings.VERSION}
