"""Texts that stand for "no value" where the rest of the column is numbers or dates; anywhere else they are text."""

import polars as pl

from tabular.typing.kinds import Kind

MARKERS = (
    *("na", "n/a", "#n/a", "nan", "null", "none", "<na>"),
    *("-", "--", "－", "―", "—", "–", "ー"),
    *("#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!"),
)


def missing(text: pl.Expr) -> pl.Expr:
    """A marker in any case, or nothing but blanks."""
    bare = text.str.strip_chars()
    return bare.str.to_lowercase().is_in(list(MARKERS)) | (bare == "")


KINDS = (Kind("missing", "missing", missing),)
