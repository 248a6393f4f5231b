"""What a person should look at before running a step for good: ``{reason, details}``, language-free."""

from typing import Any

import pandas as pd

from cleaning.engine.changes import Change
from tabular.errors import notice

MANY_ROWS = 0.2  # share of the rows removed
MANY_COLUMNS = 50
MANY_CELLS = 0.5  # share of a column's cells changed


def risks(change: Change, after: pd.DataFrame, target: str | None, *, quiet: bool = True) -> list[dict[str, Any]]:
    """``quiet``: nothing else was changed than ``change`` tells."""
    found: list[dict[str, Any]] = []

    def flag(reason: str, **details: Any) -> None:
        found.append(notice(reason, **details))

    removed = change.rows_before - change.rows_after
    if change.rows_before and removed > MANY_ROWS * change.rows_before:
        flag("many_rows_removed", rows=removed, share=removed / change.rows_before)
    if len(change.columns_added) > MANY_COLUMNS:
        flag("many_columns_added", columns=len(change.columns_added))
    if change.emptied:
        flag("values_lost", cells=change.emptied)
    for name, cells in change.by_column.items():
        if cells > MANY_CELLS * change.rows_after:
            flag("many_cells_changed", column=name, cells=cells, share=cells / change.rows_after)
        values = after[name].dropna()
        if values.empty:
            flag("column_emptied", column=name)
        elif len(values) == change.rows_after > 1 and (values == values.iloc[0]).all():
            flag("column_made_constant", column=name)
    if target is not None:
        if target in change.columns_removed:
            flag("target_removed", column=target)
        elif target in change.by_column:
            flag("target_changed", column=target, cells=change.by_column[target])
    changed = removed or change.cells_changed or change.columns_added or change.columns_removed
    if quiet and not changed and not change.columns_renamed:
        flag("no_effect")
    return found
