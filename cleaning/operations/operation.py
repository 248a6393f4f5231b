"""What every cleaning operation is: parameters with types, one change of a table, and the same change as code.

An operation is data: a frozen model whose JSON form is stored in plans. ``fit`` looks at a table and remembers what
the change depends on (fill values, bounds, categories); ``apply`` makes the change with what was remembered, so next
month's file is treated as this month's was. ``snippet`` renders the same change as pandas code for people; no code is
ever read back.

Tables are pandas frames with these types, whatever they were read from (see ``cleaning.engine.frames``):

    integer → Int64    decimal → float64    boolean → boolean    text → str    date, datetime → datetime64[us]

The index holds the row numbers of the source and is never reset, so that every row can be followed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import pandas as pd
from pydantic import BaseModel, ConfigDict

from tabular.errors import TableError, gettext_noop
from tabular.schema import Dtype

Fitted = dict[str, Any]  # JSON-ready


class ColumnMissing(TableError):
    reason = "column_not_found"
    message = gettext_noop("There is no column %(column)s. The columns are: %(columns)s.")


class WrongType(TableError):
    reason = "column_has_wrong_type"
    message = gettext_noop("The column %(column)s holds %(dtype)s; this step takes %(dtypes)s.")


class ColumnExists(TableError):
    reason = "column_exists"
    message = gettext_noop("There is a column %(column)s already.")


class NoColumnLeft(TableError):
    reason = "no_column_left"
    message = gettext_noop("The step would leave no column.")


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known about a table without looking at its cells: columns in order, and how made-up ones begin.

    ``prefixes``: columns beginning so may exist too; which ones, only the data says (``color_`` of a one-hot).
    ``uncertain``: those of ``columns`` that the data may have made an earlier step remove. Steps may name them, and
    find out when they run.
    """

    columns: Mapping[str, Dtype]
    prefixes: tuple[str, ...] = ()
    uncertain: frozenset[str] = frozenset()

    def dtype(self, name: str) -> Dtype | None:
        """The column's type; None when it exists only if the data has it so. Raises ``ColumnMissing``."""
        if name in self.columns:
            return self.columns[name]
        if name.startswith(self.prefixes):
            return None
        raise ColumnMissing(column=name, columns=list(self.columns))

    def require(self, names: Iterable[str], dtypes: Sequence[Dtype] = ()) -> None:
        """Every name is a column, of one of ``dtypes`` where some are given."""
        for name in names:
            dtype = self.dtype(name)
            if dtypes and dtype is not None and dtype not in dtypes:
                raise WrongType(column=name, dtype=dtype, dtypes=list(dtypes))

    def refuse(self, names: Iterable[str]) -> None:
        """None of the names is taken."""
        for name in names:
            if name in self.columns:
                raise ColumnExists(column=name)

    def having(self, columns: Mapping[str, Dtype]) -> "Outline":
        """With these columns changed in place, or added at the end."""
        return replace(self, columns={**self.columns, **columns})

    def without(self, names: Iterable[str]) -> "Outline":
        gone = set(names)
        kept = {name: dtype for name, dtype in self.columns.items() if name not in gone}
        if not kept and not self.prefixes:
            raise NoColumnLeft
        return replace(self, columns=kept, uncertain=self.uncertain - gone)

    def doubting(self, names: Iterable[str]) -> "Outline":
        """With these columns possibly gone."""
        return replace(self, uncertain=self.uncertain | set(names))

    def opened(self, *prefixes: str) -> "Outline":
        return replace(self, prefixes=(*self.prefixes, *prefixes))


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that the web layer translates: a %-template (marked with ``gettext_noop``) and its facts."""

    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a step is expected to do, from the source's profile alone. None: the profile can't say.

    ``rows`` are removed, ``cells`` change, columns are added and removed.
    """

    rows: int | None = 0
    cells: int | None = 0
    added: int | None = 0
    removed: int | None = 0


def assigned(frame: pd.DataFrame, columns: Mapping[str, pd.Series]) -> pd.DataFrame:
    """A new frame with these columns: changed where they stand, new ones at the end. Any text is a name."""
    made = frame.copy(deep=False)
    fresh = {name: cells for name, cells in columns.items() if name not in made.columns}
    for name, cells in columns.items():
        if name not in fresh:
            made[name] = cells
    return pd.concat([made, pd.DataFrame(fresh, index=made.index)], axis=1) if fresh else made


class Operation(BaseModel):
    """Base of all operations. Parameters are exact: unknown names and wrong types are refused, nothing is guessed."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    operation: ClassVar[str]  # its name in plans
    title: ClassVar[str]  # what it does, in two to four words; a template without facts
    imports: ClassVar[tuple[str, ...]] = ()  # lines that its snippet needs beside ``import numpy as np, pandas as pd``

    def params(self) -> dict[str, Any]:
        """The JSON form; parsing it gives an equal operation."""
        return self.model_dump(mode="json")

    def outline(self, before: Outline) -> Outline:
        """The table after this step. Raises ``TableError`` when the step can't work on such a table."""
        raise NotImplementedError

    def writes(self, before: Outline) -> Sequence[str]:
        """Columns whose cells the step may change; it leaves all others' cells of the rows that stay as they are."""
        return ()

    def renames(self) -> Mapping[str, str]:
        """Old name → new name of columns that only get another name."""
        return {}

    def fit(self, frame: pd.DataFrame) -> Fitted:
        """What ``apply`` needs to know of the data. Raises ``TableError`` when the data does not allow the step."""
        return {}

    def apply(self, frame: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
        """A new frame; the given one is left as it is. Keeps the index of the rows that stay."""
        raise NotImplementedError

    def snippet(self, before: Outline) -> str:
        """Lines of pandas code that do the same to ``df``, fitting included; they also work on what ``pd.read_csv``
        gives. Names and values are rendered as literals only (``cleaning.operations.code``)."""
        raise NotImplementedError

    def describe(self) -> Said:
        """What the step does to which columns, as one sentence."""
        raise NotImplementedError

    def estimate(self, profile: Mapping[str, Any]) -> Effect:
        """``profile``: the result of the analysis of that name (``rows``, ``columns`` with ``missing_count`` …)."""
        return Effect(None, None, None, None)
