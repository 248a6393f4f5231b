"""Fill missing values."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import pandas as pd
from pydantic import Field, model_validator

from cleaning.operations.code import each, literal, suffixed
from cleaning.operations.fields import Names
from cleaning.operations.operation import Effect, Fitted, Operation, Outline, Said, assigned
from cleaning.operations.values import Value, ValueNotOfColumn, fits, moment_for
from tabular.errors import TableError, gettext_noop
from tabular.schema import Dtype

FLAG = "_was_missing"
NUMBERS: tuple[Dtype, ...] = ("integer", "decimal")
SENTENCES = {
    "mean": gettext_noop("Fills missing cells of %(columns)s with the column's mean."),
    "median": gettext_noop("Fills missing cells of %(columns)s with the column's median."),
    "mode": gettext_noop("Fills missing cells of %(columns)s with the column's most frequent value."),
    "constant": gettext_noop("Fills missing cells of %(columns)s with %(value)s."),
    "forward": gettext_noop("Fills missing cells of %(columns)s with the last value above."),
    "backward": gettext_noop("Fills missing cells of %(columns)s with the next value below."),
    "interpolate": gettext_noop("Fills missing cells of %(columns)s on the straight line between their neighbours."),
}


class NothingToLearn(TableError):
    reason = "column_without_values"
    message = gettext_noop("The column %(column)s holds no value, so nothing can be learned from it.")


class FillMissing(Operation):
    """Gives empty cells a value. ``flag`` adds ``<column>_was_missing`` (boolean) in front of filling.

    ``mean`` and ``interpolate`` make decimals of integers, so does ``median``. ``mode`` takes the smallest of equally
    frequent values. ``forward``, ``backward`` and ``interpolate`` go by the order of rows; ``interpolate`` continues
    the first and the last value outwards. Learned: the value of each column.
    """

    operation: ClassVar = "fill_missing"
    title: ClassVar = gettext_noop("Fill missing values")

    columns: Names
    strategy: Literal["mean", "median", "mode", "constant", "forward", "backward", "interpolate"]
    value: Value = Field(None, description="For constant: the value; dates as 2024-01-31.")
    flag: bool = False

    @model_validator(mode="after")
    def _constant_has_a_value(self) -> "FillMissing":
        if (self.strategy == "constant") != (self.value is not None):
            raise ValueError("value goes with the strategy constant, and with no other")
        return self

    def outline(self, before: Outline) -> Outline:
        numbers = self.strategy in ("mean", "median", "interpolate")
        before.require(self.columns, NUMBERS if numbers else ())
        if self.strategy == "constant":
            for column in self.columns:
                self._check(column, before.dtype(column))
        after = before
        if numbers:
            after = after.having({name: "decimal" for name in self.columns if before.dtype(name) is not None})
        if self.flag:
            flags = [name + FLAG for name in self.columns]
            before.refuse(flags)
            after = after.having(dict.fromkeys(flags, "boolean"))
        return after

    def _check(self, column: str, dtype: Dtype | None) -> None:
        if dtype is not None and not fits(self.value, dtype):
            raise ValueNotOfColumn(value=self.value, column=column, dtype=dtype)

    def writes(self, before: Outline) -> Sequence[str]:
        return self.columns

    def fit(self, frame: pd.DataFrame) -> Fitted:
        return {"values": {name: self._learn(frame[name]) for name in self.columns}} if self._learns else {}

    @property
    def _learns(self) -> bool:
        return self.strategy in ("mean", "median", "mode")

    def _learn(self, cells: pd.Series) -> Any:
        if not cells.notna().any():
            raise NothingToLearn(column=str(cells.name))
        if self.strategy == "mode":
            value = cells.mode().iloc[0]
            if isinstance(value, pd.Timestamp):
                return value.isoformat()
            return value.item() if hasattr(value, "item") else value
        numbers = cells.astype("float64")
        return float(numbers.mean() if self.strategy == "mean" else numbers.median())

    def apply(self, frame: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
        made = {
            name: self._filled(frame[name], fitted.get("values", {}).get(name, self.value)) for name in self.columns
        }
        flags = {name + FLAG: frame[name].isna() for name in self.columns} if self.flag else {}
        return assigned(frame, made | flags)

    def _filled(self, cells: pd.Series, value: Any) -> pd.Series:
        match self.strategy:
            case "forward":
                return cells.ffill()
            case "backward":
                return cells.bfill()
            case "interpolate":
                return cells.astype("float64").interpolate(limit_direction="both")
            case "mean" | "median":
                return cells.astype("float64").fillna(value)
        if pd.api.types.is_datetime64_any_dtype(cells.dtype):
            value = moment_for(str(value), cells)
        return cells.fillna(value)

    def snippet(self, before: Outline) -> str:
        def render(c: str) -> str:
            lines = [f"df[{suffixed(c, FLAG)}] = df[{c}].isna()"] if self.flag else []
            return "\n".join([*lines, f"df[{c}] = {self._expression(c, before)}"])

        return each(self.columns, render)

    def _expression(self, c: str, before: Outline) -> str:
        match self.strategy:
            case "forward":
                return f"df[{c}].ffill()"
            case "backward":
                return f"df[{c}].bfill()"
            case "interpolate":
                return f'df[{c}].astype("float64").interpolate(limit_direction="both")'
            case "mean" | "median":
                return f'df[{c}].astype("float64").fillna(df[{c}].astype("float64").{self.strategy}())'
            case "mode":
                return f"df[{c}].fillna(df[{c}].mode().iloc[0])"
        moments = {"date", "datetime"} & {before.columns.get(name) for name in self.columns}
        return f"df[{c}].fillna({f'pd.Timestamp({literal(self.value)})' if moments else literal(self.value)})"

    def describe(self) -> Said:
        facts: dict[str, Any] = {"columns": list(self.columns)}
        return Said(SENTENCES[self.strategy], facts | ({"value": self.value} if self.strategy == "constant" else {}))

    def estimate(self, profile: Mapping[str, Any]) -> Effect:
        cells = sum(one["missing_count"] for one in profile["columns"] if one["name"] in self.columns)
        return Effect(cells=cells, added=len(self.columns) if self.flag else 0)
