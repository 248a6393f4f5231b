"""Where the numbers of every column lie: each on a scale of its own."""

from collections.abc import Mapping
from typing import Any

from analysis.services.charts.canvas import Canvas, Words, cut, nothing, number

WIDTH, ROW, LEFT, RIGHT = 960, 34, 330, 120


def summary(result: Mapping[str, Any], title: str, say: Words) -> str:
    """A thin line from the smallest to the largest; around the mean, one standard deviation to each side."""
    columns = result["summary"]
    if not columns:
        return nothing(title, say)
    sheet = Canvas(WIDTH, 90 + ROW * len(columns), title)
    sheet.text(20, 56, say["range"], colour="muted")
    for at, (name, facts) in enumerate(columns.items()):
        y = 84 + at * ROW
        sheet.text(20, y + 5, cut(name, 200, 13), size=13)
        low, high, mean = facts["min"], facts["max"], facts["mean"]
        if low is None or mean is None:
            sheet.text(LEFT, y + 5, say["nothing"], colour="muted")
            continue
        span = (high - low) or 1.0
        scale = (WIDTH - LEFT - RIGHT) / span
        spread = facts["std"] or 0.0
        start, end = max(mean - spread, low), min(mean + spread, high)
        sheet.line(LEFT, y, LEFT + (high - low) * scale, y, "grid", width=2)
        sheet.rect(LEFT + (start - low) * scale, y - 5, max((end - start) * scale, 1), 10, "soft")
        tip = f"{name}: {number(mean)} ± {number(facts['std'])}"
        sheet.dot(LEFT + (mean - low) * scale, y, 4, "main", tip=tip)
        sheet.text(LEFT - 10, y + 4, number(low), size=11, colour="muted", anchor="end")
        sheet.text(WIDTH - RIGHT + 10, y + 4, number(high), size=11, colour="muted")
    return sheet.svg()
