"""Single values that stand in parameters, and whether a column can hold them."""

import re
from datetime import datetime
from typing import Annotated, Any

import pandas as pd
from pydantic import Field

from tabular.errors import TableError, gettext_noop
from tabular.schema import Dtype

INT64 = range(-(2**63), 2**63)
ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII)

Value = str | int | Annotated[float, Field(allow_inf_nan=False)] | bool | None


class ValueNotOfColumn(TableError):
    reason = "value_not_of_column"
    message = gettext_noop("%(value)s can't stand in the column %(column)s, which holds %(dtype)s.")


def fits(value: Any, dtype: Dtype) -> bool:
    """Whether a column of this type can hold the value exactly. Dates are ISO 8601; ``now`` is no date."""
    if isinstance(value, bool):
        return dtype == "boolean"
    match dtype:
        case "integer":
            return isinstance(value, int) and value in INT64
        case "decimal":
            return isinstance(value, float) or (
                isinstance(value, int) and abs(value) <= 2**1023 and int(float(value)) == value
            )
        case "text":
            return isinstance(value, str)
        case "date" | "datetime":
            return isinstance(value, str) and _is_moment(value, dtype)
    return False


def _is_moment(value: str, dtype: Dtype) -> bool:
    if not ISO.fullmatch(value):
        return False
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return False
    return dtype == "datetime" or moment == datetime.combine(moment.date(), datetime.min.time())


def moment_for(value: str, cells: pd.Series) -> pd.Timestamp:
    """The moment as the column of datetimes would hold it. Raises ``ValueNotOfColumn`` for one with an offset where
    the column has none, or without one where it has; ``ValueError`` for what is no moment."""
    moment = pd.Timestamp(datetime.fromisoformat(value))
    zoned = isinstance(cells.dtype, pd.DatetimeTZDtype)
    if zoned != (moment.tzinfo is not None):
        raise ValueNotOfColumn(value=value, column=str(cells.name), dtype="datetime")
    return moment.tz_convert("UTC") if zoned else moment
