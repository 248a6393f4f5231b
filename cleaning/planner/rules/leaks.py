"""Columns that most likely say the target in other words.

A profile knows each column by itself, so what only shows in rows side by side can't be found here: a column that tells
the target under another distribution (the lifeboat of those who survived, the city of a state). Two things can: a name
that says so, and a distribution that agrees to the last digit, which does not happen by chance.
"""

import math
from collections.abc import Mapping

from cleaning.planner.rules.reading import Seen
from tabular.roles import normal

ENOUGH_ROWS = 100  # with fewer, two columns may agree by chance
NEARLY = 1e-9
AFTER = (
    *("bin", "binary", "band", "bool", "bucket", "cat", "category", "cd", "code", "copy", "enc", "encoded", "flag"),
    *("group", "id", "label", "log", "name", "normalized", "numeric", "rank", "scaled", "str", "text"),
)
BEFORE = ("encoded", "has", "is", "ln", "log", "normalized", "scaled", "sub")
AFTER_JAPANESE = ("コード", "id", "区分", "名", "名称", "フラグ", "ラベル", "ランク")


def named_after(name: str, target: str) -> bool:
    """``survived_code``, ``is_survived`` and ``sub_category`` of ``survived`` and ``category``."""
    name, target = normal(name), normal(target)
    if not target:
        return False
    others = {target, *(f"{target} {one}" for one in AFTER), *(f"{one} {target}" for one in BEFORE)}
    return name in others or name in {target + one for one in AFTER_JAPANESE}


def alike(column: Seen, target: Seen) -> bool:
    """Whether the distributions agree though nothing forces them to."""
    if column.rows < ENOUGH_ROWS or (column.distinct, column.missing) != (target.distinct, target.missing):
        return False
    frequencies = _frequencies(column), _frequencies(target)
    if None not in frequencies:
        return frequencies[0] == frequencies[1]
    shape, wanted = _shape(column), _shape(target)
    return shape is not None and wanted is not None and (_close(shape, wanted) or _close(shape, _mirrored(wanted)))


def _frequencies(column: Seen) -> list[int] | None:
    """How often each value occurs; None where the profile can't say. Groups of equal size are made so on purpose, in
    many columns at once, and say nothing."""
    if column.distinct < 2:
        return None
    counts: list[int] = []
    if column.counts and column.complete:
        counts = sorted(column.counts.values())
    elif column.numeric and column.distinct == 2:
        ones = column.present * (column.statistics["mean"] - column.low) / (column.high - column.low)
        counts = sorted((round(ones), column.present - round(ones)))
    return counts if counts and len(set(counts)) == len(counts) else None


Shape = tuple[float, ...]


def _shape(column: Seen) -> Shape | None:
    """Minimum, quartiles and maximum around the mean in standard deviations: the same in every unit. None for
    symmetric distributions, as of evenly planned numbers, which agree with each other for no reason."""
    if not column.numeric or column.distinct < 3:
        return None
    found = _numbers(column.statistics)
    if found is None or not found["std"] > 0:
        return None
    shape = tuple((found[key] - found["mean"]) / found["std"] for key in ("min", "q1", "median", "q3", "max"))
    return None if math.isclose(shape[0], -shape[-1], rel_tol=NEARLY) else shape


def _numbers(statistics: Mapping[str, float | None]) -> dict[str, float] | None:
    found = {key: statistics.get(key) for key in ("mean", "std", "min", "q1", "median", "q3", "max")}
    known = {key: float(value) for key, value in found.items() if value is not None}
    return known if len(known) == len(found) else None


def _mirrored(shape: Shape) -> Shape:
    return tuple(-one for one in reversed(shape))


def _close(one: Shape, other: Shape) -> bool:
    return all(math.isclose(a, b, rel_tol=NEARLY, abs_tol=NEARLY) for a, b in zip(one, other, strict=True))
