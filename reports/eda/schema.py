"""What the results hold, for people and programs that read them."""

from typing import Any

EXAMINATION_VERSION = "1"

# Every part of the results with its shape. Shares and rates are 0 to 1; what is not defined is null.
SCHEMA: dict[str, Any] = {
    "version": "of this shape and of the computation",
    "overview": "rows, columns, cells, missing_cells, missing_rate, duplicate_rows, types {dtype: columns}",
    "sample": "null, or rows of all (`of`): everything but the time series is about these rows",
    "quality": "score 0 to 100 and its parts {code, weight, score = 100 (1 - bad / of), bad, of}",
    "columns": "as in a profile, with more statistics, a distribution (kind values, histogram or dates) and outliers",
    "issues": "what the profile found of the whole table",
    "duplicates": "rows that repeat an earlier one, and their share",
    "correlations": "pearson, spearman, cramers_v {columns, matrix}; strongest pairs; left_out by the limits",
    "missing": "cells, rate, complete_rows, columns by what they miss, patterns of columns missing together",
    "target": "null, or column, problem_type, reason, balance, related columns, leakage suspects",
    "timeseries": "a time series per measure, over all rows",
    "alerts": "reason, severity, columns, details, suggestion; the most severe first",
    "findings": "codes with facts: what a page says in words",
    "plots": "which pictures a page shows",
}
