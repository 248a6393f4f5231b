"""The words in which a table is described: its columns, their types and roles."""

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Dtype = Literal["integer", "decimal", "boolean", "date", "datetime", "text"]
Role = Literal["date", "store", "category", "measure", "id"]

DTYPES: tuple[str, ...] = get_args(Dtype)
ROLES: tuple[str, ...] = get_args(Role)
NUMERIC: frozenset[str] = frozenset({"integer", "decimal"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column as it was understood, with the reason for its type and the cells that decided it.

    ``evidence`` holds ``{"line": physical line or workbook row, "value": the cell's text}``.
    """

    name: str
    dtype: Dtype
    role: Role | None = None
    reason: str = ""
    evidence: tuple[dict[str, Any], ...] = field(default=())

    @property
    def numeric(self) -> bool:
        return self.dtype in NUMERIC

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "dtype": self.dtype, "role": self.role}
