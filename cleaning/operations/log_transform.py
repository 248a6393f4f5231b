"""Take logarithms."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from cleaning.operations.categories import present
from cleaning.operations.code import each
from cleaning.operations.fields import Names
from cleaning.operations.fill_missing import NUMBERS
from cleaning.operations.operation import Effect, Fitted, Operation, Outline, Said, assigned
from tabular.errors import TableError, gettext_noop

SENTENCES = {
    "log1p": gettext_noop("Replaces %(columns)s by the natural logarithm of 1 + the value."),
    "log": gettext_noop("Replaces %(columns)s by the natural logarithm."),
    "log10": gettext_noop("Replaces %(columns)s by the logarithm to base 10."),
    "signed_log1p": gettext_noop(
        "Replaces %(columns)s by the natural logarithm of 1 + the absolute value, with its sign."
    ),
}
FORMULAS: dict[str, Callable[[pd.Series], pd.Series]] = {
    "log1p": np.log1p,
    "log": np.log,
    "log10": np.log10,
    "signed_log1p": lambda numbers: np.sign(numbers) * np.log1p(numbers.abs()),
}


class NoLogarithm(TableError):
    reason = "no_logarithm"
    message = gettext_noop(
        "The column %(column)s has %(count)s cells without a logarithm (%(method)s), such as %(value)s. "
        "signed_log1p takes every finite number."
    )


class LogTransform(Operation):
    """Replaces numbers by their logarithm, as decimals; missing cells stay missing.

    log1p takes numbers above -1, log and log10 numbers above 0, signed_log1p (sign(x) · log(1 + |x|)) all. Any other
    value, an infinite one too, is refused. Nothing is learned.
    """

    operation: ClassVar = "log_transform"
    title: ClassVar = gettext_noop("Take logarithms")

    columns: Names
    method: Literal["log1p", "log", "log10", "signed_log1p"] = "log1p"

    def outline(self, before: Outline) -> Outline:
        before.require(self.columns, NUMBERS)
        return before.having({name: "decimal" for name in self.columns if before.dtype(name) is not None})

    def writes(self, before: Outline) -> Sequence[str]:
        return self.columns

    def apply(self, frame: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
        return assigned(frame, {name: self._logarithms(frame[name]) for name in self.columns})

    def _logarithms(self, cells: pd.Series) -> pd.Series:
        numbers = cells.astype("float64")
        with np.errstate(all="ignore"):
            made = FORMULAS[self.method](numbers)
        refused = ~np.isfinite(made.to_numpy()) & numbers.notna().to_numpy()
        if refused.any():
            raise NoLogarithm(
                column=str(cells.name),
                count=int(refused.sum()),
                value=str(cells[refused].iloc[0]),  # as text, for it may be infinite
                method=self.method,
            )
        return made

    def snippet(self, before: Outline) -> str:
        def render(c: str) -> str:
            numbers = f'df[{c}].astype("float64")'
            if self.method == "signed_log1p":
                return f"numbers = {numbers}\ndf[{c}] = np.sign(numbers) * np.log1p(numbers.abs())"
            return f"df[{c}] = np.{self.method}({numbers})"

        return each(self.columns, render)

    def describe(self) -> Said:
        return Said(SENTENCES[self.method], {"columns": list(self.columns)})

    def estimate(self, profile: Mapping[str, Any]) -> Effect:
        # 0 is its own log1p; no number is its own logarithm.
        return Effect(cells=present(profile, self.columns) if self.method in ("log", "log10") else None)
