"""What deserves a look before the table is used, the worst first, each with what to do about it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

ORDER = ("high", "medium", "low")
TOGETHER = 0.95  # columns this strongly correlated say the same
MANY_VALUES = 50
UNEVEN = 10.0  # the most frequent class has that many times the rows of the rarest


def alert(reason: str, severity: str, suggestion: str, columns: Sequence[str] = (), **details: Any) -> dict[str, Any]:
    return {
        "reason": reason, "severity": severity, "columns": list(columns), "details": details, "suggestion": suggestion,
    }  # fmt: skip


def alerts(found: Mapping[str, Any], rejected: int) -> list[dict[str, Any]]:
    """``[{reason, severity, columns, details, suggestion}]``: those of the profile, of pairs, of the target."""
    made = [*_of_table(found, rejected), *_of_columns(found), *_of_pairs(found), *_of_target(found)]
    return sorted(made, key=lambda one: ORDER.index(one["severity"]))


def _of_table(found: Mapping[str, Any], rejected: int) -> Iterator[dict[str, Any]]:
    rows = found["overview"]["rows"]
    if rejected:
        yield alert("records_kept_aside", "high", "read_ingest_report", rows=rejected)
    if rows < 30:
        yield alert("few_rows", "medium", "collect_more", rows=rows)
    for issue in found["issues"]:
        yield alert(issue["reason"], issue["severity"], issue["suggestion"], **issue["details"])


def _of_columns(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    rows = found["overview"]["rows"]
    for one in found["columns"]:
        for issue in one["issues"]:
            yield alert(issue["reason"], issue["severity"], issue["suggestion"], [one["name"]], **issue["details"])
        reasons = {issue["reason"] for issue in one["issues"]}
        present = rows - one["missing_count"]
        many = one["dtype"] == "text" and MANY_VALUES < one["unique_count"] < 0.95 * present
        if many and not reasons & {"id_like", "suspicious_duplicates"}:
            yield alert("many_values", "low", "group_rare_values", [one["name"]], distinct=one["unique_count"])


def _of_pairs(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Of numbers one will do; of categories the coarser one may be wanted too."""
    for pair in found["correlations"]["strongest"]:
        if abs(pair["value"]) >= TOGETHER:
            facts = {"measure": pair["measure"], "value": pair["value"]}
            if pair["measure"] == "cramers_v":
                yield alert("one_follows", "low", "keep_finer", pair["columns"], **facts)
            else:
                yield alert("say_the_same", "medium", "keep_one", pair["columns"], **facts)


def _of_target(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    target = found["target"]
    if target is None:
        return
    if target["problem_type"] == "none":
        yield alert(target["reason"], "high", "choose_target", [target["column"]])
    for one in target["leakage"]:
        yield alert(
            "leakage",
            "high",
            "leave_out",
            [one["column"], target["column"]],
            measure=one["measure"],
            value=one["value"],
        )
    balance = target["balance"]
    if balance and balance["imbalance"] >= UNEVEN:
        rarest = balance["classes"][-1]
        yield alert(
            "uneven_classes", "medium", "weight_classes", [target["column"]], ratio=balance["imbalance"],
            value=rarest["value"], share=rarest["share"],
        )  # fmt: skip
