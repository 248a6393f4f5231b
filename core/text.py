"""One rule for every text that comes in: no NUL, no lone surrogate (databases and UTF-8 refuse them)."""

import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput

FORBIDDEN = re.compile("[\x00\ud800-\udfff]")


class InvalidCharacters(InvalidInput):
    reason = "invalid_characters"
    message = _("The request holds a NUL or half a surrogate pair, which no text may contain.")


def check(texts: Iterable[Any]) -> None:
    """Raises ``InvalidCharacters`` for the first text that breaks the rule; other values pass."""
    for value in texts:
        if isinstance(value, str) and FORBIDDEN.search(value):
            raise InvalidCharacters
