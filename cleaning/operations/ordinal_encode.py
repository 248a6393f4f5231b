"""Ordinal encode."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

import pandas as pd
from pydantic import Field, model_validator

from cleaning.operations.categories import (
    CATEGORICAL,
    MOST_LEARNED,
    become_numbers,
    learned,
    looked_up,
)
from cleaning.operations.code import each, literal
from cleaning.operations.fields import Name, Names
from cleaning.operations.operation import Effect, Fitted, Operation, Outline, Said, assigned
from cleaning.operations.values import ValueNotOfColumn
from tabular.errors import TableError, gettext_noop
from tabular.schema import Dtype

TYPES: dict[Dtype, type] = {"text": str, "integer": int, "boolean": bool}
Values = Annotated[tuple[str | int | bool, ...], Field(strict=False, min_length=1, max_length=10_000)]


class ValueNotListed(TableError):
    reason = "value_not_listed"
    message = gettext_noop("The column %(column)s holds %(value)s, which is not among its categories.")


class OrdinalEncode(Operation):
    """Numbers the values of each column 0, 1, 2 … in their order.

    Columns without an entry in ``categories`` are ordered as values are: texts by their characters' code points,
    integers by size, false before true. Missing cells stay missing. A value that ``categories`` does not list is
    refused; one that was not there when the step was learned becomes missing. Learned: the order of each column.
    """

    operation: ClassVar = "ordinal_encode"
    title: ClassVar = gettext_noop("Ordinal encode")

    columns: Names
    categories: dict[Name, Values] | None = Field(
        None, description="Column → all its values in their order, such as small, medium, large."
    )

    @model_validator(mode="after")
    def _categories_of_columns(self) -> "OrdinalEncode":
        for column, values in (self.categories or {}).items():
            if column not in self.columns:
                raise ValueError(f"categories: {column[:100]} is none of the columns")
            if len({(type(value), value) for value in values}) < len(values):
                raise ValueError(f"categories: {column[:100]}: each value once")
        if sum(len(values) for values in (self.categories or {}).values()) > MOST_LEARNED:
            raise ValueError(f"categories: at most {MOST_LEARNED} values")
        return self

    def outline(self, before: Outline) -> Outline:
        before.require(self.columns, CATEGORICAL)
        for column, values in (self.categories or {}).items():
            dtype = before.dtype(column)
            for value in values:
                if dtype is not None and type(value) is not TYPES[dtype]:
                    raise ValueNotOfColumn(value=value, column=column, dtype=dtype)
        return before.having({name: "integer" for name in self.columns if before.dtype(name) is not None})

    def writes(self, before: Outline) -> Sequence[str]:
        return self.columns

    def fit(self, frame: pd.DataFrame) -> Fitted:
        return {"categories": {name: self._ordered(name, found) for name, _, found in learned(frame, self.columns)}}

    def _ordered(self, name: str, values: list[Any]) -> list[Any]:
        given = (self.categories or {}).get(name)
        if given is None:
            return sorted(values)
        listed = set(given)
        for value in values:
            if value not in listed:
                raise ValueNotListed(column=name, value=value)
        return list(given)

    def apply(self, frame: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
        return assigned(frame, {name: self._codes(frame[name], fitted["categories"][name]) for name in self.columns})

    def _codes(self, cells: pd.Series, values: Sequence[Any]) -> Any:
        codes = looked_up(cells, {value: code for code, value in enumerate(values)}, unseen=-1, missing=-1)
        return pd.arrays.IntegerArray(codes.astype("int64"), codes < 0)

    def snippet(self, before: Outline) -> str:
        given = self.categories or {}
        sorted_ones = [name for name in self.columns if name not in given]
        blocks = [each(sorted_ones, lambda c: _code(c, '"category"'))] if sorted_ones else []
        for name, values in given.items():
            blocks.append(_code(literal(name), f"pd.CategoricalDtype({literal(values)})"))
        return "\n".join(blocks)

    def describe(self) -> Said:
        facts: dict[str, Any] = {"columns": list(self.columns)}
        if self.categories is None:
            return Said(gettext_noop("Numbers the sorted values of %(columns)s, from 0."), facts)
        return Said(gettext_noop("Numbers the values of %(columns)s in their given order, from 0."), facts)

    def estimate(self, profile: Mapping[str, Any]) -> Effect:
        return Effect(cells=become_numbers(profile, self.columns))


def _code(c: str, categorical: str) -> str:
    return f'df[{c}] = df[{c}].astype({categorical}).cat.codes.astype("Int64").replace(-1, pd.NA)'
