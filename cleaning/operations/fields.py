"""The kinds of parameters that several operations share."""

from typing import Annotated

from pydantic import Field, StringConstraints
from pydantic.functional_validators import AfterValidator

MOST_NAMES = 10_000

Name = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) < len(names):
        raise ValueError("each name once")
    return names


Names = Annotated[
    tuple[Name, ...],
    Field(min_length=1, max_length=MOST_NAMES, strict=False, description="Column names."),
    AfterValidator(_once),
]
