"""Fields that take what they say: DRF's would turn numbers into text."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.fields import empty

from accounts.models import username_rule
from accounts.names import MAX_USERNAME, canonical

MAX_PASSWORD = 4096  # characters; a limit on what hashing is fed
LARGEST_ID = 2**63 - 1


class Text(serializers.CharField):
    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Email(Text, serializers.EmailField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 254, **kwargs})

    def to_internal_value(self, data: Any) -> str:
        return canonical(super().to_internal_value(data))


class Username(Text):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": MAX_USERNAME, "validators": [username_rule], **kwargs})

    def to_internal_value(self, data: Any) -> str:
        return canonical(super().to_internal_value(data))


class Password(Text):
    def __init__(self, **kwargs: Any) -> None:
        style = {"input_type": "password"}
        super().__init__(
            **{"max_length": MAX_PASSWORD, "trim_whitespace": False, "write_only": True, "style": style, **kwargs}
        )


class Id(serializers.IntegerField):
    """An id in a body; ``"10"`` is one too, ``true`` and ``1.0`` are not."""

    default_error_messages = {"invalid": _("A valid integer is required.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": LARGEST_ID, **kwargs})

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class Switch(serializers.BooleanField):
    """true or false; a form that leaves it out means the default, not false."""

    default_empty_html = empty

    def to_internal_value(self, data: Any) -> bool:
        if isinstance(data, int | float) and not isinstance(data, bool):
            self.fail("invalid", input=data)
        return bool(super().to_internal_value(data))
