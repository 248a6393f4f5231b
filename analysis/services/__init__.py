"""The analyses: one file per kind, pandas over the engine's small frames, no Django.

A kind is a module with ``Params`` (frozen; ``parse(data, columns, roles)``, ``canonical()``), ``run(table, params)`` ->
``Answer`` and ``frame(result)`` -> pandas frame for exports. A new kind is a new file and a line here.
"""

from types import ModuleType

from analysis.services import histogram, pareto, timeseries
from analysis.services.answer import Answer

# Goes into every cache key: raise it when a stored result would no longer be what a kind computes.
ENGINE_VERSION = "1"

KINDS: dict[str, ModuleType] = {
    "timeseries": timeseries,
    "pareto": pareto,
    "histogram": histogram,
}

__all__ = ["ENGINE_VERSION", "KINDS", "Answer"]
