"""Replace values."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from cleaning.operations.code import each, literal
from cleaning.operations.fields import Names
from cleaning.operations.operation import Effect, Fitted, Operation, Outline, Said, assigned
from cleaning.operations.values import Value, ValueNotOfColumn, fits, moment_for
from tabular.errors import gettext_noop

MOST_REPLACEMENTS = 10_000
MOST_TO_REPLACE = 20  # pandas' replace walks the column once for each value


class Replacement(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, serialize_by_alias=True)

    old: Value = Field(alias="from", description="The value to look for; null for missing cells.")
    new: Value = Field(alias="to", description="What stands there afterwards; null for an empty cell.")


class ReplaceValues(Operation):
    """Puts other values where exactly these stand: text to the character, numbers by their value.

    Of several replacements for one value the first counts; what was put in is not replaced again. Dates are given as
    2024-01-31, datetimes as 2024-01-31T15:04:05 (with Z or an offset where the column has one). Learns nothing.
    """

    operation: ClassVar = "replace_values"
    title: ClassVar = gettext_noop("Replace values")

    columns: Names
    replacements: Annotated[tuple[Replacement, ...], Field(min_length=1, max_length=MOST_REPLACEMENTS, strict=False)]

    def outline(self, before: Outline) -> Outline:
        before.require(self.columns)
        for column in self.columns:
            dtype = before.dtype(column)
            for value in self._values():
                if dtype is not None and value is not None and not fits(value, dtype):
                    raise ValueNotOfColumn(value=value, column=column, dtype=dtype)
        return before

    def _values(self) -> list[Value]:
        return [value for one in self.replacements for value in (one.old, one.new)]

    def writes(self, before: Outline) -> Sequence[str]:
        return self.columns

    def apply(self, frame: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
        return assigned(frame, {name: self._replaced(frame[name]) for name in self.columns})

    def _replaced(self, cells: pd.Series) -> pd.Series:
        old = _series([one.old for one in self.replacements], cells)
        new = _series([one.new for one in self.replacements], cells)
        first = ~old.duplicated().to_numpy()  # two nulls are duplicates, 0 and -0.0 too
        old, new = old[first].reset_index(drop=True), new[first].array
        null = old.isna().to_numpy()
        made = cells.copy()
        if null.any():
            made[cells.isna().to_numpy()] = new[null][0]
        hit = cells.isin(old[~null]).to_numpy(dtype=bool)
        if hit.any():
            codes, distinct = pd.factorize(cells[hit])
            made[hit] = new[~null].take(pd.Index(old[~null]).get_indexer(distinct)[codes])
        return made

    def snippet(self, before: Outline) -> str:
        kinds = {before.columns.get(name) for name in self.columns}
        render = _moment if kinds & {"date", "datetime"} else literal
        first = self._first()
        filled = first.pop(None, None)
        pairs = [f"{render(old)}: {'np.nan' if new is None else render(new)}" for old, new in first.items()]
        table = "{" + ", ".join(pairs) + "}"
        mapped = len(pairs) > MOST_TO_REPLACE and kinds == {"text"}

        def lines(c: str) -> str:
            code = f"df[{c}]"
            if mapped:
                code += f".map(lambda text: table.get(text, text)).astype(df[{c}].dtype)"
            elif pairs:
                code += f".replace({table})"
            if filled is not None:
                code += f".mask(df[{c}].isna(), {render(filled)})"
            return f"df[{c}] = {code}"

        code = each(self.columns, lines)
        return f"table = {table}\n{code}" if mapped else code

    def _first(self) -> dict[Any, Value]:
        """What each value is replaced by; the column's type sees to it that 1 and true don't meet here."""
        first: dict[Any, Value] = {}
        for one in self.replacements:
            first.setdefault(one.old, one.new)
        return first

    def describe(self) -> Said:
        pairs = [f"{_said(one.old)} → {_said(one.new)}" for one in self.replacements]
        facts = {"columns": list(self.columns), "replacements": pairs}
        return Said(gettext_noop("Replaces values of %(columns)s: %(replacements)s."), facts)

    def estimate(self, profile: Mapping[str, Any]) -> Effect:
        """Known for missing cells, and where the profile lists every value."""
        cells = 0
        first = self._first()
        for one in profile["columns"]:
            if one["name"] not in self.columns:
                continue
            if first.get(None) is not None:
                cells += one["missing_count"]
            changed = {old for old, new in first.items() if old is not None and old != new}
            counts = one["statistics"].get("value_counts")
            if changed and (counts is None or len(counts) < one["unique_count"]):
                return Effect(cells=None)
            cells += sum(counts.get(str(old).lower() if isinstance(old, bool) else old, 0) for old in changed)
        return Effect(cells=cells)


def _series(values: Sequence[Value], cells: pd.Series) -> pd.Series:
    """The values as the column would hold them. Raises ``ValueNotOfColumn`` for a moment with an offset where the
    column has none, or without one where it has."""
    if not pd.api.types.is_datetime64_any_dtype(cells.dtype):
        missing = pd.NA if isinstance(cells.dtype, pd.Int64Dtype | pd.BooleanDtype) else np.nan
        return pd.Series([missing if value is None else value for value in values], dtype=cells.dtype)
    moments = [None if value is None else moment_for(str(value), cells) for value in values]
    zoned = isinstance(cells.dtype, pd.DatetimeTZDtype)
    return pd.to_datetime(pd.Series(moments, dtype=object), utc=zoned).astype(cells.dtype)


def _moment(value: Value) -> str:
    return f"pd.Timestamp({literal(value)})"


def _said(value: Value) -> str:
    return "∅" if value is None else literal(value)
