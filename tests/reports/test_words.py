"""Every code that results can hold has words, and the words ask for no fact that is not there."""

import re
from pathlib import Path

import pytest

from reports.rendering import words
from reports.rendering.words import sentence

ROOT = Path(__file__).parents[2]
SOURCES = [ROOT / "analysis/services/suspicions.py", *sorted((ROOT / "reports/eda").glob("*.py"))]
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
RAISED = re.findall(r'\b(?:issue|alert)\(\s*"(\w+)",\s*(?:"\w+"|severity),\s*(?:"(\w+)"|\w+)', TEXT)


def test_every_alert_has_words():
    assert len(RAISED) > 10
    assert {reason for reason, _suggestion in RAISED} - words.ALERTS.keys() == set()
    assert {suggestion for _reason, suggestion in RAISED if suggestion} - words.SUGGESTIONS.keys() == set()


def test_every_reason_against_a_target_has_words():
    assert set(re.findall(r'Problem\(NONE, "(\w+)"\)', TEXT)) - words.ALERTS.keys() == set()


def test_every_finding_has_words():
    found = set(re.findall(r'_finding\(\s*"(\w+)"', TEXT))
    assert len(found) > 5
    assert found - words.FINDINGS.keys() == set()


@pytest.mark.parametrize("trend", ["increasing", "decreasing", "flat"])
def test_every_trend_has_words(trend):
    assert {f"trend_{trend}", f"trend_rows_{trend}"} <= words.FINDINGS.keys()


def test_facts_read_as_people_write_them():
    said = sentence(words.ALERTS["missing"], {"cells": 12345, "share": 0.0512})
    assert said == "12,345 cells (5.1 %) are missing."
    said = sentence(words.ALERTS["variants"], {"cells": 2, "examples": [["Tea", "tea"]]})
    assert said == "2 cells are spelt in several ways, for example: Tea / tea."
