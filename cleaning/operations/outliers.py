"""Treat outliers."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from cleaning.operations.code import each, literal
from cleaning.operations.fields import Names
from cleaning.operations.operation import Effect, Fitted, Operation, Outline, Said, assigned
from tabular.errors import TableError, gettext_noop
from tabular.schema import Dtype

NUMBERS: tuple[Dtype, ...] = ("integer", "decimal")
USUAL = {"iqr": 1.5, "z": 3.0}
SENTENCES = {
    ("iqr", "clip"): gettext_noop(
        "Sets values of %(columns)s further than %(threshold)s interquartile ranges outside the quartiles "
        "to that bound."
    ),
    ("iqr", "drop"): gettext_noop(
        "Removes rows with a value of %(columns)s further than %(threshold)s interquartile ranges outside "
        "the quartiles."
    ),
    ("iqr", "empty"): gettext_noop(
        "Empties cells of %(columns)s further than %(threshold)s interquartile ranges outside the quartiles."
    ),
    ("z", "clip"): gettext_noop(
        "Sets values of %(columns)s further than %(threshold)s standard deviations from the mean to that bound."
    ),
    ("z", "drop"): gettext_noop(
        "Removes rows with a value of %(columns)s further than %(threshold)s standard deviations from the mean."
    ),
    ("z", "empty"): gettext_noop(
        "Empties cells of %(columns)s further than %(threshold)s standard deviations from the mean."
    ),
}


class SpreadTooWide(TableError):
    reason = "spread_too_wide"
    message = gettext_noop("The values of %(column)s lie too far apart (%(low)s to %(high)s) to compute with.")


class IntegerTooLong(TableError):
    reason = "integer_too_long"
    message = gettext_noop("The column %(column)s holds %(value)s, which a decimal can't hold exactly.")


class Outliers(Operation):
    """Clips, drops or empties what lies outside the bounds; what lies on a bound stays.

    ``iqr``: the quartiles (linear interpolation) and ``threshold`` interquartile ranges beyond. ``z``: the mean and
    ``threshold`` standard deviations (ddof 1) around it. Columns whose quartiles are equal (``iqr``) or that hold one
    value only have no bounds and are left alone. Missing cells stay missing, and rows are not dropped for them.

    ``clip`` makes decimals of integers, as bounds have fractions; integers inside the bounds that a decimal can't hold
    exactly are refused. ``drop`` and ``empty`` leave integers as they are, and compare them as decimals. All bounds
    are learned before the first row goes. Learned: the bounds of each column, null where there is none.
    """

    operation: ClassVar = "outliers"
    title: ClassVar = gettext_noop("Treat outliers")

    columns: Names
    method: Literal["iqr", "z"] = "iqr"
    threshold: float | None = Field(
        None,
        gt=0,
        allow_inf_nan=False,
        description="Interquartile ranges beyond the quartiles (1.5) or standard deviations from the mean (3).",
    )
    action: Literal["clip", "drop", "empty"] = "clip"

    @property
    def _reach(self) -> float:
        return float(USUAL[self.method] if self.threshold is None else self.threshold)

    def outline(self, before: Outline) -> Outline:
        before.require(self.columns, NUMBERS)
        if self.action != "clip":
            return before
        return before.having({name: "decimal" for name in self.columns if before.dtype(name) is not None})

    def writes(self, before: Outline) -> Sequence[str]:
        return () if self.action == "drop" else self.columns

    def fit(self, frame: pd.DataFrame) -> Fitted:
        return {"bounds": {name: self._bounds(frame[name]) for name in self.columns}}

    def _bounds(self, cells: pd.Series) -> list[float | None]:
        numbers = cells.astype("float64")
        least, most = float(numbers.min()), float(numbers.max())
        if not least < most:
            return [None, None]
        with np.errstate(over="ignore", invalid="ignore"):
            if self.method == "iqr":
                low, high = (float(one) for one in numbers.quantile([0.25, 0.75]))
                spread = high - low
            else:
                low = high = float(numbers.mean())
                spread = float(numbers.std())
            reach = self._reach * spread
        if not np.isfinite([low, high, reach]).all():
            raise SpreadTooWide(column=str(cells.name), low=f"{least:g}", high=f"{most:g}")
        if self.method == "iqr" and not spread:
            return [None, None]
        return [bound if np.isfinite(bound) else None for bound in (low - reach, high + reach)]

    def apply(self, frame: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
        bounds = {name: _reals(fitted["bounds"][name]) for name in self.columns}
        if self.action == "drop":
            return frame[~np.logical_or.reduce([_outside(frame[name], *found) for name, found in bounds.items()])]
        change = _clipped if self.action == "clip" else _emptied
        return assigned(frame, {name: change(frame[name], *found) for name, found in bounds.items()})

    def snippet(self, before: Outline) -> str:
        code = each(self.columns, self._lines)
        if self.action == "drop":
            code = f"outside = pd.Series(False, index=df.index)\n{code}\ndf = df[~outside]"
        return code

    def _lines(self, c: str) -> str:
        reach = literal(self._reach)
        lines = [f'values = df[{c}].astype("float64")']
        if self.method == "iqr":
            lines += [
                "q1, q3 = values.quantile(0.25), values.quantile(0.75)",
                f"low, high = q1 - {reach} * (q3 - q1), q3 + {reach} * (q3 - q1)",
            ]
        else:
            lines.append(f"low, high = values.mean() - {reach} * values.std(), values.mean() + {reach} * values.std()")
        lines += [
            f"if not {'q1 < q3' if self.method == 'iqr' else 'values.min() < values.max()'}:  # nothing to go by",
            "    low, high = -np.inf, np.inf",
            {
                "clip": f"df[{c}] = values.clip(low, high)",
                "empty": f"df[{c}] = df[{c}].mask((values < low) | (values > high))",
                "drop": "outside |= (values < low) | (values > high)",
            }[self.action],
        ]
        return "\n".join(lines)

    def describe(self) -> Said:
        facts = {"columns": list(self.columns), "threshold": self._reach}
        return Said(SENTENCES[self.method, self.action], facts)

    def estimate(self, profile: Mapping[str, Any]) -> Effect:
        """The profile counts what lies beyond the usual fences; how outliers of several columns meet in rows, it
        can't say."""
        if self.method != "iqr" or self._reach != USUAL["iqr"]:
            return Effect(rows=None) if self.action == "drop" else Effect(cells=None)
        issues = [issue for one in profile["columns"] if one["name"] in self.columns for issue in one["issues"]]
        counts = [issue["details"]["cells"] for issue in issues if issue["reason"] == "outliers"]
        if self.action == "drop":
            return Effect(rows=None if len(counts) > 1 else sum(counts))
        return Effect(cells=sum(counts))


def _reals(bounds: Sequence[float | None]) -> tuple[float, float]:
    low, high = bounds
    return -np.inf if low is None else float(low), np.inf if high is None else float(high)


def _outside(cells: pd.Series, low: float, high: float) -> np.ndarray:
    numbers = cells.to_numpy(dtype="float64", na_value=np.nan)
    return np.asarray((numbers < low) | (numbers > high))


def _emptied(cells: pd.Series, low: float, high: float) -> pd.Series:
    return cells.mask(_outside(cells, low, high))


def _clipped(cells: pd.Series, low: float, high: float) -> pd.Series:
    numbers = cells.astype("float64")
    if pd.api.types.is_integer_dtype(cells.dtype):
        _refuse_rounding(cells, numbers.to_numpy(), low, high)
    return numbers.clip(low, high)


def _refuse_rounding(cells: pd.Series, numbers: np.ndarray, low: float, high: float) -> None:
    """Only beyond 2^53 may an integer have no decimal of its own."""
    stays = (numbers >= low) & (numbers <= high) & (np.abs(numbers) >= 2**53)
    for place in np.flatnonzero(stays):
        if int(cells.iloc[place]) != int(numbers[place]):
            raise IntegerTooLong(column=str(cells.name), value=int(cells.iloc[place]))
