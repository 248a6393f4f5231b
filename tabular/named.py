"""Columns by their own names: ``polars.col`` takes ``*`` for all and ``^…$`` for a pattern, but files may use both."""

import polars as pl
import polars.selectors as cs


def named(*names: str) -> pl.Expr:
    """Exactly these columns, in this order."""
    return cs.by_name(*names).as_expr()
