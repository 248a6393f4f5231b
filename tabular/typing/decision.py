"""What was decided about one column."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from tabular.schema import Column


@dataclass(frozen=True, slots=True)
class Decision:
    """``expr`` makes the stored column of the spool's; ``warnings`` say what it changes or could not keep."""

    column: Column
    expr: pl.Expr
    warnings: tuple[dict[str, Any], ...] = ()
