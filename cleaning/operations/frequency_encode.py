"""Frequency encode."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from pydantic import Field

from cleaning.operations.categories import CATEGORICAL, become_numbers, learned, looked_up
from cleaning.operations.code import each
from cleaning.operations.fields import Names
from cleaning.operations.operation import Effect, Fitted, Operation, Outline, Said, assigned
from tabular.errors import gettext_noop


class FrequencyEncode(Operation):
    """Replaces each value by how often it occurs: its share of the rows that hold a value, or their count.

    Missing cells stay missing. Learned: the count of each value; one that was not there then becomes 0.
    """

    operation: ClassVar = "frequency_encode"
    title: ClassVar = gettext_noop("Frequency encode")

    columns: Names
    share: bool = Field(True, description="Shares between 0 and 1; false: counts of rows.")

    def outline(self, before: Outline) -> Outline:
        before.require(self.columns, CATEGORICAL)
        return before.having(
            {name: "decimal" if self.share else "integer" for name in self.columns if before.dtype(name) is not None}
        )

    def writes(self, before: Outline) -> Sequence[str]:
        return self.columns

    def fit(self, frame: pd.DataFrame) -> Fitted:
        values, counts = {}, {}
        for name, codes, found in learned(frame, self.columns):
            values[name], counts[name] = found, np.bincount(codes[codes >= 0], minlength=len(found)).tolist()
        return {"values": values, "counts": counts}

    def apply(self, frame: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
        made = {
            name: self._frequencies(frame[name], fitted["values"][name], fitted["counts"][name])
            for name in self.columns
        }
        return assigned(frame, made)

    def _frequencies(self, cells: pd.Series, values: Sequence[Any], counts: Sequence[int]) -> Any:
        if self.share:
            total = sum(counts)
            shares = {value: count / total for value, count in zip(values, counts, strict=True)}
            return looked_up(cells, shares, unseen=0.0, missing=float("nan"))
        found = looked_up(cells, dict(zip(values, counts, strict=True)), unseen=0, missing=-1)
        return pd.arrays.IntegerArray(found.astype("int64"), found < 0)

    def snippet(self, before: Outline) -> str:
        def render(c: str) -> str:
            counts = f'df.groupby({c})[{c}].transform("count")'
            if self.share:
                return f'df[{c}] = {counts}.astype("float64") / df[{c}].count()'
            return f'df[{c}] = {counts}.astype("Int64")'

        return each(self.columns, render)

    def describe(self) -> Said:
        facts = {"columns": list(self.columns)}
        if self.share:
            return Said(gettext_noop("Replaces each value of %(columns)s by its share of the rows."), facts)
        return Said(gettext_noop("Replaces each value of %(columns)s by the number of rows that hold it."), facts)

    def estimate(self, profile: Mapping[str, Any]) -> Effect:
        return Effect(cells=become_numbers(profile, self.columns))
