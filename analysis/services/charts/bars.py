"""Lengths: categories by value, bins by count, columns by what is missing in them."""

from collections.abc import Mapping
from typing import Any

from analysis.services.charts.canvas import Canvas, Words, cut, nothing, number, ticks, width_of

WIDTH, ROW = 960, 26
MOST_BARS = 30


def pareto(result: Mapping[str, Any], title: str, say: Words) -> str:
    """Horizontal bars, so that long names stay readable; the vital few in the strong colour, shares on the right."""
    rows = result["data"][:MOST_BARS]
    if not rows:
        return nothing(title, say)
    more = len(result["data"]) - len(rows)
    sheet = Canvas(WIDTH, 112 + ROW * (len(rows) + bool(more)), title)
    few = result["vital_few_threshold"]
    note = f"{say['total']} {number(result['total'])}" + (" · " + say["few"].format(count=few) if few else "")
    sheet.text(20, 56, note, colour="muted")
    names = [cut(one["metadata"]["display_name"], 240, 13) for one in rows]
    left, right = 32 + max(width_of(name, 13) for name in names), 210
    values = [one["value"] or 0.0 for one in rows]
    low, high = min(0.0, *values), max(0.0, *values)
    scale = (WIDTH - left - right) / ((high - low) or 1.0)
    for at, (one, name, value) in enumerate(zip(rows, names, values, strict=True)):
        y = 76 + at * ROW
        colour = "main" if few is None or at < few else "soft"
        sheet.text(left - 10, y + 14, name, size=13, anchor="end")
        start = left + (min(value, 0.0) - low) * scale
        sheet.rect(start, y, max(abs(value) * scale, 1), ROW - 7, colour, tip=f"{one['category']}: {number(value)}")
        sheet.text(WIDTH - 110, y + 14, number(value), anchor="end")
        share = one["metadata"]["cumulative"]
        sheet.text(WIDTH - 20, y + 14, "" if share is None else f"{share:.1f} %", colour="muted", anchor="end")
    if more:
        text = say["others"].format(count=more)
        sheet.text(left - 10, 90 + len(rows) * ROW, text, colour="muted", anchor="end")
    return sheet.svg()


def histogram(result: Mapping[str, Any], title: str, say: Words) -> str:
    counts, edges = result["counts"], result["bins"]
    if not counts:
        return nothing(title, say)
    height, bottom, top = 400, 56, 60
    sheet = Canvas(WIDTH, height, title)
    marks = [one for one in ticks(0, max(counts)) if one == int(one)]
    left = 28 + max(width_of(number(one), 12) for one in marks)
    wide = (WIDTH - left - 24) / len(counts)
    scale = (height - top - bottom) / (marks[-1] or 1)
    for one in marks:
        y = height - bottom - one * scale
        sheet.line(left, y, WIDTH - 24, y, "grid")
        sheet.text(left - 8, y + 4, number(one), colour="muted", anchor="end")
    gap = 1 if wide > 4 else 0
    for at, count in enumerate(counts):
        tip = f"{number(edges[at])} – {number(edges[at + 1])}: {number(count)}"
        x = left + at * wide
        sheet.rect(x, height - bottom - count * scale, wide - gap, count * scale, "main", tip=tip)
    step = max(1, -(-len(edges) // 9))
    for at in range(0, len(edges), step):
        sheet.text(left + at * wide, height - bottom + 18, number(edges[at]), size=11, colour="muted", anchor="middle")
    facts = result["summary"]
    note = " · ".join(f"{say[key]} {number(facts[key])}" for key in ("count", "mean", "std", "missing"))
    sheet.text(24, height - 12, note, colour="muted")
    return sheet.svg()


def profile(result: Mapping[str, Any], title: str, say: Words) -> str:
    """A row per column: its type, how much of it is missing, how many values it has, what looks wrong."""
    columns = result["columns"]
    if not columns:
        return nothing(title, say)
    sheet = Canvas(WIDTH, 100 + ROW * len(columns), title)
    sheet.text(20, 56, say["rows"].format(count=number(result["rows"])), colour="muted")
    sheet.text(330, 76, say["missing"], size=11, colour="muted")
    sheet.text(640, 76, say["distinct"], size=11, colour="muted", anchor="end")
    for at, one in enumerate(columns):
        y = 86 + at * ROW
        sheet.text(20, y + 14, cut(one["name"], 210, 13), size=13)
        sheet.text(245, y + 14, one["dtype"], size=11, colour="muted")
        sheet.rect(330, y + 3, 160, ROW - 13, "grid")
        sheet.rect(330, y + 3, 160 * one["missing_rate"], ROW - 13, "warn")
        sheet.text(500, y + 14, f"{one['missing_rate'] * 100:.1f} %", size=11, colour="muted")
        sheet.text(640, y + 14, number(one["unique_count"]), anchor="end")
        reasons = ", ".join(issue["reason"] for issue in one["issues"] if issue["reason"] != "missing")
        sheet.text(660, y + 14, cut(reasons, WIDTH - 680, 11), size=11, colour="cold")
    return sheet.svg()
