"""Every chart is well-formed, harmless, in the reader's language, and shows the figures of its result."""

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.services import KINDS
from analysis.services.charts import CHARTS, CSP, html, svg
from analysis.services.charts.canvas import STYLE_HASH, cut, number, ticks, width_of
from tabular.schema import Column
from tests.spec.tables import ask

NASTY = "<script>alert(1)</script>&\"'\x00売上"
DAYS = [date(2024, 1, 3) + timedelta(days=n) for n in range(90)]
FRAME = pl.DataFrame(
    {
        "日付": DAYS,
        NASTY: [n % 7 + (400 if n == 40 else 0) for n in range(90)],
        "比率": [None if n % 9 == 0 else n / 7 for n in range(90)],
        "部門": [f"部門 {n % 40} <b>" for n in range(90)],
        "顧客ID": [n % 12 for n in range(90)],
    }
)
COLUMNS = (
    Column("日付", "date", "date"),
    Column(NASTY, "integer", "measure"),
    Column("比率", "decimal", "measure"),
    Column("部門", "text", "category"),
    Column("顧客ID", "integer", "id"),
)
BODIES = {
    "timeseries": {"target_column": NASTY, "aggregation": "daily"},
    "pareto": {"category_column": "部門", "value_column": NASTY},
    "histogram": {"column": NASTY},
    "trend": {"value": NASTY, "freq": "W"},
}


def result_of(kind, frame=FRAME):
    return ask(kind, BODIES.get(kind, {}), frame, COLUMNS).result


def texts(picture):
    root = ET.fromstring(picture)
    return [node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text")]


def test_every_kind_has_a_chart():
    assert CHARTS.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", list(CHARTS))
@pytest.mark.parametrize("rows", [90, 1, 0])
def test_charts_are_well_formed_and_harmless(kind, rows):
    picture = svg(kind, result_of(kind, FRAME.head(rows)), NASTY)
    root = ET.fromstring(picture)
    tags = {node.tag.split("}")[1] for node in root.iter()}
    assert tags <= {"svg", "title", "style", "rect", "line", "polyline", "circle", "text"}
    names = {name for node in root.iter() for name in node.attrib}
    assert not any(name.startswith("on") or "href" in name or name == "style" for name in names)
    assert "url(" not in picture
    assert "nan" not in re.sub(r"<t.*?</t.*?>", "", picture).lower()
    assert "prefers-color-scheme:dark" in picture


@pytest.mark.parametrize("kind", list(CHARTS))
def test_pages_need_no_more_than_their_policy(kind):
    page = html(kind, result_of(kind), "売上 <i>", "ja")
    assert page.startswith('<!doctype html>\n<html lang="ja">')
    assert "売上 &lt;i&gt;" in page
    assert "<i>" not in page
    assert page.count("<style>") == 1
    assert " style=" not in page
    assert STYLE_HASH in CSP


def test_figures_are_on_the_chart():
    shown = texts(svg("pareto", result_of("pareto"), "t", "ja"))
    assert "部門 0 <b>" in shown
    assert "ほか 10 件" in shown
    assert any(text.endswith("100.0 %") for text in shown) is False
    assert "100" in texts(svg("cohort", result_of("cohort"), "t"))
    assert any("stands out" in text for text in texts(svg("timeseries", result_of("timeseries"), "t")))
    assert any("突出" in text for text in texts(svg("timeseries", result_of("timeseries"), "t", "ja-JP")))


def test_an_answer_without_rows_says_so():
    assert "表示するデータがありません" in svg("histogram", result_of("histogram", FRAME.head(0)), "t", "ja")


@pytest.mark.parametrize(
    ("value", "text"),
    [(1234567, "1,234,567"), (0.1234, "0.123"), (12.5, "12.5"), (-3, "-3"), (None, "–"), (1e20, "1e+20"), (0, "0")],
)
def test_numbers_are_short(value, text):
    assert number(value) == text


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12))
def test_ticks_cover_the_range_with_few_marks(one, other):
    low, high = min(one, other), max(one, other)
    marks = ticks(low, high)
    assert marks == sorted(set(marks))
    assert 2 <= len(marks) <= 8
    room = 1e-6 * (marks[-1] - marks[0]) + 1e-9
    assert marks[0] <= low + room
    assert marks[-1] >= high - room


@given(st.text(), st.floats(10, 300))
def test_cut_text_fits(text, room):
    assert width_of(cut(text, room, 12), 12) <= max(room, 12)
