"""A sheet to draw on: shapes with classes for colours, text that is escaped and cut to fit, axes with round numbers."""

import base64
import hashlib
import math
import unicodedata
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

# class -> (light, dark)
COLOURS = {
    "paper": ("#ffffff", "#0f172a"),
    "ink": ("#1f2937", "#e5e7eb"),
    "muted": ("#6b7280", "#94a3b8"),
    "grid": ("#e5e7eb", "#334155"),
    "main": ("#2563eb", "#60a5fa"),
    "soft": ("#bfdbfe", "#1e3a8a"),
    "warn": ("#dc2626", "#f87171"),
    "cold": ("#d97706", "#fbbf24"),
}
_DARK = "".join(f".{name}{{fill:{dark}}}.{name}-line{{stroke:{dark}}}" for name, (_, dark) in COLOURS.items())
STYLE = f"@media (prefers-color-scheme:dark){{{_DARK}}}"
STYLE_HASH = "sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_FONT = "system-ui, 'Hiragino Sans', 'Noto Sans CJK JP', 'Noto Sans JP', 'Yu Gothic', Meiryo, sans-serif"

Words = Mapping[str, str]
_ENGLISH = {
    "nothing": "Nothing to show",
    "incomplete": "incomplete period",
    "event": "stands out",
    "missing": "missing",
    "distinct": "distinct values",
    "others": "{count} more",
    "total": "Total",
    "few": "80 % by the first {count}",
    "people": "people",
    "range": "smallest to largest, mean and standard deviation",
    "rows": "{count} rows",
    "count": "count",
    "mean": "mean",
    "std": "standard deviation",
}
_JAPANESE = {
    "nothing": "表示するデータがありません",
    "incomplete": "未完了の期間",
    "event": "突出した値",
    "missing": "欠損",
    "distinct": "種類",
    "others": "ほか {count} 件",
    "total": "合計",
    "few": "上位 {count} 件で 80 %",
    "people": "人数",
    "range": "最小値から最大値、平均と標準偏差",
    "rows": "{count} 行",
    "count": "件数",
    "mean": "平均",
    "std": "標準偏差",
}


def words(language: str) -> Words:
    """The few words of the charts; English where a language has none."""
    return _JAPANESE if language.lower().split("-")[0] == "ja" else _ENGLISH


def width_of(text: str, size: float) -> float:
    """About how wide a text is: East Asian letters are as wide as high, the others a little more than half of that."""
    return sum(size if unicodedata.east_asian_width(one) in "WFA" else 0.56 * size for one in text)


def cut(text: str, room: float, size: float) -> str:
    """The text, shortened by an ellipsis where it is wider than its room."""
    text = " ".join(text.split())
    if width_of(text, size) <= room:
        return text
    while text and width_of(text + "…", size) > room:
        text = text[:-1]
    return text + "…"


def clean(text: str) -> str:
    """Without what XML can't hold."""
    return "".join(one if one in "\t\n" or (one >= " " and not 0xD800 <= ord(one) <= 0xDFFF) else "�" for one in text)


def number(value: float | None) -> str:
    """Grouped digits, no more decimals than tell something."""
    if value is None:
        return "–"
    if value == 0 or 1e-4 <= abs(value) < 1e15:
        digits = 0 if value == int(value) or abs(value) >= 1000 else max(0, 3 - math.ceil(math.log10(abs(value))))
        text = f"{value:,.{digits}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return f"{value:.3g}"


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers (1, 2 or 5 times a power of ten) that cover a range."""
    if not high - low > 1e-9 * max(abs(low), abs(high)):
        high = low + (abs(low) or 1.0)
    raw = high / count - low / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [float(f"{place * step:.12g}") for place in range(first, last + 1)]


class Canvas:
    """Shapes in the order they are drawn; ``svg`` closes the sheet."""

    def __init__(self, width: float, height: float, title: str) -> None:
        self.width, self.height, self.title = width, height, clean(title)
        self.shapes: list[str] = []
        self.text(20, 32, cut(self.title, width - 40, 17), size=17, weight=600)

    def rect(
        self, x: float, y: float, width: float, height: float, colour: str, *, opacity: float = 1, tip: str = ""
    ) -> None:
        extra = "" if opacity == 1 else f' fill-opacity="{opacity:.3f}"'
        box = f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}" rx="1.5"'
        self._add("rect", f"{box} {_fill(colour)}{extra}", tip)

    def line(
        self, x1: float, y1: float, x2: float, y2: float, colour: str, *, width: float = 1, dash: str = ""
    ) -> None:
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
        self._add("line", f'{ends} {_stroke(colour)} stroke-width="{width}"{dashed}')

    def path(self, points: list[tuple[float, float]], colour: str, *, dash: str = "") -> None:
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        look = f'fill="none" {_stroke(colour)} stroke-width="2" stroke-linejoin="round"{dashed}'
        self._add("polyline", f'points="{places}" {look}')

    def dot(self, x: float, y: float, radius: float, colour: str, *, hollow: bool = False, tip: str = "") -> None:
        look = _fill(colour)
        if hollow:
            paper, edge = COLOURS["paper"][0], COLOURS[colour][0]
            look = f'fill="{paper}" stroke="{edge}" class="paper {colour}-line"'
        self._add("circle", f'cx="{x:.1f}" cy="{y:.1f}" r="{radius}" {look} stroke-width="2"', tip)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 12,
        colour: str = "ink",
        anchor: str = "start",
        weight: int = 400,
    ) -> None:
        place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}"'
        self.shapes.append(f"<text {place} {_fill(colour)}>{escape(clean(text))}</text>")

    def _add(self, shape: str, attributes: str, tip: str = "") -> None:
        inside = f"><title>{escape(clean(tip))}</title></{shape}>" if tip else "/>"
        self.shapes.append(f"<{shape} {attributes}{inside}")

    def svg(self) -> str:
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:.0f} {self.height:.0f}" '
            f'width="{self.width:.0f}" height="{self.height:.0f}" role="img" aria-label={quoteattr(self.title)} '
            f'font-family="{_FONT}">'
        )
        paper = f'<rect width="100%" height="100%" {_fill("paper")}/>'
        return f"{head}<title>{escape(self.title)}</title><style>{STYLE}</style>{paper}{''.join(self.shapes)}</svg>\n"


def _fill(colour: str) -> str:
    return f'fill="{COLOURS[colour][0]}" class="{colour}"'


def _stroke(colour: str) -> str:
    return f'class="{colour}-line" stroke="{COLOURS[colour][0]}"'


def nothing(title: str, say: Words) -> str:
    """The sheet of an answer without rows."""
    sheet = Canvas(640, 160, title)
    sheet.text(320, 95, say["nothing"], size=14, colour="muted", anchor="middle")
    return sheet.svg()
