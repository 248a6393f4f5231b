"""One set of parameters for every operation, over columns of given names: for what must hold of all of them."""

from typing import Any

from cleaning.operations import OPERATIONS

COLUMNS = ("number", "decimal", "text", "label", "day", "moment", "flag")
DTYPES = dict(zip(COLUMNS, ("integer", "decimal", "text", "text", "date", "datetime", "boolean"), strict=True))


def params(names: dict[str, str], value: str = "x") -> dict[str, dict[str, Any]]:
    """``names``: what the columns are called; ``value``: a text that stands in parameters."""
    number, decimal, text, label, day, flag = (
        names[one] for one in ("number", "decimal", "text", "label", "day", "flag")
    )
    every = {
        "bin": {"columns": [decimal], "bins": 3},
        "cast": {"columns": [number], "dtype": "text"},
        "drop_columns": {"columns": [text]},
        "drop_duplicates": {"columns": [number]},
        "drop_missing_rows": {"columns": [number]},
        "drop_uninformative": {"keep": [text]},
        "fill_missing": {"columns": [text], "strategy": "constant", "value": value, "flag": True},
        "frequency_encode": {"columns": [label]},
        "group_rare": {"columns": [label], "min_count": 2, "label": value},
        "log_transform": {"columns": [decimal], "method": "signed_log1p"},
        "merge_categories": {"columns": [label], "groups": [{"into": value, "values": ["a", "b"]}]},
        "normalise_text": {"columns": [text], "case": "lower", "company": True},
        "one_hot": {"columns": [label]},
        "ordinal_encode": {"columns": [label]},
        "outliers": {"columns": [decimal], "action": "clip"},
        "parse_dates": {"columns": [text], "errors": "empty"},
        "rename_columns": {"names": {number: value + "_new"}},
        "replace_values": {"columns": [text], "replacements": [{"from": value, "to": None}]},
        "scale": {"columns": [decimal]},
        "split_date": {"columns": [day]},
        "split_rows": {"column": value + "_split", "stratify": flag},
    }
    assert set(every) == set(OPERATIONS)
    return every
