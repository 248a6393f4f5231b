"""true and false, in any case; nothing else is a boolean."""

import polars as pl

from tabular.typing.kinds import Kind, Subject, Verdict
from tabular.typing.reasons import Reason


def _test(text: pl.Expr) -> pl.Expr:
    return text.str.contains(r"^(?i:true|false)$")


def parse(text: pl.Expr) -> pl.Expr:
    return pl.when(_test(text)).then(text.str.to_lowercase() == "true")


def verdict(subject: Subject) -> Verdict:
    return Verdict("boolean", Reason.BOOLEAN, parse(subject.text))


KINDS = (Kind("boolean", "boolean", _test),)
