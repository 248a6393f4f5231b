"""Split rows into train and test."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from cleaning.operations.code import literal
from cleaning.operations.fields import Name
from cleaning.operations.operation import Effect, Fitted, Operation, Outline, Said, assigned
from tabular.errors import gettext_noop


class SplitRows(Operation):
    """Adds a column that tells which rows are for training and which for testing: ``train`` or ``test``.

    Of n rows, n · test_share are ``test``, halves rounded up, and at least one of each kind from two rows on; a single
    row is for training. The rows are shuffled by numpy's ``default_rng(seed).permutation``; the first are ``test``.
    With ``stratify``, each of that column's values (missing cells being one too) gets its part of this number, rounded
    by the largest remainder; equal remainders go to the value that comes first among the shuffled rows. Nothing is
    learned: other data is split in the same way.
    """

    operation: ClassVar = "split_rows"
    title: ClassVar = gettext_noop("Split rows")
    imports: ClassVar = ("from decimal import Decimal",)

    column: Name = Field("split", description="The new column's name.")
    test_share: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)] = 0.2
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    stratify: Name | None = Field(None, description="A column whose values both parts hold in the same proportions.")

    @model_validator(mode="after")
    def _another_column(self) -> "SplitRows":
        if self.stratify == self.column:
            raise ValueError("stratify: another column than the new one")
        return self

    def outline(self, before: Outline) -> Outline:
        if self.stratify is not None:
            before.require([self.stratify])
        before.refuse([self.column])
        return before.having({self.column: "text"})

    def apply(self, frame: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
        order = np.random.default_rng(self.seed).permutation(len(frame))
        tests = self._tests(len(frame))
        if self.stratify is None:
            chosen = order[:tests]
        else:
            strata = pd.factorize(frame[self.stratify], use_na_sentinel=False)[0]
            chosen = order[_first_of_each(strata[order], tests)]
        split = np.zeros(len(frame), dtype="int64")
        split[chosen] = 1
        names = pd.array(["train", "test"], dtype=pd.StringDtype(na_value=float("nan")))
        return assigned(frame, {self.column: pd.Series(names.take(split), index=frame.index)})

    def _tests(self, rows: int) -> int:
        """Exact in decimals: a half is a half as it was written."""
        wanted = int(rows * Decimal(str(self.test_share)) + Decimal("0.5"))
        return max(0, min(max(wanted, 1), rows - 1))

    def snippet(self, before: Outline) -> str:
        name = literal(self.column)
        lines = [
            f"order = np.random.default_rng({self.seed}).permutation(len(df))",
            f'tests = int(len(df) * Decimal("{self.test_share}") + Decimal("0.5"))',
            "tests = min(max(tests, 1), len(df) - 1)",
        ]
        if self.stratify is None:
            lines.append("chosen = order[:tests]")
        else:
            lines += [
                f"strata = pd.factorize(df[{literal(self.stratify)}].iloc[order], use_na_sentinel=False)[0]",
                "parts, rest = np.divmod(np.bincount(strata) * tests, len(df))",
                'parts[np.argsort(-rest, kind="stable")[:tests - parts.sum()]] += 1',
                "places = pd.Series(strata).groupby(strata).cumcount().to_numpy()",
                "chosen = order[places < parts[strata]]",
            ]
        return "\n".join([*lines, f'df[{name}] = "train"', f'df.iloc[chosen, df.columns.get_loc({name})] = "test"'])

    def describe(self) -> Said:
        facts: dict[str, Any] = {"column": self.column, "share": self.test_share}
        if self.stratify is None:
            return Said(gettext_noop("Marks a random share of %(share)s of the rows as test in %(column)s."), facts)
        return Said(
            gettext_noop(
                "Marks a random share of %(share)s of the rows as test in %(column)s, "
                "alike for each value of %(stratify)s."
            ),
            facts | {"stratify": self.stratify},
        )

    def estimate(self, profile: Mapping[str, Any]) -> Effect:
        return Effect(added=1)


def _first_of_each(shuffled: np.ndarray, tests: int) -> np.ndarray:
    """Which of the ``shuffled`` rows, given by the number of their value, are taken: each value's first ones, ``tests``
    in all, in proportion."""
    strata = pd.factorize(shuffled)[0]  # numbered as they come
    parts, rest = np.divmod(np.bincount(strata) * tests, len(shuffled))
    parts[np.argsort(-rest, kind="stable")[: tests - parts.sum()]] += 1
    places = pd.Series(strata).groupby(strata).cumcount().to_numpy()
    return np.asarray(places < parts[strata])
