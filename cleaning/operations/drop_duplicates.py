"""Drop duplicate rows."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from cleaning.operations.code import literal
from cleaning.operations.fields import Names
from cleaning.operations.operation import Effect, Fitted, Operation, Outline, Said
from tabular.errors import gettext_noop

SENTENCES = {
    "first": gettext_noop("Of the rows that agree in %(columns)s, keeps only the first."),
    "last": gettext_noop("Of the rows that agree in %(columns)s, keeps only the last."),
    "first everywhere": gettext_noop("Of the rows that agree in every column, keeps only the first."),
    "last everywhere": gettext_noop("Of the rows that agree in every column, keeps only the last."),
}


class DropDuplicates(Operation):
    """Of rows that agree in the columns keeps the first or the last, where it stands. Learns nothing.

    Two missing cells agree; texts agree when they are the same to the character.
    """

    operation: ClassVar = "drop_duplicates"
    title: ClassVar = gettext_noop("Drop duplicate rows")

    columns: Names | None = Field(None, description="The columns that have to agree; all of them by default.")
    keep: Literal["first", "last"] = "first"

    def outline(self, before: Outline) -> Outline:
        before.require(self.columns or ())
        return before

    def apply(self, frame: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
        groups = _alike(frame, list(frame.columns) if self.columns is None else self.columns)
        return frame if groups is None else frame[~pd.Series(groups).duplicated(keep=self.keep).to_numpy()]

    def snippet(self, before: Outline) -> str:
        where = f"subset={literal(self.columns)}, " if self.columns is not None else ""
        return f"df = df.drop_duplicates({where}keep={literal(self.keep)})"

    def describe(self) -> Said:
        if self.columns is None:
            return Said(SENTENCES[f"{self.keep} everywhere"])
        return Said(SENTENCES[self.keep], {"columns": list(self.columns)})

    def estimate(self, profile: Mapping[str, Any]) -> Effect:
        if self.columns is None:
            found = [one for one in profile["issues"] if one["reason"] == "duplicate_rows"]
            return Effect(rows=sum(one["details"]["rows"] for one in found))
        if len(self.columns) > 1:
            return Effect(rows=None)
        looked = (one for one in profile["columns"] if one["name"] in self.columns)
        kinds = sum(one["unique_count"] + (one["missing_count"] > 0) for one in looked)
        return Effect(rows=profile["rows"] - kinds)


def _alike(frame: pd.DataFrame, columns: Sequence[str]) -> np.ndarray | None:
    """A number for each row, the same for rows that agree in ``columns``; None when no two do.

    Column by column, so that it takes the memory of one and ends as soon as all rows differ. A group's number times
    the distinct values stays below the rows squared.
    """
    groups = np.zeros(len(frame), dtype="int64")
    for name in columns:
        codes, values = pd.factorize(frame[name], use_na_sentinel=False)
        groups, found = pd.factorize(groups * len(values) + codes)
        if len(found) == len(frame):
            return None
    return groups
