"""Drop columns."""

from collections.abc import Mapping
from typing import Any, ClassVar

import pandas as pd

from cleaning.operations.code import literal
from cleaning.operations.fields import Names
from cleaning.operations.operation import Effect, Fitted, Operation, Outline, Said
from tabular.errors import gettext_noop


class DropColumns(Operation):
    """Removes the named columns; all of them must exist, and one column must be left."""

    operation: ClassVar = "drop_columns"
    title: ClassVar = gettext_noop("Drop columns")

    columns: Names

    def outline(self, before: Outline) -> Outline:
        before.require(self.columns)
        return before.without(self.columns)

    def apply(self, frame: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
        return frame.drop(columns=list(self.columns))

    def snippet(self, before: Outline) -> str:
        return f"df = df.drop(columns={literal(self.columns)})"

    def describe(self) -> Said:
        return Said(gettext_noop("Removes %(columns)s."), {"columns": list(self.columns)})

    def estimate(self, profile: Mapping[str, Any]) -> Effect:
        return Effect(removed=len(self.columns))
