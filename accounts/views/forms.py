"""What a request's body says, by the view's serializer."""

from typing import Any

from rest_framework import generics


def body(view: generics.GenericAPIView[Any], *, partial: bool = False) -> dict[str, Any]:
    """The validated fields of the request at hand; anything wrong is a 400 with the field errors."""
    serializer = view.get_serializer(data=view.request.data, partial=partial)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
