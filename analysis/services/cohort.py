"""Cohort retention: of the people who came first in a period, how many came back in each period after it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Literal

import pandas as pd

from analysis.services import periods
from analysis.services.answer import Answer, receipt
from analysis.services.fields import ColumnNotDate, Fields
from analysis.services.periods import Span
from tabular.engines.cohorts import Cohorts
from tabular.engines.local import Table
from tabular.errors import TableError, gettext_noop, notice
from tabular.schema import Column

MAX_CELLS = 200_000

# Names by which the three columns go, best first.
_USER = re.compile(
    r"^(user|customer|client|member|account|visitor|subscriber|buyer)[ _-]?(id|no|number|code)?$"
    r"|^(顧客|会員|ユーザー?|利用者|お客様|購入者)[ _]?(id|ＩＤ|番号|コード|no)?$",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"regist|sign[ _-]?up|join|enrol|subscri|created|first_|cohort|登録|入会|加入|初回|会員登録", re.IGNORECASE
)
_ACTIVE = re.compile(
    r"activit|order|purchase|visit|login|event|transaction|usage|last_|活動|利用|購入|購買|注文|来店|来訪|取引|買上",
    re.IGNORECASE,
)


class MissingRequiredColumns(TableError):
    reason = "missing_required_columns"
    message = gettext_noop("Missing required columns: %(missing)s")


class TooManyCohorts(TableError):
    reason = "too_many_cohorts"
    message = gettext_noop("%(cells)s cells are too many; the limit is %(limit)s. Ask for a smaller max_periods.")


@dataclass(frozen=True, slots=True)
class Params:
    """Without ``cohort_date_column`` a person's first activity is the start."""

    user_column: str
    cohort_date_column: str | None
    activity_date_column: str
    period: Literal["week", "month"]
    max_periods: int | None = None

    @classmethod
    def parse(cls, data: Mapping[str, Any], columns: Sequence[Column], roles: Mapping[str, Any]) -> "Params":
        fields = Fields(data, columns, roles)
        user = fields.column("user_column") or _user(columns)
        named = [_dated(fields, field) for field in ("cohort_date_column", "activity_date_column")]
        joined, active = _dates(fields, *named)
        if user is None or active is None:
            missing = {"user_id": user, "activity_date": active}
            raise MissingRequiredColumns(
                missing=", ".join(name for name, column in missing.items() if column is None), columns=fields.names
            )
        period: Any = fields.choice("period", ["week", "month"], "month")
        most = fields.whole("max_periods", 1, 10_000, None)
        return cls(user.name, joined.name if joined else None, active.name, period, most)

    def canonical(self) -> dict[str, Any]:
        return asdict(self)


def _dated(fields: Fields, field: str) -> Column | None:
    column = fields.column(field)
    if column is not None and column.dtype not in ("date", "datetime"):
        known = [one.name for one in fields.columns if one.dtype in ("date", "datetime")]
        raise ColumnNotDate(column=column.name, dtype=column.dtype, columns=known)
    return column


def _user(columns: Sequence[Column]) -> Column | None:
    fitting = [column for column in columns if column.dtype in ("text", "integer")]
    named = [column for column in fitting if _USER.search(column.name.strip())]
    ids = [column for column in fitting if column.role == "id"]
    return (named or ids or [None])[0]  # type: ignore[list-item]


def _dates(fields: Fields, joined: Column | None, active: Column | None) -> tuple[Column | None, Column | None]:
    """What is named stays; of the other date columns, the one whose name says it; one date column is the activity."""
    if joined and active:
        return joined, active
    free = [one for one in fields.columns if one.dtype in ("date", "datetime") and one not in (joined, active)]
    if active is None:
        others = [one for one in free if joined or not _JOINED.search(one.name)] or free
        said = [one for one in others if _ACTIVE.search(one.name)]
        plays = [one for one in others if one == fields.role("date")]
        active = (said or plays or others or [None])[0]  # type: ignore[list-item]
    if joined is None:
        joined = next((one for one in free if one != active and _JOINED.search(one.name)), None)
    return joined, active


def run(table: Table, params: Params, labels: Mapping[str, str] | None = None) -> Answer:
    """``cohort_sizes`` and ``retention_rates`` by period; a cell after the last activity has not happened: null.

    ``complete`` mirrors ``retention_rates``: whether the data reach over the cohort's period and the cell's.
    """
    found = table.cohorts(params.user_column, params.cohort_date_column, params.activity_date_column, params.period)
    results: dict[str, Any] = {"cohort_sizes": {}, "retention_rates": {}, "complete": {}}
    if found.first and found.last:
        spread = _offsets(found, params)
        reach = Span(found.first, found.last)
        last = periods.number(found.last, params.period)
        for cohort, size in sorted((_own(number, params.period), size) for number, size in found.sizes.items()):
            name = _label(cohort, params.period)
            row, whole = _row(found, params.period, cohort, size, last, spread, reach)
            results["cohort_sizes"][name] = size
            results["retention_rates"][name], results["complete"][name] = row, whole
    warnings = []
    if not found.sizes:
        warnings.append(notice("no_rows_match"))
    if found.early:
        warnings.append(notice("activity_before_cohort", rows=found.early))
    result = {"analysis_type": "cohort_retention", "results": results}
    used = found.rows - found.nobody - found.undated - found.early
    return Answer(
        result | ({"warnings": warnings} if warnings else {}),
        receipt(
            found.rows,
            used,
            user_missing=found.nobody,
            date_missing=found.undated,
            activity_before_cohort=found.early,
        ),
    )


# The engine counts weeks from 1970, ``periods`` from year 1.
_WEEKS_BEFORE_1970 = periods.number(date(1970, 1, 1), "week")


def _own(number: int, every: str) -> int:
    return number + _WEEKS_BEFORE_1970 if every == "week" else number


def _offsets(found: Cohorts, params: Params) -> int:
    """How many columns the widest cohort has."""
    assert found.last is not None
    first = min((_own(number, params.period) for number in found.sizes), default=0)
    spread = max(periods.number(found.last, params.period) - first + 1, 1) if found.sizes else 0
    spread = min(spread, params.max_periods or spread)
    if spread * len(found.sizes) > MAX_CELLS:
        raise TooManyCohorts(cells=spread * len(found.sizes), limit=MAX_CELLS)
    return spread


def _row(
    found: Cohorts, every: Literal["week", "month"], cohort: int, size: int, last: int, spread: int, reach: Span
) -> tuple[dict[str, float | None], dict[str, bool]]:
    engine = cohort - _own(0, every)
    begun = periods.complete(periods.span(cohort, every), reach)
    rates: dict[str, float | None] = {}
    whole: dict[str, bool] = {}
    for offset in range(spread):
        key, happened = f"{every}_{offset}", cohort + offset <= last
        rates[key] = found.active.get((engine, engine + offset), 0) / size if happened else None
        whole[key] = happened and begun and periods.complete(periods.span(cohort + offset, every), reach)
    return rates, whole


def _label(cohort: int, every: Literal["week", "month"]) -> str:
    """``2024-01``, or the ISO week ``2024-W05``."""
    start = periods.span(cohort, every).start
    if every == "month":
        return f"{start.year:04d}-{start.month:02d}"
    year, week, _ = min(start + timedelta(days=3), date.max).isocalendar()
    return f"{year:04d}-W{week:02d}"


def frame(result: Mapping[str, Any]) -> pd.DataFrame:
    """``cohort, size`` and a column per period: one row per cohort."""
    rates, sizes = result["results"]["retention_rates"], result["results"]["cohort_sizes"]
    rows = [{"cohort": name, "size": sizes[name]} | row for name, row in rates.items()]
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=["cohort", "size"])
