"""What looks wrong with a column: ``{reason, severity, details, suggestion}``, language-free.

``severity`` is low, medium or high; ``suggestion`` is a code of what a cleaner would do next.
"""

from typing import Any, Literal

import numpy as np
import polars as pl

from analysis.services.answer import figure
from analysis.services.personal import personal_numbers, personal_texts
from tabular.engines.profiles import Numbers, Texts
from tabular.schema import Column

Severity = Literal["low", "medium", "high"]

FEW_ROWS = 20  # with fewer, all different says nothing
NEARLY_UNIQUE = 0.95
SKEWED = 2.0  # |skewness| from here on
FENCE = 1.5  # Tukey's fences: this many interquartile ranges beyond the quartiles
MOST_VARIANTS_LOOKED_AT = 200_000
EXAMPLES = 5


def issue(reason: str, severity: Severity, suggestion: str, **details: Any) -> dict[str, Any]:
    return {"reason": reason, "severity": severity, "details": details, "suggestion": suggestion}


def of_table(rows: int, repeated: int) -> list[dict[str, Any]]:
    if not repeated:
        return []
    severity: Severity = "low" if repeated < 0.01 * rows else "medium"
    return [issue("duplicate_rows", severity, "drop_duplicates", rows=repeated, share=repeated / rows)]


def of_cells(column: Column, rows: int, missing: int, unique: int) -> list[dict[str, Any]]:
    """What missing and distinct counts alone show."""
    found, present = [], rows - missing
    if missing:
        share = missing / rows
        severity: Severity = "low" if share < 0.05 else "medium" if share < 0.5 else "high"
        found.append(issue("missing", severity, "impute" if share < 0.5 else "drop_column", cells=missing, share=share))
    if unique == 1 and present > 1:
        found.append(issue("constant", "medium", "drop_column", cells=present))
    if column.dtype not in ("integer", "text") or present < FEW_ROWS:
        return found
    if unique == present:
        found.append(issue("id_like", "low", "exclude_from_analysis", distinct=unique))
    elif unique >= NEARLY_UNIQUE * present and (column.dtype == "text" or column.role == "id"):
        details = {"distinct": unique, "repeated": present - unique}
        found.append(issue("suspicious_duplicates", "medium", "check_duplicates", **details))
    return found


def of_numbers(column: Column, found: Numbers, q1: float, q3: float) -> list[dict[str, Any]]:
    """Skew, outliers beyond Tukey's fences, and numbers that may name a person."""
    issues = []
    skew = skewness(found)
    if skew is not None and abs(skew) >= SKEWED:
        suggestion = "log_transform" if found.distinct[0] >= 0 and skew > 0 else "transform"
        issues.append(issue("skewed", "low", suggestion, skewness=skew))
    reach = FENCE * (q3 - q1)
    outside = found.outside(q1 - reach, q3 + reach) if reach > 0 else 0
    if outside:
        share = outside / found.count
        bounds = {"low": figure(q1 - reach), "high": figure(q3 + reach)}
        severity: Severity = "low" if share < 0.01 else "medium"
        issues.append(issue("outliers", severity, "review_outliers", cells=outside, share=share, **bounds))
    if column.dtype == "integer":
        issues += [_personal(kind, values) for kind, values in personal_numbers(found.distinct)]
    return issues


def skewness(found: Numbers) -> float | None:
    """The adjusted Fisher-Pearson coefficient, as pandas computes it; None below three values or without spread."""
    n = int(found.counts.sum())
    if n < 3:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        distinct = found.distinct.astype(float)
        off = distinct - np.average(distinct, weights=found.counts)
        m2 = np.average(off**2, weights=found.counts)
        m3 = np.average(off**3, weights=found.counts)
        if not m2 > 0:
            return None
        return figure((n * (n - 1)) ** 0.5 / (n - 2) * m3 / m2**1.5)


def of_texts(found: Texts) -> list[dict[str, Any]]:
    """Spellings that differ in case or spaces only, and texts that may name a person."""
    issues = []
    if 1 < len(found.counted) <= MOST_VARIANTS_LOOKED_AT:
        alike = (
            found.counted.sort("first")
            .with_columns(plain=_plain(pl.col("value")))
            .group_by("plain", maintain_order=True)
            .agg("value", pl.col("rows").sum())
            .filter(pl.col("value").list.len() > 1)
        )
        if len(alike):
            examples = alike["value"].head(EXAMPLES).to_list()
            cells = int(alike["rows"].sum())
            issues.append(
                issue("variants", "medium", "normalise_text", groups=len(alike), cells=cells, examples=examples)
            )
    return issues + [_personal(kind, values) for kind, values in personal_texts(found.counted["value"])]


def _plain(text: pl.Expr) -> pl.Expr:
    """Without regard to case, width and spaces."""
    return text.str.normalize("NFKC").str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()


def _personal(kind: str, values: int) -> dict[str, Any]:
    return issue("personal_data", "high", "mask_or_drop", kind=kind, distinct=values)
