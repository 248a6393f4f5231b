"""A kept answer as labelled numbers, for the small chart beside it."""

import itertools
from collections.abc import Callable
from typing import Any

Points = list[tuple[str, float | None]]


def _timeseries(result: dict[str, Any]) -> Points:
    values = result["series"][0]["values"] if result["series"] else []
    return list(zip(result["timestamp"], values, strict=False))


def _pareto(result: dict[str, Any]) -> Points:
    return [(row["metadata"]["display_name"], row["value"]) for row in result["data"]]


def _histogram(result: dict[str, Any]) -> Points:
    edges = itertools.pairwise(result["bins"])
    return [(f"{low:g} – {high:g}", count) for (low, high), count in zip(edges, result["counts"], strict=False)]


PICTURES: dict[str, Callable[[dict[str, Any]], Points]] = {
    "timeseries": _timeseries,
    "pareto": _pareto,
    "histogram": _histogram,
}


def points(kind: str, result: dict[str, Any]) -> Points:
    """``[(label, value), …]`` of an answer; empty for a kind without a picture."""
    return PICTURES[kind](result) if kind in PICTURES else []
