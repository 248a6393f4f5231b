"""A small bar chart, ready for an inline SVG: labelled numbers as rectangles on a common zero line."""

from collections.abc import Sequence
from typing import Any

HAIRLINE = 1.0  # a bar of nothing stays visible


def bars(points: Sequence[tuple[str, float | None]], width: int = 280, height: int = 64) -> dict[str, Any]:
    """``{width, height, total, first, last, bars: [{x, y, width, height, label, value}]}``, in units of the viewBox.

    The range of the values, zero included, fills the height; a missing value leaves its place empty.
    """
    values = [value for _, value in points if value is not None]
    top, bottom = max([0.0, *values]), min([0.0, *values])
    unit = height / (top - bottom) if top > bottom else 0.0
    step = width / max(1, len(points))
    drawn = []
    for place, (label, value) in enumerate(points):
        if value is None:
            continue
        tall = max(HAIRLINE, abs(value) * unit)
        start = (top - max(value, 0.0)) * unit if unit else height
        drawn.append(
            {"x": round(place * step, 2), "y": round(min(start, height - tall), 2), "width": round(step * 0.85, 2),
             "height": round(tall, 2), "label": label, "value": value}
        )  # fmt: skip
    return {
        "width": width,
        "height": height,
        "total": sum(values),
        "first": points[0][0] if points else "",
        "last": points[-1][0] if points else "",
        "bars": drawn,
    }
