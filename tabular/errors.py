"""What can be wrong with a table or a question about it: one exception family, and the notices that go with an answer.

Every concrete error is a class of its own, beside the code that raises it:

    class UnknownColumn(TableError):
        reason = "column_not_found"
        message = gettext_noop("There is no column %(column)s. The columns are: %(columns)s.")

``reason`` is stable and language-free; ``message`` is a %-template over ``details`` that the web layer translates.
"""

from typing import Any, ClassVar, Literal


def gettext_noop(message: str) -> str:
    """Marks a message for the translators; this room knows no Django, the web layer translates."""
    return message


class TableError(Exception):
    """Base of everything that this room refuses. ``details`` are JSON-ready facts about the refusal."""

    reason: ClassVar[str] = "invalid_table"
    message: ClassVar[str] = gettext_noop("The table can't be used.")
    family: ClassVar[Literal["invalid", "too_large"]] = "invalid"

    def __init__(self, **details: Any) -> None:
        super().__init__(self.reason, details)
        self.details = details

    def __str__(self) -> str:
        """English, for a library user; a template that misses a fact still prints."""
        try:
            return self.message % self.details
        except (KeyError, TypeError, ValueError):
            return f"{self.reason}: {self.details}"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.details)


def _rebuild(cls: type[TableError], details: dict[str, Any]) -> TableError:
    """Keyword-only exceptions need help to cross a process border."""
    return cls(**details)


def notice(reason: str, **details: Any) -> dict[str, Any]:
    """A warning that travels with a result: ``{reason, details}``. The reason must be listed in ``NOTICES``."""
    if reason not in NOTICES:
        raise KeyError(reason)
    return {"reason": reason, "details": details}


# Every warning a result may carry, with what it means; the documentation prints this table.
NOTICES: dict[str, str] = {
    "activity_before_cohort": "Activity before a person's own start is left out.",
    "blank_lines": "Blank lines inside the table were skipped.",
    "column_emptied": "A column holds no value any more.",
    "column_made_constant": "A column holds one value only from here on.",
    "comment_lines": "Lines that begin with # and are no records were skipped.",
    "dayfirst_refuted": "The dates themselves show another order of day and month than dayfirst said; it was taken.",
    "duplicate_headers": "Columns of one name got numbers, so that each has a name of its own.",
    "empty_headers": "Columns without a name are called column_1, column_2 and so on, by their place.",
    "empty_rows": "Records without any value are kept, as rows of nulls.",
    "error_cells": "Cells that hold an error such as #DIV/0! are null.",
    "header_missing": "The first line looks like data, so the columns are called column_1, column_2 and so on.",
    "header_rows_joined": "The header spans several rows; the names were put together from all of them.",
    "json_members_left_out": "The JSON object holds other members beside the table; they were left out.",
    "many_cells_changed": "More than half of a column's cells change.",
    "many_columns_added": "The step adds more than fifty columns.",
    "many_rows_removed": "More than a fifth of the rows are removed.",
    "merged_cells_filled": "Cells merged down a column repeat their text on each of their rows.",
    "missing_markers": "Texts like NA or - became null, because every other value of the column is a number or a date.",
    "nested_as_json": "Nested values are kept as JSON text.",
    "no_effect": "The step changes nothing in this table.",
    "no_rows_match": "No row matches what was asked.",
    "no_values": "The column holds no numbers.",
    "other_delimiters": "Records that use another delimiter than the rest were read with that one.",
    "other_quotes": "Records that use another kind of quote than the rest were read with that one.",
    "preamble_skipped": "Lines above the table were skipped.",
    "repeated_keys": "Records name a key more than once; each further value has a column of its own.",
    "rows_kept_aside": "Footnotes, totals and unreadable records were kept aside; the ingest report lists them.",
    "rows_without_category": "Rows whose category is empty are left out.",
    "rows_without_date": "Rows whose date is empty are left out.",
    "second_table": "The file holds another table below the first; only the first was read.",
    "sheets_not_read": "The workbook has further sheets; give sheet_name to read another one.",
    "short_rows_padded": "Records with too few fields were filled up with empty ones.",
    "store_never_occurs": "The store does not occur in the store column.",
    "stray_quotes": "Quotes stand where none may; they were read as a person would.",
    "target_changed": "The step changes cells of the target column.",
    "target_removed": "The step removes the target column.",
    "total_not_positive": "The total is not positive, so there are no percentages.",
    "trailing_delimiters": "Empty fields past the last column were dropped.",
    "uncertain_encoding": "The file's encoding is a guess; give it as encoding= if the text looks wrong.",
    "unclosed_quotes": "A quote that never closes was taken as the end of its own line only.",
    "undecodable_bytes": "Some bytes are not valid in the file's encoding; their records were kept aside.",
    "unit_removed": "A currency or percent sign was taken off the numbers; their figures are unchanged.",
    "values_lost": "Cells that hold a value become empty.",
    "values_not_of_type": "Values that do not fit the type the caller asked for became null.",
}
