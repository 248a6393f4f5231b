"""The page to read: one file, SVG and words, nothing that runs, nothing from elsewhere."""

import base64
import hashlib
import re
from html import unescape as plain
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from analysis.services.charts.canvas import STYLE
from reports.rendering.contents import contents
from reports.rendering.titles import Titles

# Charts bring their dark colours for every medium; on paper they stay light.
_CHARTS = STYLE.replace("@media (", "@media screen and (")
CSS = (Path(__file__).parent / "page.css").read_text(encoding="utf-8") + _CHARTS


def digest(text: str) -> str:
    """A text's hash as a content security policy names it."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


POLICY = f"default-src 'none'; style-src {digest(CSS)}; base-uri 'none'; form-action 'none'"


def policy_of(html: str) -> str:
    """The policy that a page states in its head, for the header that goes with it."""
    found = re.search('http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    return plain(found[1]) if found else "default-src 'none'"


def html(results: dict[str, Any], titles: Titles, language: str) -> str:
    return page(results, titles, language, template="reports/report.html", policy=POLICY)


def page(results: dict[str, Any], titles: Titles, language: str, *, template: str, **more: Any) -> str:
    with translation.override(language):
        css = mark_safe(CSS)  # noqa: S308 - our own file
        return render_to_string(template, contents(results, titles, language) | {"css": css} | more)
