"""One number from 0 to 100 for how usable a table is, and what it is made of.

The score is the weighted mean of five parts, each from 0 to 100 and each a plain share that can be recomputed from the
figures beside it. A part that a table has nothing to judge by (no text, no numbers) is left out, and the weights of the
others carry the whole.
"""

from collections.abc import Mapping, Sequence
from typing import Any

# code -> weight
WEIGHTS = {"completeness": 35, "uniqueness": 20, "consistency": 20, "validity": 15, "variety": 10}


def quality(rows: int, columns: Sequence[Mapping[str, Any]], issues: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """``{score, parts: [{code, weight, score, bad, of}]}``; a part's score is ``100 * (1 - bad / of)``.

    completeness: missing cells of all cells · uniqueness: repeated rows of all rows · consistency: cells spelt in
    several ways, or blank, of all text cells · validity: numbers beyond three interquartile ranges from the quartiles
    of all numbers · variety: columns that are empty or hold one value only, of all columns.
    """
    counted = {
        "completeness": (sum(one["missing_count"] for one in columns), rows * len(columns)),
        "uniqueness": (sum(issue["details"]["rows"] for issue in issues if issue["reason"] == "duplicate_rows"), rows),
        "consistency": _texts(rows, columns),
        "validity": _numbers(rows, columns),
        "variety": (sum(one["unique_count"] < 2 for one in columns) if rows > 1 else 0, len(columns)),
    }
    parts = [
        {"code": code, "weight": WEIGHTS[code], "score": 100 * (1 - min(1.0, bad / of)), "bad": bad, "of": of}
        for code, (bad, of) in counted.items()
        if of
    ]
    whole = sum(part["weight"] for part in parts)
    score = sum(part["weight"] * part["score"] for part in parts) / whole if whole else None
    return {"score": None if score is None else round(score, 1), "parts": parts}


def _texts(rows: int, columns: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    texts = [one for one in columns if one["dtype"] == "text"]
    spelt = sum(
        issue["details"].get("cells", 0) for one in texts for issue in one["issues"] if issue["reason"] == "variants"
    )
    blank = sum(one["statistics"].get("blank", 0) for one in texts)
    return spelt + blank, sum(rows - one["missing_count"] for one in texts)


def _numbers(rows: int, columns: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    judged = [one for one in columns if one.get("outliers")]
    return sum(one["outliers"]["far"] for one in judged), sum(rows - one["missing_count"] for one in judged)
