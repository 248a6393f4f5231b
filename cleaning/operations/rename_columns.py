"""Rename columns."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import pandas as pd
from pydantic import Field, model_validator

from cleaning.operations.code import literal
from cleaning.operations.fields import MOST_NAMES, Name
from cleaning.operations.operation import ColumnExists, Effect, Fitted, Operation, Outline, Said
from tabular.errors import gettext_noop


class RenameColumns(Operation):
    """Gives columns other names, all at once: two columns may swap theirs. Every column keeps its place."""

    operation: ClassVar = "rename_columns"
    title: ClassVar = gettext_noop("Rename columns")

    names: Annotated[
        dict[Name, Name], Field(min_length=1, max_length=MOST_NAMES, description="The new name for each old one.")
    ]

    @model_validator(mode="after")
    def _new_names_differ(self) -> "RenameColumns":
        if len(set(self.names.values())) < len(self.names):
            raise ValueError("each new name once")
        return self

    def outline(self, before: Outline) -> Outline:
        before.require(self.names)
        kept = set(before.columns) - set(self.names)
        for taken in self.names.values():
            if taken in kept:
                raise ColumnExists(column=taken)
        columns = {self.names.get(name, name): dtype for name, dtype in before.columns.items()}
        uncertain = frozenset(self.names.get(name, name) for name in before.uncertain)
        # Columns that only the data knows stay so under their new names.
        unknown = tuple(new for old, new in self.names.items() if old not in before.columns)
        return Outline(columns, (*before.prefixes, *unknown), uncertain)

    def renames(self) -> Mapping[str, str]:
        return self.names

    def apply(self, frame: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
        return frame.rename(columns=self.names)

    def snippet(self, before: Outline) -> str:
        return f"df = df.rename(columns={literal(self.names)})"

    def describe(self) -> Said:
        pairs = [f"{old} → {new}" for old, new in self.names.items()]
        return Said(gettext_noop("Renames columns: %(names)s."), {"names": pairs})

    def estimate(self, profile: Mapping[str, Any]) -> Effect:
        return Effect()
