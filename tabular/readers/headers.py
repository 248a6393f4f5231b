"""Column names: trimmed, one per column, each unique."""

from collections.abc import Sequence
from typing import Any

from tabular.errors import notice
from tabular.options import Limits, TooManyColumns


def unique(cells: Sequence[str], limits: Limits) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    """``["a", "", "a"]`` → ``("a", "column_2", "a_2")``, and what had to be done. Raises ``TooManyColumns``."""
    if len(cells) > limits.max_columns:
        raise TooManyColumns(columns=len(cells), limit=limits.max_columns)
    trimmed = [cell.strip().replace("\0", "") for cell in cells]
    taken, names = set(trimmed), []
    renamed, used = [], set()
    for place, cell in enumerate(trimmed, 1):
        name = base = cell or f"column_{place}"
        number = 1
        while name in used or (name != cell and name in taken) or _is_pattern(name):
            number += 1
            name = f"{base}_{number}"
        if cell and name != cell:
            renamed.append({"header": cell, "name": name})
        used.add(name)
        names.append(name)
    said = [notice("duplicate_headers", renamed=renamed)] if renamed else []
    empty = [name for name, cell in zip(names, trimmed, strict=True) if not cell]
    if empty:
        said.append(notice("empty_headers", columns=empty))
    return tuple(names), said


def _is_pattern(name: str) -> bool:
    """The local engine takes ``*`` and ``^…$`` for patterns over column names, so no column may be called so."""
    return name == "*" or (name.startswith("^") and name.endswith("$"))
