"""What a page says above the results."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Titles:
    title: str
    description: str = ""
    made_at: datetime | None = None
