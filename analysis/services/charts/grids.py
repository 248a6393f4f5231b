"""Tables of colour: retention by cohort and period, correlation of every two columns."""

from collections.abc import Mapping
from typing import Any

from analysis.services.charts.canvas import Canvas, Words, cut, nothing, number, width_of

WIDTH, ROW = 960, 26
MOST_ROWS, MOST_COLUMNS = 60, 24


def cohort(result: Mapping[str, Any], title: str, say: Words) -> str:
    """The share of a cohort that came back; what has not happened stays empty, the unfinished is underlined."""
    found = result["results"]
    names = list(found["cohort_sizes"])[:MOST_ROWS]
    if not names:
        return nothing(title, say)
    keys = list(found["retention_rates"][names[0]])[:MOST_COLUMNS]
    left = 140
    wide = min(64.0, (WIDTH - left - 20) / len(keys))
    more = len(found["cohort_sizes"]) - len(names)
    sheet = Canvas(WIDTH, 90 + ROW * (len(names) + bool(more)), title)
    sheet.text(left - 12, 70, say["people"], size=11, colour="muted", anchor="end")
    for place, key in enumerate(keys):
        sheet.text(left + (place + 0.5) * wide, 70, key.split("_")[-1], size=11, colour="muted", anchor="middle")
    for at, name in enumerate(names):
        y = 80 + at * ROW
        sheet.text(20, y + 16, name, size=12)
        sheet.text(left - 12, y + 16, number(found["cohort_sizes"][name]), size=11, colour="muted", anchor="end")
        for place, key in enumerate(keys):
            rate = found["retention_rates"][name][key]
            if rate is not None:
                whole = found["complete"][name][key]
                _cell(sheet, left + place * wide, y, wide, rate, f"{name} {key}: {rate * 100:.1f} %", whole=whole)
    if more:
        sheet.text(20, 96 + len(names) * ROW, say["others"].format(count=more), colour="muted")
    return sheet.svg()


def _cell(sheet: Canvas, x: float, y: float, wide: float, rate: float, tip: str, *, whole: bool) -> None:
    sheet.rect(x, y, wide - 2, ROW - 2, "main", opacity=0.06 + 0.6 * min(rate, 1.0), tip=tip)
    if not whole:
        sheet.line(x, y + ROW - 3, x + wide - 2, y + ROW - 3, "muted", dash="3 3")
    if wide >= 30:
        sheet.text(x + wide / 2 - 1, y + 16, f"{rate * 100:.0f}", size=11, anchor="middle")


def correlation(result: Mapping[str, Any], title: str, say: Words) -> str:
    """Blue rises together, amber falls; the stronger the colour, the closer to 1 or -1."""
    matrix = result["correlation"]
    names = list(matrix)[:MOST_COLUMNS]
    if not names:
        return nothing(title, say)
    shown = {name: cut(f"{place}  {name}", 210, 12) for place, name in enumerate(names, start=1)}
    left = 34 + max(width_of(name, 12) for name in shown.values())
    wide = min(64.0, (WIDTH - left - 20) / len(names))
    sheet = Canvas(WIDTH, 100 + ROW * len(names), title)
    for place in range(len(names)):
        sheet.text(left + (place + 0.5) * wide, 70, str(place + 1), size=11, colour="muted", anchor="middle")
    for at, one in enumerate(names):
        y = 80 + at * ROW
        sheet.text(left - 10, y + 16, shown[one], anchor="end")
        for place, other in enumerate(names):
            value = matrix[one][other]
            x, tip = left + place * wide, f"{one} × {other}: {number(value)}"
            if value is None:
                sheet.rect(x, y, wide - 2, ROW - 2, "grid", opacity=0.4, tip=tip)
                continue
            strength = 0.05 + 0.6 * abs(value)
            sheet.rect(x, y, wide - 2, ROW - 2, "main" if value >= 0 else "cold", opacity=strength, tip=tip)
            if wide >= 34:
                sheet.text(x + wide / 2 - 1, y + 16, f"{round(value, 2) + 0.0:.2f}", size=11, anchor="middle")
    return sheet.svg()
