"""The analyses: one file per kind, pandas over the engine's small frames, no Django.

A kind is a module with ``Params`` (frozen; ``parse(data, columns, roles)`` reads a question and fills its defaults,
``canonical()`` is that question as JSON and parses to itself), ``run(table, params, labels)`` -> ``Answer`` and
``frame(result)`` -> the pandas frame of an export. A new kind is a new file and one line here.
"""

from analysis.services import cohort, correlation, histogram, pareto, profile, summary, timeseries, trend
from analysis.services.answer import Answer
from analysis.services.code import SourceFacts
from analysis.services.service import Service

# Goes into every cache key: raise it when a stored result would no longer be what a kind computes.
ENGINE_VERSION = "1"

_ALL = (
    Service("timeseries", timeseries.Params, timeseries.run, timeseries.frame),
    Service("pareto", pareto.Params, pareto.run, pareto.frame, uses_labels=True),
    Service("histogram", histogram.Params, histogram.run, histogram.frame),
    Service("summary", summary.Params, summary.run, summary.frame),
    Service("profile", profile.Params, profile.run, profile.frame),
    Service("correlation", correlation.Params, correlation.run, correlation.frame),
    Service("trend", trend.Params, trend.run, trend.frame),
    Service("cohort", cohort.Params, cohort.run, cohort.frame),
)
KINDS: dict[str, Service] = {one.name: one for one in _ALL}

__all__ = ["ENGINE_VERSION", "KINDS", "Answer", "Service", "SourceFacts"]
