"""All sides of a table, one after the other."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from reports.eda.alerts import alerts
from reports.eda.associations import associations
from reports.eda.columns import columns
from reports.eda.findings import findings
from reports.eda.missing import missing
from reports.eda.options import Options
from reports.eda.overtime import overtime
from reports.eda.plots import plots
from reports.eda.quality import quality
from reports.eda.sampling import sampled
from reports.eda.schema import EXAMINATION_VERSION
from reports.eda.target import target
from tabular.engines.local import Table
from tabular.engines.source import heavy

# What is said of a table whatever is asked of it.
KEPT = ("version", "overview", "sample", "quality", "columns", "issues", "duplicates", "correlations", "missing")
Look = Callable[[float, str], None]


def examine(
    table: Table,
    options: Options,
    profile: Mapping[str, Any] | None = None,
    look: Look = lambda percent, section: None,
    *,
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The results, see ``schema``. ``look(percent, section)`` is called before each section and may raise to stop.

    ``profile``: the whole table's, where it was made before. ``before``: results on the same table, roles and sample:
    what does not depend on the target or the plots is taken from them.
    """
    if options.target is not None:
        table.column(options.target)  # refused before anything is computed
    look(2, "reading")
    if before is not None and options.target is None:
        found = {name: before[name] for name in KEPT} | {"target": None}
    else:
        with sampled(table, options.sample_size, options.seed) as part:
            found = {name: before[name] for name in KEPT} if before else _looked_at(table, part, profile, look)
            look(80, "target")
            found["target"] = target(part, found["columns"], options.target) if options.target is not None else None
    look(90, "timeseries")
    found["timeseries"] = overtime(table, options.roles)  # of all rows: a part of them would have smaller sums
    look(95, "findings")
    found["alerts"] = alerts(found, options.rejected)
    found["findings"] = findings(found)
    found["plots"] = plots(found, options.max_plots)
    return found


def _looked_at(table: Table, part: Table, profile: Mapping[str, Any] | None, look: Look) -> dict[str, Any]:
    with heavy:
        look(5, "columns")
        known = columns(part, profile if part is table else None)
    look(50, "correlations")
    found = _base(table, part, known)
    found["correlations"] = associations(part, known["columns"])
    look(75, "missing")
    found["missing"] = missing(part, known["columns"])
    return found


def _base(table: Table, part: Table, known: Mapping[str, Any]) -> dict[str, Any]:
    rows, made = known["rows"], known["columns"]
    repeated = sum(one["details"]["rows"] for one in known["issues"] if one["reason"] == "duplicate_rows")
    holes = sum(one["missing_count"] for one in made)
    return {
        "version": EXAMINATION_VERSION,
        "overview": {
            "rows": rows,
            "columns": len(made),
            "cells": rows * len(made),
            "missing_cells": holes,
            "missing_rate": holes / (rows * len(made)) if rows and made else 0.0,
            "duplicate_rows": repeated,
            "types": dict(Counter(one["dtype"] for one in made)),
        },
        "sample": None if part is table else {"rows": len(part), "of": len(table)},
        "quality": quality(rows, made, known["issues"]),
        "columns": made,
        "issues": known["issues"],
        "duplicates": {"rows": repeated, "share": repeated / rows if rows else 0.0},
    }
