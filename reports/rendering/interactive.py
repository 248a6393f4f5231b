"""The page to play with: the page to read, in which charts that zoom take the place of the still ones.

The library is put in when the page is sent (``complete``), not when it is drawn: kept pages stay small.
"""

from functools import cache
from pathlib import Path
from typing import Any

from django.utils.safestring import mark_safe

from core.api import dumps
from reports.rendering.figures import figures
from reports.rendering.page import digest, page
from reports.rendering.titles import Titles

HERE = Path(__file__).parent
START = (HERE / "interactive.js").read_text(encoding="utf-8")
PLACE = "<script data-place=library></script>"  # no text of a user's can hold it: theirs is escaped


@cache
def library() -> str:
    return (HERE / "vendor" / "plotly-cartesian.min.js").read_text(encoding="utf-8").strip()


@cache
def policy() -> str:
    """Two scripts by their hashes. The library sets styles of its own; none of them can load anything."""
    scripts = f"{digest(library())} {digest(START)}"
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; "
        "form-action 'none'"
    )


def interactive(results: dict[str, Any], titles: Titles, language: str) -> str:
    data = dumps(figures(results, language)).decode().replace("<", "\\u003c")
    return page(
        results, titles, language, template="reports/interactive.html", policy=policy(),
        data=mark_safe(data), start=mark_safe(START), place=mark_safe(PLACE),  # noqa: S308 - no "<" is left in the data
    )  # fmt: skip


def complete(html: str) -> str:
    """The page as it is sent: with the library, where it asks for it."""
    return html.replace(PLACE, f"<script>{library()}</script>", 1)
