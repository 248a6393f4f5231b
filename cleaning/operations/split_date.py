"""Split dates into parts."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import pandas as pd
from pydantic import Field
from pydantic.functional_validators import AfterValidator

from cleaning.operations.code import each, literal, suffixed
from cleaning.operations.conversion import kind
from cleaning.operations.fields import Names
from cleaning.operations.operation import ColumnExists, Effect, Fitted, Operation, Outline, Said, WrongType, assigned
from tabular.errors import gettext_noop
from tabular.schema import Dtype

Part = Literal["year", "quarter", "month", "week", "day", "weekday", "day_of_year", "is_weekend", "hour", "minute"]
OF_THE_DAY: tuple[Part, ...] = ("hour", "minute")
# Where pandas has it, after ``df["d"].``
WHERE: dict[Part, str] = {
    "year": "dt.year",
    "quarter": "dt.quarter",
    "month": "dt.month",
    "week": "dt.isocalendar().week",
    "day": "dt.day",
    "weekday": "dt.day_of_week",
    "day_of_year": "dt.day_of_year",
    "hour": "dt.hour",
    "minute": "dt.minute",
}
SENTENCES = {
    False: gettext_noop("Replaces %(columns)s by parts of the date: %(parts)s."),
    True: gettext_noop("Adds the parts of %(columns)s: %(parts)s."),
}


def _once(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    if len(set(parts)) < len(parts):
        raise ValueError("each part once")
    return parts


Parts = Annotated[tuple[Part, ...], Field(min_length=1, strict=False), AfterValidator(_once)]


class SplitDate(Operation):
    """Adds integer columns ``<column>_<part>`` at the end, in the order of columns and then of ``parts``; without
    ``keep`` the dates themselves go. A missing date has missing parts.

    ``weekday`` counts from Monday = 0 to Sunday = 6, and ``is_weekend`` (boolean) is Saturday or Sunday. ``week`` is
    the ISO week: the first days of January may lie in week 52 or 53, the last of December in week 1. ``hour`` and
    ``minute`` need a datetime; one with an offset counts in UTC.
    """

    operation: ClassVar = "split_date"
    title: ClassVar = gettext_noop("Split dates")

    columns: Names
    parts: Parts = ("year", "month", "day", "weekday")
    keep: bool = Field(default=False, description="Whether the dates themselves stay.")

    @property
    def _takes(self) -> tuple[Dtype, ...]:
        return ("datetime",) if set(OF_THE_DAY) & set(self.parts) else ("date", "datetime")

    def outline(self, before: Outline) -> Outline:
        before.require(self.columns, self._takes)
        made: dict[str, Dtype] = {}
        for column in self.columns:
            for part in self.parts:
                name = _name(column, part)
                if name in made:
                    raise ColumnExists(column=name)
                made[name] = "boolean" if part == "is_weekend" else "integer"
        before.refuse(made)
        after = before.having(made)
        return after if self.keep else after.without(self.columns)

    def apply(self, frame: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
        for column in self.columns:
            if (dtype := kind(frame[column])) != "datetime":
                raise WrongType(column=column, dtype=dtype, dtypes=list(self._takes))
        made = {_name(column, part): _part(frame[column], part) for column in self.columns for part in self.parts}
        after = assigned(frame, made)
        return after if self.keep else after.drop(columns=list(self.columns))

    def snippet(self, before: Outline) -> str:
        def render(c: str) -> str:
            return "\n".join(f"df[{suffixed(c, f'_{part}')}] = {_expression(c, part)}" for part in self.parts)

        lines = [each(self.columns, render)]
        return "\n".join(lines if self.keep else [*lines, f"df = df.drop(columns={literal(self.columns)})"])

    def describe(self) -> Said:
        return Said(SENTENCES[self.keep], {"columns": list(self.columns), "parts": list(self.parts)})

    def estimate(self, profile: Mapping[str, Any]) -> Effect:
        return Effect(added=len(self.columns) * len(self.parts), removed=0 if self.keep else len(self.columns))


def _name(column: str, part: Part) -> str:
    return f"{column}_{part}"


def _part(cells: pd.Series, part: Part) -> pd.Series:
    if part == "is_weekend":
        return (cells.dt.day_of_week >= 5).astype("boolean").mask(cells.isna())
    found = cells.dt.isocalendar().week if part == "week" else getattr(cells.dt, WHERE[part].removeprefix("dt."))
    return found.astype("Int64")


def _expression(c: str, part: Part) -> str:
    if part == "is_weekend":
        return f'(df[{c}].dt.day_of_week >= 5).astype("boolean").mask(df[{c}].isna())'
    return f'df[{c}].{WHERE[part]}.astype("Int64")'
