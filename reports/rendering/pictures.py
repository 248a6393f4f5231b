"""Small drawings inside a page: SVG in the page's own colours, without text that a column's card says already."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from analysis.services.charts.canvas import clean, cut, number, width_of

WIDE, HIGH = 340, 110


def distribution(shown: Mapping[str, Any], label: str) -> str:
    """Bars over a range, over time, or one per value."""
    if shown["kind"] == "values":
        rows = [(str(value), count) for value, count in zip(shown["values"], shown["counts"], strict=True)]
        return ranked(rows, label, width=WIDE)
    if shown["kind"] == "dates":
        return _upright(shown["periods"], shown["counts"], (shown["periods"][0], shown["periods"][-1]), label)
    edges = shown["edges"]
    spans = [f"{number(low)} – {number(high)}" for low, high in pairwise(edges)]
    return _upright(spans, shown["counts"], (number(edges[0]), number(edges[-1])), label)


def _upright(names: Sequence[str], counts: Sequence[int], ends: tuple[str, str], label: str) -> str:
    top, wide = max(counts) or 1, WIDE / len(counts)
    gap = 1 if wide > 4 else 0
    bars = [
        _bar(
            at * wide,
            HIGH - 18 - (HIGH - 22) * count / top,
            wide - gap,
            (HIGH - 22) * count / top,
            f"{name}: {number(count)}",
        )
        for at, (name, count) in enumerate(zip(names, counts, strict=True))
        if count
    ]
    axis = f'<line x1="0" y1="{HIGH - 17.5}" x2="{WIDE}" y2="{HIGH - 17.5}" class="axis"/>'
    feet = _text(0, HIGH - 4, ends[0]) + _text(WIDE, HIGH - 4, ends[1], anchor="end")
    return _svg(WIDE, HIGH, label, "".join(bars) + axis + feet)


def ranked(rows: Sequence[tuple[str, float]], label: str, *, width: int = 640, percent: bool = False) -> str:
    """A bar per name, the longest as long as there is room; with ``percent`` a full bar is 1."""
    row, size = 19, 11.5
    most = max((abs(value) for _name, value in rows), default=1) or 1
    scale = 1.0 if percent else most
    names = [cut(clean(name) or "∅", width * 0.42, size) for name, _value in rows]
    left = max((width_of(name, size) for name in names), default=0) + 10
    room = width - left - 62
    drawn = []
    for at, ((name, value), short) in enumerate(zip(rows, names, strict=True)):
        y = at * row
        said = f"{value * 100:.1f} %" if percent else number(value)
        drawn.append(_text(left - 8, y + 13, short, anchor="end", ink=True))
        drawn.append(
            _bar(left, y + 3, max(1.0, room * abs(value) / scale), row - 6, f"{clean(name)}: {said}", cold=value < 0)
        )
        drawn.append(_text(left + max(1.0, room * abs(value) / scale) + 5, y + 13, said))
    return _svg(width, max(row * len(rows), 1), label, "".join(drawn))


def share_bar(share: float) -> str:
    """A thin bar for a table's cell; the number stands beside it."""
    full = min(1.0, max(0.0, share)) * 80
    return (
        '<svg class="thin" viewBox="0 0 80 8" width="80" height="8" aria-hidden="true">'
        '<rect class="track" width="80" height="8" rx="2"/>'
        f'<rect class="main" width="{full:.1f}" height="8" rx="2"/></svg>'
    )


def ring(score: float, label: str) -> str:
    """The score as a part of a circle."""
    length = 2 * math.pi * 42
    drawn = f"{length * score / 100:.1f} {length:.1f}"
    level = "good" if score >= 85 else "fair" if score >= 60 else "poor"
    return _svg(
        104, 104, label,
        '<circle class="track-line" cx="52" cy="52" r="42"/>'
        f'<circle class="ring {level}" cx="52" cy="52" r="42" stroke-dasharray="{drawn}" '
        'transform="rotate(-90 52 52)"/>'
        f'<text class="score" x="52" y="60" text-anchor="middle">{math.floor(score)}</text>',
    )  # fmt: skip


def _bar(x: float, y: float, width: float, height: float, tip: str, *, cold: bool = False) -> str:
    box = f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" height="{max(height, 0.5):.1f}"'
    return f'<rect class="{"cold" if cold else "main"}" {box}><title>{escape(clean(tip))}</title></rect>'


def _text(x: float, y: float, text: str, *, anchor: str = "start", ink: bool = False) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="11.5" text-anchor="{anchor}" class="{"ink" if ink else "muted"}">'
        f"{escape(clean(text))}</text>"
    )


def _svg(width: float, height: float, label: str, inside: str) -> str:
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" role="img" '
        f"aria-label={quoteattr(clean(label))}>{inside}</svg>"
    )
