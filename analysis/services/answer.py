"""What every analysis gives back, and how its numbers become JSON."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """``result`` is JSON-ready: no NaN, no infinity, no translated text.

    ``receipt`` says what went into it: ``rows`` of the table, ``rows_used``, ``rows_excluded`` ``{reason: rows}`` and
    ``ddof`` of its standard deviations (None where there are none). ``rows == rows_used + sum(rows_excluded)``.
    """

    result: dict[str, Any]
    receipt: dict[str, Any]


def receipt(rows: int, used: int, *, ddof: int | None = None, **excluded: int) -> dict[str, Any]:
    """A receipt; reasons that excluded nothing are left out."""
    return {
        "rows": int(rows),
        "rows_used": int(used),
        "rows_excluded": {reason: int(count) for reason, count in excluded.items() if count},
        "ddof": ddof,
    }


def figure(value: Any) -> float | None:
    """One number as JSON holds it: null for what is missing, undefined or infinite."""
    if value is None:
        return None
    value = float(value)
    return value if math.isfinite(value) else None


def figures(values: Iterable[Any]) -> list[float | None]:
    return [figure(value) for value in values]
