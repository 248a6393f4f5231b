"""Types that the caller asks for. What does not fit becomes null and is reported, cell by cell up to the first ten."""

from collections.abc import Callable, Collection, Mapping

import polars as pl

from tabular.errors import TableError, gettext_noop
from tabular.schema import DTYPES, Dtype
from tabular.typing import booleans, dates, numbers
from tabular.typing.asking import ask
from tabular.typing.kinds import ROW, Subject, Verdict
from tabular.typing.missing import missing
from tabular.typing.reasons import Reason

ASKABLE = (*DTYPES, "int64")


class UnknownTypedColumn(TableError):
    reason = "types_column_not_found"
    message = gettext_noop("types names the column %(column)s, which does not exist. The columns are: %(columns)s.")


class UnknownType(TableError):
    reason = "types_unknown_dtype"
    message = gettext_noop("%(dtype)s is no type. The types are: %(dtypes)s.")


class TypeOverrideFailed(TableError):
    reason = "type_override_failed"
    message = gettext_noop("No value of the column %(column)s can be read as %(dtype)s.")


def check(types: Mapping[str, str], names: Collection[str]) -> None:
    for column, dtype in types.items():
        if column not in names:
            raise UnknownTypedColumn(column=column, columns=list(names))
        if dtype not in ASKABLE:
            raise UnknownType(dtype=dtype, dtypes=list(ASKABLE))


def verdict(subject: Subject, wanted: str) -> Verdict:
    """The column read as ``wanted``, as liberally as the grammar of that type allows."""
    dtype: Dtype = "integer" if wanted == "int64" else wanted  # type: ignore[assignment]
    if wanted == "text":
        return Verdict("text", Reason.ASKED, subject.text)
    text = subject.text
    typed, notes = _READ[wanted](subject)
    marker = missing(text) if wanted not in ("boolean",) else pl.lit(False)
    unfit = text.is_not_null() & ~marker & typed.is_null()
    [found] = ask(
        subject.frame,
        [
            {
                "fit": typed.count(),
                "unfit": unfit.fill_null(False).sum(),
                "rows": pl.col(ROW).filter(unfit).bottom_k(10).sort().implode(),
            }
        ],
    )
    if found["unfit"] and not found["fit"]:
        raise TypeOverrideFailed(column=subject.name, dtype=wanted)
    rows = tuple(found["rows"])
    if found["unfit"]:
        notes = (*notes, ("values_not_of_type", {"dtype": wanted, "count": found["unfit"]}))
    return Verdict(dtype, Reason.ASKED, typed, rows, notes)


Notes = tuple[tuple[str, Mapping[str, object]], ...]


def _number(subject: Subject) -> pl.Expr:
    """Point or comma, whichever reads more of the column."""
    text = subject.text
    point, comma = (numbers.liberal(text, comma=comma) for comma in (False, True))
    [found] = ask(subject.frame, [{"point": point.count(), "comma": comma.count()}])
    return comma if found["comma"] > found["point"] else point


def _integer(subject: Subject) -> tuple[pl.Expr, Notes]:
    number = _number(subject)
    return pl.when(number.str.contains(r"^[+-]?0*[0-9]{1,15}(?:\.0*)?$")).then(_whole(number)), ()


def _int64(subject: Subject) -> tuple[pl.Expr, Notes]:
    return _whole(_number(subject)), ()


def _whole(number: pl.Expr) -> pl.Expr:
    return number.str.replace(r"\.0*$", "").cast(pl.Int64, strict=False)


def _decimal(subject: Subject) -> tuple[pl.Expr, Notes]:
    number = _number(subject)
    inexact = {
        value
        for batch in subject.batches(number, numbers.unproven(number).fill_null(False))
        for value in batch
        if not numbers.exact(value)
    }
    kept = pl.when(~number.is_in(list(inexact))).then(number) if inexact else number
    return kept.cast(pl.Float64, strict=False), ()


def _boolean(subject: Subject) -> tuple[pl.Expr, Notes]:
    return booleans.parse(subject.text), ()


def _date(subject: Subject) -> tuple[pl.Expr, Notes]:
    moment, notes = _datetime(subject)
    naive = moment.dt.replace_time_zone(None)
    return pl.when(naive.dt.time() == pl.time(0, 0)).then(naive.cast(pl.Date)), notes


def _datetime(subject: Subject) -> tuple[pl.Expr, Notes]:
    return dates.liberal(subject), ()


_READ: dict[str, Callable[[Subject], tuple[pl.Expr, Notes]]] = {
    "integer": _integer,
    "int64": _int64,
    "decimal": _decimal,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
}
