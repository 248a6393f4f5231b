"""The analyses: one file per kind, pandas over the engine's small frames, no Django.

A kind is a module with ``Params`` (frozen; ``parse(data, columns, roles)`` reads a question and fills its defaults,
``canonical()`` is that question as JSON and parses to itself), ``run(table, params, labels)`` -> ``Answer`` and
``frame(result)`` -> the pandas frame of an export. A new kind is a new file and one line in ``KINDS``.
"""

from analysis.services import cohort, correlation, histogram, pareto, profile, summary, timeseries, trend
from analysis.services.answer import Answer
from analysis.services.service import Service

# Goes into every cache key: raise it when a stored result would no longer be what a kind computes.
ENGINE_VERSION = "1"

KINDS: dict[str, Service] = {
    "timeseries": Service(timeseries.Params, timeseries.run, timeseries.frame),
    "pareto": Service(pareto.Params, pareto.run, pareto.frame, uses_labels=True),
    "histogram": Service(histogram.Params, histogram.run, histogram.frame),
    "summary": Service(summary.Params, summary.run, summary.frame),
    "profile": Service(profile.Params, profile.run, profile.frame),
    "correlation": Service(correlation.Params, correlation.run, correlation.frame),
    "trend": Service(trend.Params, trend.run, trend.frame),
    "cohort": Service(cohort.Params, cohort.run, cohort.frame),
}

__all__ = ["ENGINE_VERSION", "KINDS", "Answer", "Service"]
