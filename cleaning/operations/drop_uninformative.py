"""Drop columns that tell nothing: the same in every row, or different in every row."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import pandas as pd
from pydantic import Field, model_validator

from cleaning.operations.code import literal
from cleaning.operations.fields import MOST_NAMES, Name
from cleaning.operations.operation import Effect, Fitted, NoColumnLeft, Operation, Outline, Said
from tabular.errors import gettext_noop
from tabular.schema import Dtype

FEW_VALUES = 20  # with fewer, all different says nothing
FIRST_LOOK = 1000
IDS: tuple[Dtype, ...] = ("integer", "text")
SENTENCES = {
    (True, True): gettext_noop("Removes columns that hold one value only, or a different one in every row."),
    (True, False): gettext_noop("Removes columns that hold one value only."),
    (False, True): gettext_noop("Removes columns that hold a different value in every row."),
}


class DropUninformative(Operation):
    """Removes columns without information, whichever these are in the data.

    ``constant``: one value only, or none; missing cells don't count, and a table of one row tells nothing.
    ``id_like``: integers or texts, at least 20 of them, no two equal; missing cells don't count.

    Learned: the names of the columns. From later data the same ones are removed, as far as they exist, whatever they
    hold by then; others stay.
    """

    operation: ClassVar = "drop_uninformative"
    title: ClassVar = gettext_noop("Drop uninformative columns")

    constant: bool = True
    id_like: bool = True
    keep: Annotated[
        tuple[Name, ...],
        Field(max_length=MOST_NAMES, strict=False, description="Columns that stay whatever they hold."),
    ] = ()

    @model_validator(mode="after")
    def _looks_for_something(self) -> "DropUninformative":
        if not (self.constant or self.id_like):
            raise ValueError("constant or id_like is needed")
        return self

    def outline(self, before: Outline) -> Outline:
        before.require(self.keep)
        return before.doubting(
            name for name, dtype in before.columns.items() if name not in self.keep and (self.constant or dtype in IDS)
        )

    def fit(self, frame: pd.DataFrame) -> Fitted:
        return {
            "columns": [name for name in frame.columns if name not in self.keep and self._tells_nothing(frame[name])]
        }

    def _tells_nothing(self, cells: pd.Series) -> bool:
        return (self.constant and _is_constant(cells)) or (self.id_like and _is_id_like(cells))

    def apply(self, frame: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
        learned = set(fitted["columns"])
        gone = [name for name in frame.columns if name in learned]
        if len(gone) == len(frame.columns):
            raise NoColumnLeft
        return frame.drop(columns=gone)

    def snippet(self, before: Outline) -> str:
        lines, found = ["distinct, present = df.nunique(), df.count()"], []
        if self.constant:
            lines.append("same = [column for column in df if distinct[column] <= 1 < len(df)]")
            found.append("same")
        if self.id_like:
            test = f"distinct[column] == present[column] >= {FEW_VALUES}"
            lines.append(f"ids = [column for column in {self._candidates(before)} and {test}]")
            found.append("ids")
        gone = " + ".join(found)
        if self.keep:
            gone = f"[column for column in {gone} if column not in {literal(self.keep)}]"
        return "\n".join([*lines, f"df = df.drop(columns={gone})"])

    def _candidates(self, before: Outline) -> str:
        """Code that goes through the columns of integers or texts; where not all are known, by what they hold."""
        if not before.prefixes:
            known = [name for name, dtype in before.columns.items() if dtype in IDS]
            return f"df if column in {literal(known)}"
        others = [name for name, dtype in before.columns.items() if dtype not in IDS]
        kinds = literal(["float", "bool", "boolean", "datetime", "datetimetz"])
        return f"df.select_dtypes(exclude={kinds}) if column not in {literal(others)}"

    def describe(self) -> Said:
        return Said(SENTENCES[self.constant, self.id_like])

    def estimate(self, profile: Mapping[str, Any]) -> Effect:
        rows = profile["rows"]
        return Effect(
            removed=sum(
                one["name"] not in self.keep
                and (
                    (self.constant and one["unique_count"] <= 1 < rows)
                    or (
                        self.id_like
                        and one["dtype"] in IDS
                        and one["unique_count"] == rows - one["missing_count"] >= FEW_VALUES
                    )
                )
                for one in profile["columns"]
            )
        )


def _is_constant(cells: pd.Series) -> bool:
    if len(cells) < 2:
        return False
    head = cells.iloc[:FIRST_LOOK].dropna()  # most columns show two values at once
    if len(head) and (head != head.iloc[0]).any():
        return False
    return int(cells.nunique()) <= 1


def _is_id_like(cells: pd.Series) -> bool:
    kind = pd.api.types
    number = kind.is_integer_dtype(cells.dtype)
    if not number and not isinstance(cells.dtype, pd.StringDtype):
        return False
    if not cells.iloc[:FIRST_LOOK].dropna().is_unique:
        return False
    present = cells.dropna()
    return len(present) >= FEW_VALUES and bool(present.is_unique)
