"""What a reader should take away: codes with facts, which a page puts into words of its reader's language."""

from collections.abc import Iterator, Mapping
from typing import Any

MOST = 10


def findings(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``[{code, facts}]``, the most general first."""
    return list(_all(found))[:MOST]


def _all(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    overview, columns = found["overview"], found["columns"]
    yield _finding("size", rows=overview["rows"], columns=overview["columns"])
    if found["sample"]:
        yield _finding("sampled", rows=found["sample"]["rows"], of=found["sample"]["of"])
    yield from _holes(found)
    yield from _series(found)
    yield from _target(found)
    if strongest := found["correlations"]["strongest"]:
        pair = strongest[0]
        code = "strongest_pair" if pair["value"] > 0 else "strongest_opposed"
        yield _finding(code, a=pair["columns"][0], b=pair["columns"][1], value=pair["value"], measure=pair["measure"])
    yield from _leading(columns)
    yield from _spread(columns)


def _finding(code: str, **facts: Any) -> dict[str, Any]:
    return {"code": code, "facts": facts}


def _holes(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    missing = found["missing"]
    if not missing["cells"]:
        yield _finding("complete")
    else:
        worst = missing["columns"][0]
        yield _finding("most_missing", column=worst["name"], rate=worst["rate"], columns=len(missing["columns"]))
    if found["duplicates"]["rows"]:
        yield _finding("repeated", rows=found["duplicates"]["rows"], share=found["duplicates"]["share"])


def _series(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for one in found["timeseries"]:
        trend = one["series"][0]["statistics"]["trend"]
        days = one["timestamp"]
        if trend and len(days) > 2:
            rows = one["method"] == "count"
            yield _finding(
                f"trend_{'rows_' if rows else ''}{trend}", column=one["series"][0]["name"], start=days[0], end=days[-1]
            )
        if one["events"]:
            event = max(one["events"], key=lambda event: abs(event["score"]))
            yield _finding("event", column=one["series"][0]["name"], when=event["timestamp"], value=event["value"])


def _target(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    target = found["target"]
    if target and target["related"]:
        first = target["related"][0]
        yield _finding("target_related", target=target["column"], column=first["column"], value=first["value"],
                       measure=first["measure"])  # fmt: skip


def _leading(columns: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The category in which one value leads most clearly."""
    led = []
    for one in columns:
        shown = one["distribution"] or {}
        if one["dtype"] == "text" and shown.get("counts") and 1 < one["unique_count"] <= 50:
            whole = sum(shown["counts"]) + shown["other"]
            led.append((shown["counts"][0] / whole, one["name"], shown["values"][0]))
    if led:
        share, name, value = max(led, key=lambda one: one[0])
        if share >= 0.3:
            yield _finding("leading_value", column=name, value=value, share=share)


def _spread(columns: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The most skewed measure, by its mean and median."""
    skewed = [one for one in columns if abs(one["statistics"].get("skewness") or 0) >= 2 and one["role"] != "id"]
    if skewed:
        worst = max(skewed, key=lambda one: abs(one["statistics"]["skewness"]))
        facts = worst["statistics"]
        yield _finding("skewed", column=worst["name"], mean=facts["mean"], median=facts["median"])
