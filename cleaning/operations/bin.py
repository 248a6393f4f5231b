"""Bin numbers."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from cleaning.operations.categories import MOST_LEARNED, present
from cleaning.operations.code import each, literal
from cleaning.operations.fields import Names
from cleaning.operations.fill_missing import NUMBERS, NothingToLearn
from cleaning.operations.operation import Effect, Fitted, Operation, Outline, Said, assigned
from tabular.errors import TableError, gettext_noop

SENTENCES = {
    "width": gettext_noop("Sorts the numbers of %(columns)s into %(bins)s ranges of equal width."),
    "quantile": gettext_noop("Sorts the numbers of %(columns)s into %(bins)s ranges of about equally many rows."),
    "edges": gettext_noop("Sorts the numbers of %(columns)s into the ranges between %(edges)s."),
}
TEXT = pd.StringDtype(na_value=float("nan"))


class NoRanges(TableError):
    reason = "column_without_ranges"
    message = gettext_noop(
        "The column %(column)s can't be divided into ranges: they would reach from %(low)s to %(high)s."
    )


class RangesTooClose(TableError):
    reason = "ranges_too_close"
    message = gettext_noop(
        "The ranges of the column %(column)s are too narrow to be told apart by 15 digits near %(value)s; "
        "number them instead (labels: number)."
    )


class Bin(Operation):
    """Replaces numbers by the range they lie in: a text such as ``[0, 10)``, or its number, from 0.

    A range holds its lower edge and not its upper one; the last holds both. width: ranges of equal width between the
    smallest and the largest value; quantile: between quantiles (linear interpolation), where equal edges are one, so
    there may be fewer ranges; edges: between the given ones. A constant column has one range. Texts show edges with up
    to 15 digits. Missing cells stay missing. Learned (width, quantile): the edges; values outside of them later belong
    to the first or the last range. Values outside of given edges become missing. Integers are taken as decimals of 64
    bits.
    """

    operation: ClassVar = "bin"
    title: ClassVar = gettext_noop("Bin numbers")

    columns: Names
    method: Literal["width", "quantile", "edges"] = "width"
    bins: Annotated[int, Field(ge=2, le=1000, description="How many ranges, for width and quantile.")] = 5
    edges: Annotated[tuple[int | float, ...], Field(strict=False, min_length=2, max_length=1001)] | None = Field(
        None, description="For edges: the ranges' edges, ascending, the outer ones included."
    )
    labels: Literal["interval", "number"] = "interval"

    @model_validator(mode="after")
    def _edges_go_with_their_method(self) -> "Bin":
        if (self.method == "edges") != (self.edges is not None):
            raise ValueError("edges go with the method edges, and with no other")
        if self.edges is not None:
            if not all(_exact(edge) for edge in self.edges):
                raise ValueError("edges: each a finite number that 64 bits hold")
            if any(low >= high for low, high in pairwise(self.edges)):
                raise ValueError("edges: each above the one before")
            if self.labels == "interval" and _repeated(self._given):
                raise ValueError("edges: too close to be told apart by 15 digits; take the labels number")
        elif len(self.columns) * (self.bins + 1) > MOST_LEARNED:
            raise ValueError(f"columns × bins: at most {MOST_LEARNED}")
        return self

    @property
    def _given(self) -> list[float]:
        return [float(edge) for edge in self.edges or ()]

    def outline(self, before: Outline) -> Outline:
        before.require(self.columns, NUMBERS)
        return before.having(
            {
                name: "text" if self.labels == "interval" else "integer"
                for name in self.columns
                if before.dtype(name) is not None
            }
        )

    def writes(self, before: Outline) -> Sequence[str]:
        return self.columns

    def fit(self, frame: pd.DataFrame) -> Fitted:
        if self.method == "edges":
            return {}
        return {"edges": {name: self._learn(frame[name].astype("float64")) for name in self.columns}}

    def _learn(self, numbers: pd.Series) -> list[float]:
        name, low, high = str(numbers.name), numbers.min(), numbers.max()
        if not numbers.notna().any():
            raise NothingToLearn(column=name)
        if not math.isfinite(float(high) - float(low)):
            raise NoRanges(column=name, low=str(low), high=str(high))
        if self.method == "width":
            edges = np.linspace(low, high, self.bins + 1)
        else:
            edges = numbers.quantile(np.linspace(0, 1, self.bins + 1)).to_numpy()
        learned: list[float] = np.unique(edges).tolist()
        if self.labels == "interval" and (repeated := _repeated(learned)):
            raise RangesTooClose(column=name, value=repeated)
        return learned

    def apply(self, frame: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
        edges = dict.fromkeys(self.columns, self._given) if self.method == "edges" else fitted["edges"]
        return assigned(frame, {name: self._ranges(frame[name], edges[name]) for name in self.columns})

    def _ranges(self, cells: pd.Series, edges: Sequence[float]) -> Any:
        numbers = cells.astype("float64")
        within = numbers.between(edges[0], edges[-1]) if self.method == "edges" else numbers.notna()
        outside = ~within.to_numpy()
        places = np.searchsorted(edges[1:-1], numbers.to_numpy(), side="right")
        if self.labels == "number":
            return pd.arrays.IntegerArray(places.astype("int64"), outside)
        return pd.array(_labels(edges), dtype=TEXT).take(np.where(outside, -1, places), allow_fill=True)

    def snippet(self, before: Outline) -> str:
        known = [self._edges_code(""), *self._labels_code()] if self.method == "edges" else []

        def render(c: str) -> str:
            lines = [f'numbers = df[{c}].astype("float64")']
            if not known:
                lines += [self._edges_code("numbers"), *self._labels_code()]
            kept = "numbers.between(edges[0], edges[-1])" if known else "numbers.notna()"
            places, dtype = "np.digitize(numbers, edges[1:-1])", "Int64"
            if self.labels == "interval":
                places, dtype = f"np.take(labels, {places})", "str"
            return "\n".join([*lines, f'df[{c}] = pd.Series({places}, df.index, dtype="{dtype}").where({kept})'])

        return "\n".join([*known, each(self.columns, render)])

    def _edges_code(self, numbers: str) -> str:
        match self.method:
            case "edges":
                return f"edges = {literal(self._given)}"
            case "width":
                return f"edges = np.unique(np.linspace({numbers}.min(), {numbers}.max(), {self.bins + 1}))"
        return f"edges = np.unique({numbers}.quantile(np.linspace(0, 1, {self.bins + 1})))"

    def _labels_code(self) -> list[str]:
        if self.labels == "number":
            return []
        # A constant column has one edge only, which its range begins and ends with.
        ends = "edges[1:]" if self.method == "edges" else "edges[min(1, len(edges) - 1):]"
        return [
            f'labels = [f"[{{low:.15g}}, {{high:.15g}})" for low, high in zip(edges, {ends})]',
            'labels[-1] = labels[-1][:-1] + "]"',
        ]

    def describe(self) -> Said:
        facts: dict[str, Any] = {"columns": list(self.columns)}
        return Said(SENTENCES[self.method], facts | {"bins": self.bins, "edges": list(self.edges or ())})

    def estimate(self, profile: Mapping[str, Any]) -> Effect:
        # A number may be its own range's number.
        return Effect(cells=present(profile, self.columns) if self.labels == "interval" else None)


def _exact(edge: int | float) -> bool:
    try:
        return math.isfinite(edge) and float(edge) == edge
    except OverflowError:
        return False


def _shown(edge: float) -> str:
    return f"{edge:.15g}"


def _repeated(edges: Sequence[float]) -> str | None:
    """The first edge that reads like the one before it."""
    names = [_shown(edge) for edge in edges]
    return next((name for before, name in pairwise(names) if before == name), None)


def _labels(edges: Sequence[float]) -> list[str]:
    names = [_shown(edge) for edge in edges]
    pairs = list(pairwise(names)) or [(names[0], names[0])]
    *inner, (low, high) = pairs
    return [*(f"[{start}, {end})" for start, end in inner), f"[{low}, {high}]"]
