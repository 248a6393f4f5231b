"""One kind of analysis, as the registry holds it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from analysis.services.answer import Answer
from analysis.services.code import SourceFacts, code
from tabular.schema import Column


class Params(Protocol):
    """A question with every default filled in; frozen, and equal to what its ``canonical()`` form parses to."""

    def canonical(self) -> dict[str, Any]: ...


class ParamsType(Protocol):
    def parse(self, data: Mapping[str, Any], columns: Sequence[Column], roles: Mapping[str, Any]) -> Any: ...


@dataclass(frozen=True, slots=True)
class Service:
    """``params`` reads the question, ``run(table, params, labels)`` answers it, ``frame(result)`` lays it out.

    ``labels`` are a company's own category names; only kinds with ``uses_labels`` look at them.
    """

    name: str
    params: ParamsType
    run: Callable[..., Answer]
    frame: Callable[[Mapping[str, Any]], pd.DataFrame]
    uses_labels: bool = False

    def parse(self, data: Mapping[str, Any], columns: Sequence[Column], roles: Mapping[str, Any]) -> Any:
        """The question that ``data`` asks of a table with these columns and roles; ``TableError`` for what is wrong."""
        return self.params.parse(data, columns, roles)

    def code(self, params: Params, source: SourceFacts) -> str:
        """A pandas script that recomputes the answer from the original file."""
        return code(self.name, params.canonical(), source)
