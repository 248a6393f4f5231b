"""One-hot encode."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

import numpy as np
import pandas as pd
from pydantic import Field

from cleaning.operations.categories import CATEGORICAL, distinct, profiled
from cleaning.operations.code import each, suffixed
from cleaning.operations.fields import Names
from cleaning.operations.fill_missing import NothingToLearn
from cleaning.operations.operation import ColumnExists, Effect, Fitted, NoColumnLeft, Operation, Outline, Said
from tabular.errors import TableError, gettext_noop

MISSING = "_missing"
MOST_COLUMNS = 10_000
LONGEST_NAME = 1000


class MaxCategoriesExceeded(TableError):
    reason = "max_categories_exceeded"
    message = gettext_noop(
        "The column %(column)s holds %(categories)s different values; max_categories allows %(limit)s. "
        "Group the rare ones first (group_rare)."
    )


class TooManyNewColumns(TableError):
    reason = "too_many_new_columns"
    message = gettext_noop("The step would make %(columns)s columns; at most %(limit)s are allowed.")


class CategoryTooLong(TableError):
    reason = "category_too_long"
    message = gettext_noop(
        "The value %(value)s of the column %(column)s is too long for a column's name (%(limit)s characters)."
    )


class OneHot(Operation):
    """Replaces each column by a column of 0 and 1 for each of its values, ``<column>_<value>``, behind all others.

    The new columns of one column stand in the order of its values as text; ``drop_first`` leaves out the first of
    them. A missing cell is 0 in all, unless ``missing`` adds ``<column>_missing`` for it. Learned: the values, so that
    the same columns come again; a value that was not there then is 0 in all. A new column whose name is taken, or which
    two values would share, is refused, as is a column without any value.
    """

    operation: ClassVar = "one_hot"
    title: ClassVar = gettext_noop("One-hot encode")

    columns: Names
    max_categories: Annotated[int, Field(ge=2, le=1000, description="More values than this are refused.")] = 50
    drop_first: bool = Field(False, description="Leave out each column's first value, which the others imply.")
    missing: bool = Field(False, description="Also make a column that tells where the value is missing.")

    def outline(self, before: Outline) -> Outline:
        before.require(self.columns, CATEGORICAL)
        after = before.opened(*(name + "_" for name in self.columns)).without(self.columns)
        if self.missing:
            flags = [name + MISSING for name in self.columns]
            before.refuse(flags)
            after = after.having(dict.fromkeys(flags, "integer"))
        return after

    def fit(self, frame: pd.DataFrame) -> Fitted:
        categories = {name: self._learn(frame[name]) for name in self.columns}
        made = sum(len(values) for values in categories.values())
        if made > MOST_COLUMNS:
            raise TooManyNewColumns(columns=made, limit=MOST_COLUMNS)
        return {"categories": categories}

    def _learn(self, cells: pd.Series) -> list[str]:
        name = str(cells.name)
        values = pd.Series(cells.unique()).dropna()
        if not len(values):
            raise NothingToLearn(column=name)
        if len(values) > self.max_categories:
            raise MaxCategoriesExceeded(column=name, categories=len(values), limit=self.max_categories)
        texts = sorted(str(value) for value in values.tolist())
        for text in texts:
            if len(name) + 1 + len(text) > LONGEST_NAME:
                raise CategoryTooLong(column=name, value=text[:50] + "…", limit=LONGEST_NAME)
        return texts

    def apply(self, frame: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
        categories: dict[str, list[str]] = fitted["categories"]
        self._refuse_taken(frame, categories)
        made = {new: one for name in self.columns for new, one in self._coded(frame[name], categories[name])}
        kept = frame.drop(columns=list(self.columns))
        if not made and not len(kept.columns):
            raise NoColumnLeft
        return pd.concat([kept, pd.DataFrame(made, index=frame.index, copy=False)], axis=1)

    def _shown(self, categories: list[str]) -> list[str]:
        return categories[1:] if self.drop_first else categories

    def _refuse_taken(self, frame: pd.DataFrame, categories: Mapping[str, list[str]]) -> None:
        taken = set(frame.columns)
        for name in self.columns:
            flag = [MISSING] if self.missing else []
            for new in [*(f"{name}_{text}" for text in self._shown(categories[name])), *(name + one for one in flag)]:
                if new in taken:
                    raise ColumnExists(column=new)
                taken.add(new)

    def _coded(self, cells: pd.Series, categories: list[str]) -> Iterator[tuple[str, Any]]:
        codes, values = distinct(cells)
        places = {text: place for place, text in enumerate(categories)}
        place = np.array([*(places.get(str(value), -1) for value in values), -1], dtype="int16")[codes]
        for text in self._shown(categories):
            yield f"{cells.name}_{text}", _integers(place == places[text])
        if self.missing:
            yield f"{cells.name}{MISSING}", _integers(codes < 0)

    def snippet(self, before: Outline) -> str:
        first = ", drop_first=True" if self.drop_first else ""

        def render(c: str) -> str:
            # convert_dtypes: integers and booleans that a CSV left as decimals or objects, because some are missing
            texts = f'df[{c}].convert_dtypes().astype("str")'
            lines = [f'dummies = pd.get_dummies({texts}, prefix={c}, dtype="int64"{first})']
            if self.missing:
                lines.append(f'dummies[{suffixed(c, MISSING)}] = df[{c}].isna().astype("int64")')
            return "\n".join([*lines, f"df = df.drop(columns={c}).join(dummies)"])

        return each(self.columns, render)

    def describe(self) -> Said:
        facts = {"columns": list(self.columns)}
        if self.drop_first:
            return Said(
                gettext_noop("Replaces %(columns)s by columns of 0 and 1, one for each value but the first."),
                facts,
            )
        return Said(gettext_noop("Replaces %(columns)s by columns of 0 and 1, one for each value."), facts)

    def estimate(self, profile: Mapping[str, Any]) -> Effect:
        found = profiled(profile, self.columns)
        more = self.missing - self.drop_first
        added = None if found is None else sum(one["unique_count"] + more for one in found)
        return Effect(added=added, removed=len(self.columns))


def _integers(told: np.ndarray) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(told.astype("int64"), np.zeros(len(told), dtype=bool))
