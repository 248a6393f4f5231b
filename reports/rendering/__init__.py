"""Results as pages: one function a format, ``(results, titles, language) -> HTML``."""

from collections.abc import Callable
from typing import Any

from reports.rendering.interactive import complete, interactive
from reports.rendering.page import html
from reports.rendering.titles import Titles

DRAWN_BY = "3"  # raise it when a page would look different from the same results

FORMATS: dict[str, Callable[[dict[str, Any], Titles, str], str]] = {"html": html, "interactive": interactive}

__all__ = ["DRAWN_BY", "FORMATS", "Titles", "complete"]
