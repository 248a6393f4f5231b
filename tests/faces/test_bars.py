"""The small charts: heights are proportional, nothing leaves the frame."""

import pytest

from core.bars import bars


def test_heights_are_proportional_and_stand_on_the_ground():
    drawn = bars([("a", 10), ("b", 5), ("c", 0)], width=30, height=100)
    assert [bar["height"] for bar in drawn["bars"]] == [100, 50, 1]
    assert [bar["y"] + bar["height"] for bar in drawn["bars"]] == [100, 100, 100]
    assert [bar["x"] for bar in drawn["bars"]] == [0, 10, 20]
    assert (drawn["total"], drawn["first"], drawn["last"]) == (15, "a", "c")


def test_losses_hang_from_the_zero_line():
    plus, minus = bars([("a", 30), ("b", -10)], width=20, height=40)["bars"]
    assert (plus["y"], plus["height"]) == (0, 30)
    assert (minus["y"], minus["height"]) == (30, 10)


def test_a_missing_value_leaves_its_place_empty():
    drawn = bars([("a", 1), ("b", None), ("c", 1)], width=30)["bars"]
    assert [bar["x"] for bar in drawn] == [0, 20]


@pytest.mark.parametrize("values", [[], [0, 0], [-5], [1e-12, 1e12], [None, None], [-3, 0, 3]])
def test_every_bar_is_inside(values):
    chart = bars([(str(place), value) for place, value in enumerate(values)])
    for bar in chart["bars"]:
        assert 0 <= bar["x"] <= bar["x"] + bar["width"] <= chart["width"] + 0.01
        assert 0 <= bar["y"] <= bar["y"] + bar["height"] <= chart["height"] + 0.01
        assert bar["height"] > 0
