"""Columns whose type the file itself states. They are believed, within what a dataset can carry exactly."""

import polars as pl

from tabular.schema import Dtype
from tabular.typing.kinds import ROW, Verdict
from tabular.typing.reasons import Reason

_MOST = 999_999_999_999_999

STORED: dict[Dtype, pl.DataType] = {
    "integer": pl.Int64(),
    "decimal": pl.Float64(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
    "text": pl.String(),
}


def questions(name: str, dtype: Dtype) -> dict[str, pl.Expr]:
    cells = pl.col(name)
    if dtype == "integer":
        return {"long": pl.col(ROW).filter((cells > _MOST) | (cells < -_MOST)).min()}
    if dtype == "decimal":
        return {"nan": cells.is_nan().sum()}
    if dtype == "datetime":
        return {"fine": pl.col(ROW).filter(cells.dt.nanosecond() % 1000 != 0).min()}
    return {}


def verdict(name: str, dtype: Dtype, answers: dict[str, int | None]) -> Verdict:
    cells = pl.col(name)
    if answers.get("long") is not None:
        return Verdict("text", Reason.STATED_LONG, cells.cast(pl.String), (answers["long"],))
    if dtype == "decimal":
        number = cells.cast(pl.Float64).fill_nan(None)
        notes = (("missing_markers", {"count": answers["nan"], "markers": ["NaN"]}),) if answers["nan"] else ()
        return Verdict("decimal", Reason.STATED, number, notes=notes)
    if dtype == "datetime":
        if answers["fine"] is not None:
            return Verdict("text", Reason.STATED_FINE, as_text(name, dtype), (answers["fine"],))
        return Verdict("datetime", Reason.STATED, cells.dt.cast_time_unit("us"))
    return Verdict(dtype, Reason.STATED, cells.cast(STORED[dtype]) if dtype in STORED else cells)


def as_text(name: str, dtype: Dtype) -> pl.Expr:
    """The cells as text, in the notation of our own CSV."""
    cells = pl.col(name)
    if dtype == "datetime":
        return cells.dt.to_string("iso").str.replace(" ", "T", literal=True)
    return cells.cast(pl.String)
