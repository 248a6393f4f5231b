"""Values over time: a line through the complete periods, dashed and hollow where one is not, red what stands out."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.services.charts.canvas import Canvas, Words, nothing, number, ticks, width_of

WIDTH, HEIGHT, TOP, BOTTOM, RIGHT = 960, 400, 56, 60, 24
MOST_DOTS = 200


def timeseries(result: Mapping[str, Any], title: str, say: Words) -> str:
    series = result["series"][0]
    events = {one["timestamp"] for one in result["events"]}
    return _line(result["timestamp"], series["values"], result["complete"], title, say, series["name"], events)


def trend(result: Mapping[str, Any], title: str, say: Words) -> str:
    rows = result["trend"]
    name = next((key for key in rows[0] if key != "date"), "") if rows else ""
    days = [one["date"][:10] for one in rows]
    return _line(days, [one[name] for one in rows], result["complete"], title, say, name, set())


def _line(
    days: Sequence[str],
    values: Sequence[float | None],
    complete: Sequence[bool],
    title: str,
    say: Words,
    name: str,
    events: set[str],
) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return nothing(title, say)
    sheet = Canvas(WIDTH, HEIGHT, title)
    marks = ticks(min(0.0, *known), max(0.0, *known))
    left = 28 + max(width_of(number(one), 12) for one in marks)
    low, high = marks[0], marks[-1]

    def x(at: int) -> float:
        return left + (WIDTH - left - RIGHT) * (at / (len(days) - 1) if len(days) > 1 else 0.5)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * ((value - low) / (high - low))

    for one in marks:
        sheet.line(left, y(one), WIDTH - RIGHT, y(one), "grid")
        sheet.text(left - 8, y(one) + 4, number(one), colour="muted", anchor="end")
    _days(sheet, days, x)
    for run, whole in _runs(values, complete):
        points = [(x(at), y(value)) for at in run if (value := values[at]) is not None]
        sheet.path(points, "main", dash="" if whole else "4 4")
    for at, value in enumerate(values):
        out = days[at] in events
        if value is not None and (out or not complete[at] or len(days) <= MOST_DOTS):
            tip = f"{days[at]}: {number(value)}"
            sheet.dot(x(at), y(value), 5 if out else 3, "warn" if out else "main", hollow=not complete[at], tip=tip)
    _legend(sheet, name, say, shown=(not all(complete), bool(events)))
    return sheet.svg()


def _runs(values: Sequence[float | None], complete: Sequence[bool]) -> list[tuple[list[int], bool]]:
    """Stretches without a gap; a stretch to or from an incomplete period is dashed."""
    runs: list[tuple[list[int], bool]] = []
    for at in range(1, len(values)):
        if values[at - 1] is None or values[at] is None:
            continue
        whole = complete[at - 1] and complete[at]
        if runs and runs[-1][0][-1] == at - 1 and runs[-1][1] == whole:
            runs[-1][0].append(at)
        else:
            runs.append(([at - 1, at], whole))
    return runs


def _days(sheet: Canvas, days: Sequence[str], x: Any) -> None:
    step = max(1, -(-len(days) // 10))
    for at in range(0, len(days), step):
        sheet.line(x(at), HEIGHT - BOTTOM, x(at), HEIGHT - BOTTOM + 5, "muted")
        sheet.text(min(x(at), WIDTH - 36), HEIGHT - BOTTOM + 20, days[at], size=11, colour="muted", anchor="middle")


def _legend(sheet: Canvas, name: str, say: Words, *, shown: tuple[bool, bool]) -> None:
    at, base = 24.0, HEIGHT - 16
    for text, colour, hollow, wanted in (
        (name, "main", False, True),
        (say["incomplete"], "main", True, shown[0]),
        (say["event"], "warn", False, shown[1]),
    ):
        if wanted:
            sheet.dot(at, base - 4, 4, colour, hollow=hollow)
            sheet.text(at + 10, base, text, colour="muted")
            at += 34 + width_of(text, 12)
