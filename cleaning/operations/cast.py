"""Give columns another type."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from inspect import getsource
from itertools import groupby
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from cleaning.operations.code import comment, each
from cleaning.operations.conversion import FAMILY, Errors, checked, complete, iso_moments, kind, mapped, parsing
from cleaning.operations.fields import Names
from cleaning.operations.operation import Effect, Fitted, Operation, Outline, Said, WrongType, assigned
from tabular.errors import gettext_noop
from tabular.schema import Dtype

PLAIN: tuple[Dtype, ...] = ("integer", "decimal", "boolean")
MOMENTS: tuple[Dtype, ...] = ("date", "datetime")
CASTABLE: dict[Dtype, tuple[Dtype, ...]] = {
    **dict.fromkeys(PLAIN, (*PLAIN, "text")),
    **dict.fromkeys(MOMENTS, (*MOMENTS, "text")),
    "text": (*PLAIN, *MOMENTS, "text"),
}
PANDAS: dict[Dtype, Any] = {
    "integer": "Int64",
    "decimal": "float64",
    "boolean": "boolean",
    "date": "datetime64[us]",
    "datetime": "datetime64[us]",
    "text": "str",
}
SENTENCES = {
    "raise": gettext_noop("Makes %(columns)s %(dtype)s; a cell that can't become it is an error."),
    "empty": gettext_noop("Makes %(columns)s %(dtype)s; a cell that can't become it becomes empty."),
}


def _takes(dtype: Dtype) -> list[Dtype]:
    return [source for source, targets in CASTABLE.items() if dtype in targets]


class Cast(Operation):
    """Gives columns another type, and never another value: what the new type can't hold exactly is an error (``raise``)
    or becomes empty (``empty``).

    Text is read after NFKC (full-width digits are digits) without the space around it; blank text becomes empty.
    Numbers may have a sign, commas between thousands (1,200), a point and an exponent, and nothing else: no currency,
    no percent. Whole text such as "2.0" is an integer, "2.5" and what needs more than 64 bits is none. Decimals are
    the nearest double; an integer that no double equals (beyond ±2^53) is none. Booleans are true and false in
    any case, or the numbers 1 and 0. Dates are ISO (2024-01-31, 2024-01-31T15:04:05); one with an offset becomes UTC.
    A time of day other than midnight is no date. Numbers and dates do not become each other.

    Text is made of decimals as Python writes them (2.0, 1e+20), of booleans as true and false, of dates as ISO; a
    column of moments that are all midnight is written as dates. Learned: which columns those were; a moment with a
    time is written with it even there.
    """

    operation: ClassVar = "cast"
    title: ClassVar = gettext_noop("Change the type")
    imports: ClassVar = (
        "import re",
        "import unicodedata",
        "from datetime import UTC, datetime",
        "from decimal import Decimal",
    )

    columns: Names
    dtype: Dtype
    errors: Errors = "raise"

    def outline(self, before: Outline) -> Outline:
        before.require(self.columns, _takes(self.dtype))
        return before.having(dict.fromkeys(self.columns, self.dtype))

    def writes(self, before: Outline) -> Sequence[str]:
        return self.columns

    def fit(self, frame: pd.DataFrame) -> Fitted:
        if self.dtype != "text":
            return {}
        moments = [name for name in self.columns if kind(frame[name]) == "datetime"]
        return {"days": [name for name in moments if _all_midnight(frame[name])]}

    def apply(self, frame: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
        days = set(fitted.get("days", ()))
        return assigned(frame, {name: self._cast(frame[name], name in days) for name in self.columns})

    def _cast(self, cells: pd.Series, days: bool) -> pd.Series:
        source = kind(cells)
        if self.dtype not in CASTABLE[source]:
            raise WrongType(column=str(cells.name), dtype=source, dtypes=_takes(self.dtype))
        if source == self.dtype:
            return cells
        made = self._read(cells) if source == "text" else self._made(cells, days)
        if self.dtype == "date":
            made = _at_midnight(made)
        return complete(cells, made, self.dtype, self.errors)

    def _read(self, cells: pd.Series) -> pd.Series:
        return mapped(cells, READ[self.dtype], PANDAS[self.dtype], QUICK.get(self.dtype))

    def _made(self, cells: pd.Series, days: bool) -> pd.Series:
        """Of cells that are no text."""
        match self.dtype:
            case "text":
                return _written(cells, days)
            case "date":
                return cells.dt.tz_localize(None)
            case "boolean":
                return cells.map({0: False, 1: True}).astype("boolean")
        if kind(cells) == "boolean":
            return cells.astype(PANDAS[self.dtype])
        return _whole(cells).astype("Int64") if self.dtype == "integer" else _exact(cells).astype("float64")

    def snippet(self, before: Outline) -> str:
        # A column that only the data brings (of a one-hot encoding, say) holds numbers.
        kinds = [(self._source(before.columns.get(name, "integer")), name) for name in self.columns]
        groups = groupby(sorted(kinds), key=lambda one: one[0])
        blocks = [self._block(source, [name for _source, name in group]) for source, group in groups]
        reads = any(source == "text" != self.dtype for source, _name in kinds)
        return "\n".join([*(SOURCES[self.dtype] if reads else []), *blocks])

    def _source(self, dtype: Dtype) -> Dtype:
        """What can't be cast is shown as text, so that the step reads well where it stands."""
        return dtype if self.dtype in CASTABLE[dtype] else "text"

    def _block(self, source: Dtype, columns: list[str]) -> str:
        """The lines for the columns of one type."""
        if source == self.dtype or (source, self.dtype) == ("date", "datetime"):
            return comment(f"{', '.join(columns)}: {self.dtype} already")
        if source == "text":
            read = READ[self.dtype].__name__
            return each(columns, lambda c: self._checked(parsing(f"{read}(text)", c, PANDAS[self.dtype]), c, True))
        if self.dtype == "text":
            return each(columns, lambda c: WRITTEN[source].replace("$", f"df[{c}]"))
        if source == "boolean":
            return each(columns, lambda c: f'df[{c}] = df[{c}].astype("boolean").astype("{PANDAS[self.dtype]}")')
        return each(columns, lambda c: self._checked(MADE[self.dtype].replace("$", f"df[{c}]"), c, False))

    def _checked(self, made: str, c: str, from_text: bool) -> str:
        midnight = "\nmade = made.where(made == made.dt.normalize())" if self.dtype == "date" else ""
        return f"{made}{midnight}\n{checked(c, self.dtype, self.errors, from_text=from_text)}"

    def describe(self) -> Said:
        return Said(SENTENCES[self.errors], {"columns": list(self.columns), "dtype": self.dtype})

    def estimate(self, profile: Mapping[str, Any]) -> Effect:
        """Numbers stay equal to themselves, so do moments; all other cells are other values afterwards."""
        known = [one for one in profile["columns"] if one["name"] in self.columns]
        cells = sum(profile["rows"] - one["missing_count"] for one in known if FAMILY[one["dtype"]] != self._family)
        lossy = self.errors == "empty" and any(FAMILY[one["dtype"]] == self._family for one in known)
        return Effect(cells=None if lossy else cells)

    @property
    def _family(self) -> str:
        return FAMILY[self.dtype]


def number(text: str) -> Decimal | None:
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    written = r"[+-]?((\d{1,3}(,\d{3})+|\d+)(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?"
    return Decimal(plain.replace(",", "")) if re.fullmatch(written, plain, re.ASCII) else None


def integer(text: str) -> int | None:
    value = number(text)
    if value is None or value != value.to_integral_value() or not -(2**63) <= value < 2**63:
        return None
    return int(value)


def decimal(text: str) -> float | None:
    value = number(text)
    if value is None or abs(float(value)) == float("inf"):
        return None
    whole = value.as_tuple().exponent == 0  # written without point and exponent: then it must not be rounded
    return float(value) if not whole or value == float(value) else None


def boolean(text: str) -> bool | None:
    return {"true": True, "false": False}.get(unicodedata.normalize("NFKC", text).strip().lower())


def moment(text: str) -> datetime | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    iso = r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?)?"
    if not re.fullmatch(iso, plain, re.ASCII):
        return None
    try:
        made = datetime.fromisoformat(plain)
        return made.astimezone(UTC).replace(tzinfo=None) if made.tzinfo else made
    except (ValueError, OverflowError):
        return None


READ: dict[Dtype, Callable[[str], Any]] = {
    "integer": integer,
    "decimal": decimal,
    "boolean": boolean,
    "date": moment,
    "datetime": moment,
}
QUICK: dict[Dtype, Callable[[pd.Series], pd.Series]] = {
    "integer": lambda texts: _plain(texts, r"-?[0-9]{1,18}").astype("Int64"),
    "decimal": lambda texts: _plain(texts, r"-?[0-9]{1,15}(\.[0-9]{1,15})?").astype("float64"),
    "date": iso_moments,
    "datetime": iso_moments,
}
SOURCES: dict[Dtype, list[str]] = {
    "integer": [getsource(number), getsource(integer)],
    "decimal": [getsource(number), getsource(decimal)],
    "boolean": [getsource(boolean)],
    "date": [getsource(moment)],
    "datetime": [getsource(moment)],
}
# Of columns that hold no text; ``$`` is the column.
MADE: dict[Dtype, str] = {
    "integer": 'whole = ($ % 1 == 0) & $.between(-(2**63), 2**63, inclusive="left")\n'
    'made = $.where(whole).astype("Int64")',
    "decimal": "made = [float(one) if pd.notna(one) and float(one) == int(one) else None for one in $]\n"
    'made = pd.Series(made, index=df.index, dtype="float64")',
    "boolean": 'made = $.map({0: False, 1: True}).astype("boolean")',
    "date": "made = $.dt.tz_localize(None)",
}
WRITTEN: dict[Dtype, str] = {
    "integer": '$ = $.astype("Int64").astype("str")',
    "decimal": '$ = $.map(repr, na_action="ignore")',
    "boolean": '$ = $.map({True: "true", False: "false"})',
    "date": '$ = $.dt.strftime("%Y-%m-%d")',
    "datetime": "moments = $.dropna()\n"
    "if (moments == moments.dt.normalize()).all():\n"
    '    $ = $.dt.strftime("%Y-%m-%d")\n'
    "else:\n"
    '    $ = $.map(lambda one: one.isoformat().replace("+00:00", "Z"), na_action="ignore")',
}


def _plain(texts: pd.Series, form: str) -> pd.Series:
    """The texts of this form; the others missing."""
    return texts.where(texts.str.fullmatch(form, na=False))


def _whole(cells: pd.Series) -> pd.Series:
    return cells.where((cells % 1 == 0) & cells.between(-(2**63), 2**63, inclusive="left"))


def _exact(cells: pd.Series) -> pd.Series:
    """Without the integers that no double equals; the first is 2^53 + 1."""
    beyond = cells[(cells.isna() | cells.between(-(2**53), 2**53)).eq(False)]
    rounded = [row for row, value in beyond.items() if float(value) != int(value)]
    return cells.mask(cells.index.isin(rounded)) if rounded else cells


def _at_midnight(cells: pd.Series) -> pd.Series:
    return cells.where(cells == cells.dt.normalize())


def _all_midnight(cells: pd.Series) -> bool:
    return bool((cells.isna() | (cells == cells.dt.normalize())).all())


def _written(cells: pd.Series, days: bool) -> pd.Series:
    """As text. ``days``: moments at midnight are written as dates."""
    match kind(cells):
        case "integer":
            return cells.astype("str")
        case "decimal":  # one by one, for 0.0 and -0.0 are equal
            return cells.map(repr, na_action="ignore").astype("str")
        case "boolean":
            return cells.map({True: "true", False: "false"}).astype("str")
    return _iso(cells.dropna(), days).reindex(cells.index).astype("str")


def _iso(moments: pd.Series, days: bool) -> pd.Series:
    wall = moments.dt.tz_localize(None).to_numpy("datetime64[us]")
    text = np.datetime_as_string(wall, unit="s").astype(object)
    broken = wall != wall.astype("datetime64[s]")
    text[broken] = np.datetime_as_string(wall[broken], unit="us")
    if isinstance(moments.dtype, pd.DatetimeTZDtype):
        text += "Z"
    if days:
        midnight = wall == wall.astype("datetime64[D]")
        text[midnight] = np.datetime_as_string(wall[midnight], unit="D")
    return pd.Series(text, index=moments.index, dtype="str")
