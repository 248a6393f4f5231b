"""Group rare categories."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

import pandas as pd
from pydantic import Field, StringConstraints, model_validator

from cleaning.operations.categories import MOST_LEARNED, TooManyCategories
from cleaning.operations.code import each, literal
from cleaning.operations.fields import Names
from cleaning.operations.operation import Effect, Fitted, Operation, Outline, Said, assigned
from tabular.errors import gettext_noop

USUAL_SHARE = 0.01
SENTENCES = {
    "share": gettext_noop("Puts the categories of %(columns)s that make up less than %(percent)s%% into %(label)s."),
    "count": gettext_noop("Puts the categories of %(columns)s that occur less than %(count)s times into %(label)s."),
}


class GroupRare(Operation):
    """Puts rare texts of a column together under one label.

    Kept are the texts that make up ``min_share`` of the column's values or more (missing cells don't count), or that
    occur ``min_count`` times or more. Missing cells stay missing.

    Learned: the categories that are kept. In later data all others become the label, those never seen before too,
    however often they occur there.
    """

    operation: ClassVar = "group_rare"
    title: ClassVar = gettext_noop("Group rare categories")

    columns: Names
    min_share: float | None = Field(
        None, gt=0, le=1, description="Share of the column's values a category needs to stay; 0.01 unless told."
    )
    min_count: int | None = Field(None, ge=1, description="Instead of min_share: how often it has to occur to stay.")
    label: Annotated[str, StringConstraints(min_length=1, max_length=1000)] = "Other"

    @model_validator(mode="after")
    def _one_limit(self) -> "GroupRare":
        if self.min_share is not None and self.min_count is not None:
            raise ValueError("min_share or min_count, not both")
        return self

    @property
    def _share(self) -> float:
        return USUAL_SHARE if self.min_share is None else self.min_share

    def outline(self, before: Outline) -> Outline:
        before.require(self.columns, ("text",))
        return before

    def writes(self, before: Outline) -> Sequence[str]:
        return self.columns

    def fit(self, frame: pd.DataFrame) -> Fitted:
        kept = {name: sorted(self._kept(frame[name])) for name in self.columns}
        total = 0
        for name, categories in kept.items():
            total += len(categories)
            if total > MOST_LEARNED:
                raise TooManyCategories(column=name, categories=len(categories), limit=MOST_LEARNED)
        return {"kept": kept}

    def _kept(self, cells: pd.Series) -> list[str]:
        counts = cells.value_counts()
        often = counts >= self.min_count if self.min_count is not None else counts / counts.sum() >= self._share
        return [str(category) for category in counts.index[often]]

    def apply(self, frame: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
        return assigned(frame, {name: self._grouped(frame[name], fitted["kept"][name]) for name in self.columns})

    def _grouped(self, cells: pd.Series, kept: Sequence[str]) -> pd.Series:
        return cells.where(cells.isin(kept) | cells.isna(), self.label)

    def snippet(self, before: Outline) -> str:
        def render(c: str) -> str:
            if self.min_count is not None:
                lines = [f"counts = df[{c}].value_counts()", f"kept = counts.index[counts >= {self.min_count}]"]
            else:
                lines = [
                    f"shares = df[{c}].value_counts(normalize=True)",
                    f"kept = shares.index[shares >= {literal(self._share)}]",
                ]
            label = literal(self.label)
            return "\n".join([*lines, f"df[{c}] = df[{c}].where(df[{c}].isin(kept) | df[{c}].isna(), {label})"])

        return each(self.columns, render)

    def describe(self) -> Said:
        facts: dict[str, Any] = {"columns": list(self.columns), "label": self.label}
        if self.min_count is not None:
            return Said(SENTENCES["count"], facts | {"count": self.min_count})
        return Said(SENTENCES["share"], facts | {"percent": f"{100 * self._share:.10g}"})

    def estimate(self, profile: Mapping[str, Any]) -> Effect:
        """Known where the profile lists every value of the columns."""
        cells = 0
        for one in profile["columns"]:
            if one["name"] not in self.columns:
                continue
            counts = one["statistics"].get("value_counts")
            if counts is None or len(counts) < one["unique_count"]:
                return Effect(cells=None)
            present = profile["rows"] - one["missing_count"]
            cells += sum(
                count for value, count in counts.items() if value != self.label and not self._stays(count, present)
            )
        return Effect(cells=cells)

    def _stays(self, count: int, present: int) -> bool:
        return count >= self.min_count if self.min_count is not None else count / present >= self._share
