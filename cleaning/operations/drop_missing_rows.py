"""Drop rows with missing values."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import pandas as pd
from pydantic import Field

from cleaning.operations.code import literal
from cleaning.operations.fields import Names
from cleaning.operations.operation import Effect, Fitted, Operation, Outline, Said
from tabular.errors import gettext_noop

SENTENCES = {
    "any": gettext_noop("Removes the rows in which a cell of %(columns)s is missing."),
    "all": gettext_noop("Removes the rows in which every cell of %(columns)s is missing."),
    "any everywhere": gettext_noop("Removes the rows in which any cell is missing."),
    "all everywhere": gettext_noop("Removes the rows in which every cell is missing."),
}


class DropMissingRows(Operation):
    """Removes rows in which one (``any``) or every one (``all``) of the columns is empty. Learns nothing.

    Empty text is a value; only null is missing.
    """

    operation: ClassVar = "drop_missing_rows"
    title: ClassVar = gettext_noop("Drop rows with missing values")

    columns: Names | None = Field(None, description="The columns to look at; all of them by default.")
    how: Literal["any", "all"] = "any"

    def outline(self, before: Outline) -> Outline:
        before.require(self.columns or ())
        return before

    def apply(self, frame: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
        return frame.dropna(subset=None if self.columns is None else list(self.columns), how=self.how)

    def snippet(self, before: Outline) -> str:
        where = f"subset={literal(self.columns)}, " if self.columns is not None else ""
        return f"df = df.dropna({where}how={literal(self.how)})"

    def describe(self) -> Said:
        if self.columns is None:
            return Said(SENTENCES[f"{self.how} everywhere"])
        return Said(SENTENCES[self.how], {"columns": list(self.columns)})

    def estimate(self, profile: Mapping[str, Any]) -> Effect:
        """Known where one column alone decides, else how the missing cells meet in rows is needed."""
        looked = [one for one in profile["columns"] if self.columns is None or one["name"] in self.columns]
        counts = [one["missing_count"] for one in looked]
        if len(counts) == 1 or self.how == "any":
            missing = [count for count in counts if count]
            return Effect(rows=None if len(missing) > 1 else sum(missing))
        return Effect(rows=None if all(counts) else 0)
