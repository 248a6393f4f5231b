"""The closed registry of operations: a new one is one new file and one line here."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from cleaning.operations.bin import Bin
from cleaning.operations.cast import Cast
from cleaning.operations.drop_columns import DropColumns
from cleaning.operations.drop_duplicates import DropDuplicates
from cleaning.operations.drop_missing_rows import DropMissingRows
from cleaning.operations.drop_uninformative import DropUninformative
from cleaning.operations.fill_missing import FillMissing
from cleaning.operations.frequency_encode import FrequencyEncode
from cleaning.operations.group_rare import GroupRare
from cleaning.operations.log_transform import LogTransform
from cleaning.operations.merge_categories import MergeCategories
from cleaning.operations.normalise_text import NormaliseText
from cleaning.operations.one_hot import OneHot
from cleaning.operations.operation import Effect, Fitted, Operation, Outline, Said
from cleaning.operations.ordinal_encode import OrdinalEncode
from cleaning.operations.outliers import Outliers
from cleaning.operations.parse_dates import ParseDates
from cleaning.operations.rename_columns import RenameColumns
from cleaning.operations.replace_values import ReplaceValues
from cleaning.operations.scale import Scale
from cleaning.operations.split_date import SplitDate
from cleaning.operations.split_rows import SplitRows
from tabular.errors import TableError, gettext_noop

OPERATIONS: dict[str, type[Operation]] = {
    one.operation: one
    for one in (
        Bin,
        Cast,
        DropColumns,
        DropDuplicates,
        DropMissingRows,
        DropUninformative,
        FillMissing,
        FrequencyEncode,
        GroupRare,
        LogTransform,
        MergeCategories,
        NormaliseText,
        OneHot,
        OrdinalEncode,
        Outliers,
        ParseDates,
        RenameColumns,
        ReplaceValues,
        Scale,
        SplitDate,
        SplitRows,
    )
}

__all__ = ["OPERATIONS", "Effect", "Fitted", "InvalidStep", "Operation", "Outline", "Said", "UnknownOperation", "parse"]


class UnknownOperation(TableError):
    reason = "unknown_operation"
    message = gettext_noop("There is no operation %(operation)s. There are: %(operations)s.")


class InvalidStep(TableError):
    reason = "invalid_step"
    message = gettext_noop("The parameters of %(operation)s are not valid: %(problems)s")


def parse(operation: Any, params: Any) -> Operation:
    """The operation of this name with these parameters. Raises ``UnknownOperation`` or ``InvalidStep``."""
    found = OPERATIONS.get(operation) if isinstance(operation, str) else None
    if found is None:
        raise UnknownOperation(operation=str(operation)[:100], operations=sorted(OPERATIONS))
    if not isinstance(params, Mapping):
        raise InvalidStep(operation=operation, problems=["params: an object is needed"], fields={})
    try:
        return found.model_validate(dict(params))
    except ValidationError as error:
        fields = {_place(one["loc"]): _problem(one["msg"]) for one in error.errors(include_url=False)}
        problems = [f"{place}: {problem}" if place else problem for place, problem in list(fields.items())[:10]]
        raise InvalidStep(operation=operation, problems=problems, fields=fields) from error


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part)[:100] for part in location)


def _problem(said: str) -> str:
    """The validator's words, for somebody who writes JSON."""
    return (
        said.removeprefix("Value error, ").replace("Tuple should", "List should").replace(" after validation", "")[:300]
    )
