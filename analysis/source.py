"""How a dataset's original was read, for the script that recomputes an answer from it."""

from analysis.services import SourceFacts
from datasets.models import Dataset
from tabular.typing.reasons import Reason

DAY_FIRST = {Reason.DAY_FIRST, Reason.DAY_FIRST_BY_DOTS, Reason.DAY_FIRST_AS_SAID}


def source_facts(dataset: Dataset) -> SourceFacts:
    """From the ingest report and the caller's options of the upload."""
    report, options = dataset.report, dataset.options
    reasons = {column["name"]: column["reason"] for column in report.get("columns", [])}
    return SourceFacts(
        filename=dataset.filename,
        format=dataset.format,
        columns=dataset.columns,
        encoding=report.get("encoding"),
        delimiter=report.get("delimiter"),
        header_row=report.get("header_row"),
        sheet_name=options.get("sheet_name"),
        na_values=tuple(options.get("na_values") or ()),
        dayfirst=tuple(name for name, reason in reasons.items() if reason in DAY_FIRST),
        aside=tuple(record["line"] for record in report.get("rejected", [])),
        decimal_comma=tuple(name for name, reason in reasons.items() if reason == Reason.DECIMAL_COMMA),
    )
