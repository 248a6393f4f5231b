"""Cells of one type made into another, once per distinct value, and the refusal when some can't be."""

from collections.abc import Callable
from typing import Any, Literal

import pandas as pd

from cleaning.operations.code import suffixed
from cleaning.operations.operation import WrongType
from tabular.errors import TableError, gettext_noop
from tabular.schema import Dtype

Errors = Literal["raise", "empty"]
# Types whose values are the same values in another form.
FAMILY: dict[str, str] = {
    "integer": "number", "decimal": "number", "date": "moment", "datetime": "moment", "boolean": "boolean",
    "text": "text",
}  # fmt: skip


class UnconvertibleCells(TableError):
    """``cells``: how many; ``example``: the first of them."""

    reason = "unconvertible_cells"
    message = gettext_noop(
        "%(cells)s cells of the column %(column)s can't become %(dtype)s; the first of them is %(example)s."
    )


def kind(cells: pd.Series) -> Dtype:
    """Our word for what the cells are; dates are ``datetime`` here, for the frame doesn't tell them apart."""
    known = pd.api.types
    if known.is_bool_dtype(cells.dtype):
        return "boolean"
    if known.is_integer_dtype(cells.dtype):
        return "integer"
    if known.is_float_dtype(cells.dtype):
        return "decimal"
    return "datetime" if known.is_datetime64_any_dtype(cells.dtype) else "text"


def text_cells(frame: pd.DataFrame, column: str) -> pd.Series:
    """The column, which must hold text: of some columns only the data tells the type."""
    cells = frame[column]
    if (dtype := kind(cells)) != "text":
        raise WrongType(column=column, dtype=dtype, dtypes=["text"])
    return cells


def mapped(
    cells: pd.Series, make: Callable[[Any], Any], dtype: Any, quick: Callable[[pd.Series], pd.Series] | None = None
) -> pd.Series:
    """``make(value)`` for every cell, asked once per distinct value; missing stays missing, None becomes it.

    ``quick`` makes those of the distinct values that can be made all at once, and leaves the others missing.
    """
    codes, values = pd.factorize(cells)  # a missing cell has the code -1, which takes the last one
    if quick is None:
        made = pd.Series([*map(make, values), None], dtype=dtype)
    else:
        made = quick(pd.Series([*values, None], dtype=cells.dtype)).astype(dtype)
        slow = made.isna().to_numpy().nonzero()[0][:-1]
        made.iloc[slow] = pd.Series([make(values[place]) for place in slow], dtype=dtype).array
    return pd.Series(made.array.take(codes), index=cells.index, name=cells.name)


def iso_moments(texts: pd.Series) -> pd.Series:
    """The plainest ISO dates and times, without an offset; all others are missing."""
    form = r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])?"
    return pd.to_datetime(texts.where(texts.str.fullmatch(form, na=False)), format="ISO8601", errors="coerce")


def complete(cells: pd.Series, made: pd.Series, dtype: Dtype, errors: Errors) -> pd.Series:
    """``made``, unless ``errors`` is raise and a cell that said something is empty now. Blank text says nothing."""
    if errors == "empty":
        return made
    lost = cells[made.isna() & cells.notna()]
    if kind(cells) == "text" and len(lost):
        lost = lost[mapped(lost, _said, "bool")]
    if len(lost):
        raise UnconvertibleCells(column=str(cells.name), dtype=dtype, cells=len(lost), example=str(lost.iloc[0])[:200])
    return made


def _said(value: str) -> bool:
    return not (value == "" or value.isspace())


def checked(c: str, dtype: Dtype, errors: Errors, *, from_text: bool = False) -> str:
    """A snippet's lines after ``made = …``: what ``complete`` does, then the column takes the cells."""
    if errors == "empty":
        return f"df[{c}] = made"
    said = f' & (df[{c}].str.strip() != "")' if from_text else ""
    message = suffixed(c, f": not every cell can become {dtype}")
    return f"if (made.isna() & df[{c}].notna(){said}).any():\n    raise ValueError({message})\ndf[{c}] = made"


def parsing(function: str, c: str, pandas: str) -> str:
    """A snippet's line that calls ``function`` for every text of a column."""
    cells = f"[None if pd.isna(text) else {function} for text in df[{c}]]"
    return f'made = pd.Series({cells}, index=df.index, dtype="{pandas}")'
