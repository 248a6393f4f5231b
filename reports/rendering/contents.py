"""What the page's template shows: results turned into words, numbers as people read them, and drawings."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import formats
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from analysis.services import charts
from analysis.services.charts.canvas import STYLE, clean, number
from reports.rendering import pictures, words
from reports.rendering.titles import Titles
from reports.rendering.words import percent, sentence

MOST_ALERTS = 60
MOST_COLUMNS = 300
MOST_ROWS = 30
TOP_VALUES = 8


def contents(results: dict[str, Any], titles: Titles, language: str) -> dict[str, Any]:
    plots = results["plots"]
    drawn = {plot["column"] for plot in plots if plot["kind"] == "distribution"}
    return {
        "language": language,
        "title": clean(titles.title),
        "description": clean(titles.description),
        "made_at": f"{formats.date_format(titles.made_at, 'DATETIME_FORMAT')} UTC" if titles.made_at else "",
        "overview": _overview(results),
        "sample": results["sample"] and sentence(words.FINDINGS["sampled"], results["sample"]),
        "score": _score(results),
        "findings": [sentence(words.FINDINGS[one["code"]], one["facts"]) for one in results["findings"]],
        "alerts": [_alert(one) for one in results["alerts"][:MOST_ALERTS]],
        "alerts_more": max(0, len(results["alerts"]) - MOST_ALERTS),
        "target": _target(results),
        "series": list(_series(results, language)),
        "pairs": [_pair(one) for one in results["correlations"]["strongest"]],
        "heat": _heat(results, language) if {"kind": "correlation"} in plots else "",
        "missing": _missing(results),
        "columns": [_column(one, results, one["name"] in drawn) for one in results["columns"][:MOST_COLUMNS]],
        "columns_more": max(0, len(results["columns"]) - MOST_COLUMNS),
    }


def _safe(svg: str) -> SafeString:
    return mark_safe(svg.replace(f"<style>{STYLE}</style>", ""))  # noqa: S308 - drawn by us, every text in it escaped


def _overview(results: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = results["overview"]
    types = ", ".join(f"{words.DTYPES[name]} {count}" for name, count in found["types"].items())
    return [
        (_("Rows"), number(found["rows"])),
        (_("Columns"), number(found["columns"])),
        (_("Missing cells"), f"{number(found['missing_cells'])} ({percent(found['missing_rate'])})"),
        (_("Repeated rows"), f"{number(found['duplicate_rows'])} ({percent(results['duplicates']['share'])})"),
        (_("Types"), types),
    ]


def _score(results: Mapping[str, Any]) -> dict[str, Any] | None:
    found = results["quality"]
    if found["score"] is None:
        return None
    label = _("Quality %(score)s of 100") % {"score": number(found["score"])}
    parts = [
        {
            "name": words.PARTS[part["code"]][0],
            "said": sentence(words.PARTS[part["code"]][1], {"bad": part["bad"], "of": part["of"]}),
            "score": f"{part['score']:.1f}",
            "weight": part["weight"],
            "bar": _safe(pictures.share_bar(part["score"] / 100)),
        }
        for part in found["parts"]
    ]
    return {
        "label": label,
        "number": number(found["score"]),
        "ring": _safe(pictures.ring(found["score"], label)),
        "parts": parts,
    }


def _alert(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "severity": one["severity"],
        "severity_name": words.SEVERITIES[one["severity"]],
        "columns": [clean(name) for name in one["columns"]],
        "said": sentence(words.ALERTS.get(one["reason"], one["reason"]), one["details"]),
        "todo": words.SUGGESTIONS.get(one["suggestion"], one["suggestion"]),
    }


def _target(results: Mapping[str, Any]) -> dict[str, Any] | None:
    found = results["target"]
    if found is None:
        return None
    rows = [(one["column"], one["value"]) for one in found["related"][:MOST_ROWS]]
    drawn = {"kind": "related"} in results["plots"] and rows
    label = _("What relates to %(column)s") % {"column": clean(found["column"])}
    balance = found["balance"]
    return {
        "column": clean(found["column"]),
        "problem": words.PROBLEMS[found["problem_type"]],
        "why": words.ALERTS[found["reason"]] if found["problem_type"] == "none" else "",
        "picture": _safe(pictures.ranked(rows, label)) if drawn else "",
        "related": [_related(one) for one in found["related"][:MOST_ROWS]],
        "classes": [
            (clean(one["value"]), number(one["rows"]), percent(one["share"]), _safe(pictures.share_bar(one["share"])))
            for one in (balance["classes"][:MOST_ROWS] if balance else [])
        ],
        "leakage": [_related(one) for one in found["leakage"]],
    }


def _related(one: Mapping[str, Any]) -> tuple[str, str, str]:
    return clean(one["column"]), str(words.MEASURES[one["measure"]]), number(one["value"])


def _pair(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "a": clean(one["columns"][0]), "b": clean(one["columns"][1]), "measure": words.MEASURES[one["measure"]],
        "value": number(one["value"]), "bar": _safe(pictures.share_bar(abs(one["value"]))),
    }  # fmt: skip


def series_title(one: Mapping[str, Any]) -> str:
    grain = words.GRAINS[one["aggregation"]]
    if one["method"] == "count":
        return _("Rows %(grain)s") % {"grain": grain}
    return _("%(column)s, %(method)s %(grain)s") % {
        "column": clean(one["target_column"]), "method": words.METHODS[one["method"]], "grain": grain,
    }  # fmt: skip


def _series(results: Mapping[str, Any], language: str) -> Iterator[dict[str, Any]]:
    for at, one in enumerate(results["timeseries"]):
        title = series_title(one)
        facts = one["series"][0]["statistics"]
        figures = [(words.STATISTICS[name], number(facts[name])) for name in ("mean", "std", "min", "max")]
        drawn = {"kind": "timeseries", "at": at} in results["plots"]
        yield {
            "title": title,
            "figures": figures,
            "picture": _safe(charts.svg("timeseries", one, title, language)) if drawn else "",
        }


def _heat(results: Mapping[str, Any], language: str) -> SafeString:
    found = results["correlations"]["pearson"]
    names = found["columns"]
    matrix = {one: dict(zip(names, row, strict=True)) for one, row in zip(names, found["matrix"], strict=True)}
    return _safe(charts.svg("correlation", {"correlation": matrix}, _("Correlation (Pearson’s r)"), language))


def _missing(results: Mapping[str, Any]) -> dict[str, Any]:
    found = results["missing"]
    rows = [(one["name"], one["rate"]) for one in found["columns"][:MOST_ROWS]]
    drawn = {"kind": "missing"} in results["plots"] and rows
    return {
        "any": bool(found["columns"]),
        "complete_rows": number(found["complete_rows"]),
        "picture": _safe(pictures.ranked(rows, _("Missing cells by column"), percent=True)) if drawn else "",
        "columns": [
            (clean(one["name"]), number(one["cells"]), percent(one["rate"])) for one in found["columns"][:MOST_ROWS]
        ],
        "patterns": [
            ([clean(name) for name in one["columns"][:20]], number(one["rows"]), percent(one["share"]))
            for one in found["patterns"]
        ],
    }


def _column(one: Mapping[str, Any], results: Mapping[str, Any], drawn: bool) -> dict[str, Any]:
    shown = one["distribution"]
    label = _("Distribution of %(column)s") % {"column": clean(one["name"])}
    picture = _safe(pictures.distribution(shown, label)) if drawn and shown else ""
    return {
        "name": clean(one["name"]),
        "dtype": words.DTYPES[one["dtype"]],
        "role": words.ROLES.get(one["role"] or "", ""),
        "missing": f"{number(one['missing_count'])} ({percent(one['missing_rate'])})",
        "distinct": number(one["unique_count"]),
        "figures": list(_figures(one)),
        "picture": picture,
        "top": [] if picture else _top(one, results["overview"]["rows"]),
    }


def _figures(one: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    for name, label in words.STATISTICS.items():
        value = one["statistics"].get(name)
        if value is not None:
            yield label, number(value) if isinstance(value, int | float) else clean(str(value))
    if outliers := one["outliers"]:
        yield _("outside Tukey’s fences"), number(outliers["iqr"])
        if outliers["robust_z"] is not None:
            yield _("outliers by robust z"), number(outliers["robust_z"])


def _top(one: Mapping[str, Any], rows: int) -> list[tuple[str, str, str]]:
    shown = one["distribution"] or {}
    if shown.get("kind") != "values":
        return []
    counted = list(zip(shown["values"], shown["counts"], strict=True))[:TOP_VALUES]
    return [(clean(str(value)), number(count), percent(count / rows)) for value, count in counted]
