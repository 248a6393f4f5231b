"""The page to play with: the page to read, whose charts become ones that zoom and tell their values."""

from typing import Any

from reports.rendering.page import html
from reports.rendering.titles import Titles


def interactive(results: dict[str, Any], titles: Titles, language: str) -> str:
    return html(results, titles, language)
