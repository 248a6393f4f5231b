"""Columns taken as categories: their distinct values, and how many cells a change of them all touches."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from tabular.errors import TableError, gettext_noop
from tabular.schema import Dtype

CATEGORICAL: tuple[Dtype, ...] = ("text", "integer", "boolean")
MOST_LEARNED = 100_000  # distinct values that one step may remember, over all its columns


class TooManyCategories(TableError):
    reason = "too_many_categories"
    message = gettext_noop(
        "The column %(column)s brings the values to remember to %(categories)s; at most %(limit)s are allowed. "
        "Group the rare ones first (group_rare)."
    )


def distinct(cells: pd.Series) -> tuple[np.ndarray, list[Any]]:
    """``(codes, values)``: ``values[code]`` is the cell's value as Python has it, -1 stands for a missing cell.
    The values come in order of appearance."""
    codes, values = pd.factorize(cells)
    return codes, values.tolist()


def looked_up(cells: pd.Series, table: Mapping[Any, Any], unseen: Any, missing: Any) -> np.ndarray:
    """``table``'s entry for every cell; values it does not hold get ``unseen``, missing cells ``missing``."""
    codes, values = distinct(cells)
    entries = np.array([*(table.get(value, unseen) for value in values), missing])
    return np.asarray(entries[codes])


def learned(frame: pd.DataFrame, columns: Iterable[str]) -> Iterator[tuple[str, np.ndarray, list[Any]]]:
    """``column, codes, values`` of each (``distinct``). Raises ``TooManyCategories`` once they are too many in all."""
    total = 0
    for column in columns:
        codes, values = distinct(frame[column])
        total += len(values)
        if total > MOST_LEARNED:
            raise TooManyCategories(column=column, categories=total, limit=MOST_LEARNED)
        yield column, codes, values


def profiled(profile: Mapping[str, Any], columns: Iterable[str]) -> list[Mapping[str, Any]] | None:
    """What the profile says of these columns; None when it does not know them all."""
    known = {one["name"]: one for one in profile["columns"]}
    found = [known.get(name) for name in columns]
    return None if None in found else [one for one in found if one is not None]


def present(profile: Mapping[str, Any], columns: Iterable[str]) -> int | None:
    """How many cells of these columns hold a value."""
    found = profiled(profile, columns)
    return None if found is None else sum(profile["rows"] - one["missing_count"] for one in found)


def become_numbers(profile: Mapping[str, Any], columns: Iterable[str]) -> int | None:
    """Cells that change when texts and booleans become numbers. An integer may get its own value: then nobody knows."""
    found = profiled(profile, columns)
    if found is None or any(one["dtype"] == "integer" for one in found):
        return None
    return present(profile, columns)
