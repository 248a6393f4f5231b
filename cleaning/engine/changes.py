"""What a step changed, cell by cell.

A row is followed by its index, a column by its name. A cell is changed when its value is another one: null and null are
equal, 1 and 1.0 are, 1 and "1" or true are not; a date equals its own midnight.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from cleaning.operations.conversion import kind
from tabular.schema import NUMERIC
from tabular.values import to_json

SAMPLES = 20


@dataclass(frozen=True, slots=True)
class Change:
    """``rows_changed``: rows that stay and hold a changed cell. ``emptied``: cells that had a value and have none now.

    ``samples``: up to 20 ``{row, column, before, after}``; ``row`` counts the source's rows from 1. ``by_column`` holds
    the changed cells of each column that has some.
    """

    rows_before: int
    rows_after: int
    rows_changed: int
    cells_changed: int
    emptied: int
    columns_added: list[str]
    columns_removed: list[str]
    columns_renamed: dict[str, str]
    samples: list[dict[str, Any]] = field(default_factory=list)
    by_column: dict[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {
            "rows_before": self.rows_before,
            "rows_after": self.rows_after,
            "rows_removed": self.rows_before - self.rows_after,
            "rows_changed": self.rows_changed,
            "cells_changed": self.cells_changed,
            "columns_added": self.columns_added,
            "columns_removed": self.columns_removed,
            "columns_renamed": self.columns_renamed,
        }


def compare(
    before: pd.DataFrame, after: pd.DataFrame, written: Sequence[str], renamed: Mapping[str, str], *, samples: int = 0
) -> Change:
    """``written``: the columns that may differ, by their names before; all others are known to be as they were."""
    renamed = {old: new for old, new in renamed.items() if old != new}
    origin = {renamed.get(name, name): name for name in before.columns}  # name now → name then
    stayed = before if len(before) == len(after) else before.loc[after.index]
    may_differ, kept = set(written), set(after.columns)
    touched = np.zeros(len(after), dtype=bool)
    by_column, shown, emptied = {}, [], 0
    for now in after.columns:
        then = origin.get(now)
        if then not in may_differ:
            continue
        old, new = stayed[then], after[now]
        changed = differing(old, new)
        count = int(changed.sum())
        if not count:
            continue
        by_column[now] = count
        emptied += int((changed & new.isna().to_numpy()).sum())
        touched |= changed
        places = np.flatnonzero(changed)[: max(0, samples)]
        shown.append([_sample(int(after.index[place]), now, old.iloc[place], new.iloc[place]) for place in places])
    return Change(
        rows_before=len(before),
        rows_after=len(after),
        rows_changed=int(touched.sum()),
        cells_changed=sum(by_column.values()),
        emptied=emptied,
        columns_added=[name for name in after.columns if name not in origin],
        columns_removed=[name for name in before.columns if renamed.get(name, name) not in kept],
        columns_renamed=renamed,
        samples=_some_of_each(shown, samples),
        by_column=by_column,
    )


def _some_of_each(shown: list[list[dict[str, Any]]], most: int) -> list[dict[str, Any]]:
    """Up to ``most`` samples, from all columns in turn, in the order of columns and rows."""
    taken = [0] * len(shown)
    while sum(taken) < most and any(count < len(column) for count, column in zip(taken, shown, strict=True)):
        for place, column in enumerate(shown):
            if taken[place] < len(column) and sum(taken) < most:
                taken[place] += 1
    return [one for count, column in zip(taken, shown, strict=True) for one in column[:count]]


def _sample(row: int, column: str, before: Any, after: Any) -> dict[str, Any]:
    return {"row": row + 1, "column": column, "before": plain(before), "after": plain(after)}


def plain(value: Any) -> Any:
    """A cell as JSON holds it."""
    if value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, pd.Timestamp):
        moment = value.to_pydatetime()
        return to_json(moment.date() if moment == moment.replace(hour=0, minute=0, second=0, microsecond=0) else moment)
    if isinstance(value, str):
        return value if len(value) <= 200 else value[:200] + "…"
    return to_json(value.item() if isinstance(value, np.generic) else value)


def differing(old: pd.Series, new: pd.Series) -> np.ndarray:
    """Where two settled columns over the same rows hold different values."""
    gone, come = old.isna().to_numpy(), new.isna().to_numpy()
    both = ~gone & ~come
    unequal = gone != come
    if _family(old) != _family(new):
        return unequal | both
    return unequal | (both & _unequal(old, new))


def _family(cells: pd.Series) -> str:
    found = kind(cells)
    if found in NUMERIC:
        return "number"
    return str(cells.dtype) if found == "datetime" else found  # an instant is no wall clock


def _unequal(old: pd.Series, new: pd.Series) -> np.ndarray:
    """Over cells that both have a value; what it says of the others has no meaning."""
    if _family(old) == "number" and old.dtype != new.dtype:
        # An integer beyond 2^53 and a decimal: only exact comparison tells whether it was rounded.
        whole, broken = (old, new) if old.dtype == pd.Int64Dtype() else (new, old)
        integers, decimals = whole.fillna(0).to_numpy(dtype="int64"), broken.to_numpy(dtype="float64")
        unequal = integers.astype("float64") != decimals
        for place in np.flatnonzero(np.abs(integers.astype("float64")) >= 2**53):
            unequal[place] = int(integers[place]) != float(decimals[place])
        return np.asarray(unequal)
    if isinstance(old.dtype, pd.Int64Dtype | pd.BooleanDtype):
        missing = False if isinstance(old.dtype, pd.BooleanDtype) else 0
        return np.asarray(old.fillna(missing).to_numpy() != new.fillna(missing).to_numpy())
    if _family(old) == "text":
        return np.asarray((old.fillna("") != new.fillna("")).to_numpy(dtype=bool))
    return np.asarray(old.to_numpy() != new.to_numpy())
