"""Answers as pictures: one function a kind, ``result -> SVG``; a chart is a function and a line here.

The SVG stands alone: no script, no event, no link, no other file. Colours are attributes, and a style sheet of its own
turns them dark where the reader's screen is; under a policy without styles the chart stays readable in light colours.
"""

from collections.abc import Callable, Mapping
from typing import Any

from analysis.services.charts.bars import histogram, pareto, profile
from analysis.services.charts.canvas import STYLE_HASH, Words, words
from analysis.services.charts.grids import cohort, correlation
from analysis.services.charts.lines import timeseries, trend
from analysis.services.charts.page import page
from analysis.services.charts.ranges import summary

CHARTS: dict[str, Callable[[Mapping[str, Any], str, Words], str]] = {
    "timeseries": timeseries,
    "pareto": pareto,
    "histogram": histogram,
    "summary": summary,
    "profile": profile,
    "correlation": correlation,
    "trend": trend,
    "cohort": cohort,
}

# What a page that holds a chart may allow, and no more.
CSP = f"default-src 'none'; style-src '{STYLE_HASH}'"


def svg(kind: str, result: Mapping[str, Any], title: str, language: str = "en") -> str:
    """The chart of a result as an SVG document."""
    return CHARTS[kind](result, title, words(language))


def html(kind: str, result: Mapping[str, Any], title: str, language: str = "en") -> str:
    """The chart on a page of its own."""
    return page(svg(kind, result, title, language), title, language)


__all__ = ["CHARTS", "CSP", "html", "svg"]
