"""Scale numbers."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from cleaning.operations.code import each
from cleaning.operations.fields import Names
from cleaning.operations.fill_missing import NUMBERS, NothingToLearn
from cleaning.operations.operation import Effect, Fitted, Operation, Outline, Said, assigned
from tabular.errors import TableError, gettext_noop

SENTENCES = {
    "standard": gettext_noop("Scales %(columns)s to mean 0 and standard deviation 1."),
    "minmax": gettext_noop("Scales %(columns)s to the range from 0 to 1."),
    "robust": gettext_noop("Scales %(columns)s by the median and the distance between the quartiles."),
}


class NotScalable(TableError):
    reason = "column_not_scalable"
    message = gettext_noop(
        "The column %(column)s can't be scaled: with values such as %(value)s the result is no finite number."
    )


class Scale(Operation):
    """Subtracts a centre and divides by a spread: (x - centre) / spread, as decimals.

    standard: mean and standard deviation (ddof 0); minmax: minimum and maximum - minimum; robust: median and the
    distance of the quartiles (linear interpolation). A spread of zero divides by 1, so a constant column becomes 0.
    Missing cells stay missing. Learned: centre and spread of each column; later values may lie outside its range.
    Integers are taken as decimals of 64 bits. A column that has no finite result is refused.
    """

    operation: ClassVar = "scale"
    title: ClassVar = gettext_noop("Scale numbers")

    columns: Names
    method: Literal["standard", "minmax", "robust"] = "standard"

    def outline(self, before: Outline) -> Outline:
        before.require(self.columns, NUMBERS)
        return before.having({name: "decimal" for name in self.columns if before.dtype(name) is not None})

    def writes(self, before: Outline) -> Sequence[str]:
        return self.columns

    def fit(self, frame: pd.DataFrame) -> Fitted:
        return {"columns": {name: self._learn(frame[name].astype("float64")) for name in self.columns}}

    def _learn(self, numbers: pd.Series) -> dict[str, float]:
        if not numbers.notna().any():
            raise NothingToLearn(column=str(numbers.name))
        with np.errstate(all="ignore"):
            centre, spread = self._measured(numbers)
        if not (np.isfinite(centre) and np.isfinite(spread)):
            raise NotScalable(column=str(numbers.name), value=_largest(numbers))
        return {"centre": centre, "spread": spread}

    def _measured(self, numbers: pd.Series) -> tuple[float, float]:
        match self.method:
            case "standard":
                # A constant's deviation from its rounded mean is no spread.
                spread = numbers.std(ddof=0) if numbers.min() < numbers.max() else 1.0
                return float(numbers.mean()), float(spread)
            case "minmax":
                return float(numbers.min()), float(numbers.max() - numbers.min()) or 1.0
        return float(numbers.median()), float(numbers.quantile(0.75) - numbers.quantile(0.25)) or 1.0

    def apply(self, frame: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
        return assigned(frame, {name: self._scaled(frame[name], fitted["columns"][name]) for name in self.columns})

    def _scaled(self, cells: pd.Series, learned: Mapping[str, float]) -> pd.Series:
        numbers = cells.astype("float64")
        with np.errstate(all="ignore"):
            scaled = (numbers - learned["centre"]) / learned["spread"]
        refused = ~np.isfinite(scaled.to_numpy()) & numbers.notna().to_numpy()
        if refused.any():
            raise NotScalable(column=str(cells.name), value=str(numbers[refused].iloc[0]))
        return scaled

    def snippet(self, before: Outline) -> str:
        def render(c: str) -> str:
            return f'numbers = df[{c}].astype("float64")\ndf[{c}] = {FORMULAS[self.method]}'

        return each(self.columns, render)

    def describe(self) -> Said:
        return Said(SENTENCES[self.method], {"columns": list(self.columns)})

    def estimate(self, profile: Mapping[str, Any]) -> Effect:
        return Effect(cells=None)  # a number may be scaled to itself


FORMULAS = {
    "standard": "(numbers - numbers.mean()) / (numbers.std(ddof=0) if numbers.min() < numbers.max() else 1)",
    "minmax": "(numbers - numbers.min()) / ((numbers.max() - numbers.min()) or 1)",
    "robust": "(numbers - numbers.median()) / ((numbers.quantile(0.75) - numbers.quantile(0.25)) or 1)",
}


def _largest(numbers: pd.Series) -> str:
    """As text, for it may be infinite."""
    return str(numbers.iloc[numbers.abs().argmax()])
