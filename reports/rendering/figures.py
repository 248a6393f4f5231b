"""Results as figures for the charting library: plain data, whose texts are escaped since it reads a little HTML."""

from collections.abc import Callable, Mapping
from html import escape
from itertools import pairwise
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from analysis.services.charts.canvas import clean, cut, number
from reports.rendering.contents import MOST_COLUMNS, series_title

Figure = dict[str, Any]


def figures(results: Mapping[str, Any], language: str) -> dict[str, Figure]:
    """By the names that the page gives to its places."""
    with translation.override(language):
        plots = results["plots"]
        made = {
            f"timeseries-{plot['at']}": _series(results["timeseries"][plot["at"]])
            for plot in plots
            if plot["kind"] == "timeseries"
        }
        if {"kind": "correlation"} in plots:
            made["correlation"] = _heat(results["correlations"]["pearson"])
        drawn = {plot["column"] for plot in plots if plot["kind"] == "distribution"}
        for at, one in enumerate(results["columns"][:MOST_COLUMNS]):
            if one["name"] in drawn:
                made[f"column-{at}"] = DISTRIBUTIONS[one["distribution"]["kind"]](one["distribution"])
        return made


def plain(text: Any, room: float = 150) -> str:
    return escape(cut(clean(str(text)), room, 11.5), quote=False)


def _series(one: Mapping[str, Any]) -> Figure:
    values = dict(zip(one["timestamp"], one["series"][0]["values"], strict=True))
    line = {"type": "scatter", "mode": "lines+markers", "x": list(values), "y": list(values.values()), "size": 4}
    out = {
        "type": "scatter", "mode": "markers", "paint": "bad", "size": 10, "x": [e["timestamp"] for e in one["events"]],
        "y": [e["value"] for e in one["events"]], "hoverinfo": "x+y",
    }  # fmt: skip
    return {
        "title": escape(series_title(one), quote=False), "height": 380, "data": [line | {"hoverinfo": "x+y"}, out],
        "x": {"type": "date"}, "y": {"rangemode": "tozero"},
    }  # fmt: skip


def _heat(one: Mapping[str, Any]) -> Figure:
    names = [plain(name) for name in one["columns"]]
    places = list(range(len(names)))
    ticks = {"tickmode": "array", "tickvals": places, "ticktext": names}
    text = [[f"{a} × {b}: {number(value)}" for b, value in zip(names, row, strict=True)]
            for a, row in zip(names, one["matrix"], strict=True)]  # fmt: skip
    heat = {
        "type": "heatmap", "x": places, "y": places, "z": one["matrix"], "text": text, "hoverinfo": "text", "zmin": -1,
        "zmax": 1, "xgap": 2, "ygap": 2,
    }  # fmt: skip
    return {
        "title": _("Correlation (Pearson’s r)"), "height": 160 + 26 * len(names), "data": [heat], "x": ticks,
        "y": ticks | {"autorange": "reversed"},
    }  # fmt: skip


def _values(shown: Mapping[str, Any]) -> Figure:
    places = list(range(len(shown["values"])))
    names = [plain(value) or "∅" for value in shown["values"]]
    text = [f"{name}: {number(count)}" for name, count in zip(names, shown["counts"], strict=True)]
    bars = {
        "type": "bar", "orientation": "h", "y": places, "x": shown["counts"], "hovertext": text, "hoverinfo": "text",
    }  # fmt: skip
    ticks = {"tickmode": "array", "tickvals": places, "ticktext": names, "autorange": "reversed"}
    return {"height": 60 + 22 * len(places), "gap": 0.25, "data": [bars], "x": {}, "y": ticks}


def _histogram(shown: Mapping[str, Any]) -> Figure:
    edges = shown["edges"]
    text = [
        f"{number(low)} – {number(high)}: {number(count)}"
        for (low, high), count in zip(pairwise(edges), shown["counts"], strict=True)
    ]
    bars = {
        "type": "bar", "x": [low / 2 + high / 2 for low, high in pairwise(edges)], "y": shown["counts"],
        "width": [high - low for low, high in pairwise(edges)], "hovertext": text, "hoverinfo": "text",
    }  # fmt: skip
    return {"height": 220, "gap": 0.03, "data": [bars], "x": {}, "y": {}}


def _dates(shown: Mapping[str, Any]) -> Figure:
    bars = {"type": "bar", "x": shown["periods"], "y": shown["counts"], "hoverinfo": "x+y"}
    return {"height": 220, "gap": 0.1, "data": [bars], "x": {"type": "date"}, "y": {}}


DISTRIBUTIONS: dict[str, Callable[[Mapping[str, Any]], Figure]] = {
    "values": _values,
    "histogram": _histogram,
    "dates": _dates,
}
