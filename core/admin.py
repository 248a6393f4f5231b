"""What the admins of all apps share: facts shown as JSON for people."""

import json

from django.utils.html import format_html
from django.utils.safestring import SafeString

LONGEST = 100_000  # characters that a page shows


def json_page(value: object) -> SafeString | str:
    """``value`` as indented JSON, cut when it is very long; a dash for nothing."""
    if not value:
        return "–"
    text = json.dumps(value, indent=2, ensure_ascii=False)
    shown = text if len(text) <= LONGEST else text[:LONGEST] + "\n…"
    return format_html('<pre class="json-page">{}</pre>', shown)
