"""Merge spellings of one category."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from inspect import getsource
from typing import Annotated, Any, ClassVar

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from cleaning.operations.categories import MOST_LEARNED, TooManyCategories
from cleaning.operations.code import each, literal
from cleaning.operations.conversion import mapped, text_cells
from cleaning.operations.fields import Names
from cleaning.operations.operation import Effect, Fitted, Operation, Outline, Said, assigned
from tabular.errors import gettext_noop

Spelling = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
SENTENCES = {
    "given": gettext_noop("Merges the given spellings in %(columns)s into %(into)s."),
    "learned": gettext_noop("Merges spellings in %(columns)s that differ in case, width, punctuation or word order."),
}


class Group(BaseModel):
    """Every cell that is one of ``values``, to the letter, becomes ``into``."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    into: Spelling
    values: Annotated[tuple[Spelling, ...], Field(min_length=1, max_length=10_000, strict=False)]


Groups = Annotated[tuple[Group, ...], Field(min_length=1, max_length=10_000, strict=False)]


class MergeCategories(Operation):
    """Gives all spellings of one category the same spelling.

    With ``groups`` exactly the listed values change. Without, spellings with the same fingerprint become the most
    frequent of them, or the first in order of rows among equally frequent ones. Learned: the spelling of each
    fingerprint; a spelling not seen before becomes the known one of its fingerprint, and stays when there is none.

    The fingerprint is the text after NFKC and case folding, with ㈱ as 株式会社, a hyphen after katakana as the long
    vowel ー, no ー at the end of a katakana word of four or more (サーバー is サーバ), no spaces beside Japanese
    characters, no punctuation, its words sorted and each once. So "Aoki, Taro" is "taro aoki" and "A-1" is "A1".
    Signs with a meaning stay: symbols (+, <, $ …), #, %, * and a hyphen at one end of a word, so that "A-", "A+" and
    "A" differ, as "C#" and "C" do. The fingerprint ends with the text's numbers in their order: "1-10" is neither
    "11-0" nor "10-1", and "1.5" is neither "15" nor "1-5".
    """

    operation: ClassVar = "merge_categories"
    title: ClassVar = gettext_noop("Merge categories")
    imports: ClassVar = ("import re", "import unicodedata", "from collections import Counter")

    columns: Names
    groups: Groups | None = Field(default=None, description="Spellings to merge; null finds near-duplicates by itself.")

    @model_validator(mode="after")
    def _each_value_once(self) -> "MergeCategories":
        known: dict[str, str] = {}
        for group in self.groups or ():
            for value in dict.fromkeys((*group.values, group.into)):
                if known.setdefault(value, group.into) != group.into:
                    raise ValueError(f"{value[:100]!r} is in two groups")
        return self

    @property
    def _given(self) -> dict[str, str] | None:
        if self.groups is None:
            return None
        return {value: group.into for group in self.groups for value in group.values if value != group.into}

    def outline(self, before: Outline) -> Outline:
        before.require(self.columns, ("text",))
        return before

    def writes(self, before: Outline) -> Sequence[str]:
        return self.columns

    def fit(self, frame: pd.DataFrame) -> Fitted:
        if self.groups is not None:
            return {}
        spellings, count = {}, 0
        for name in self.columns:
            spellings[name] = _learned(text_cells(frame, name))
            count += len(spellings[name])
            if count > MOST_LEARNED:
                raise TooManyCategories(column=name, categories=count, limit=MOST_LEARNED)
        return {"spellings": spellings}

    def apply(self, frame: pd.DataFrame, fitted: Fitted) -> pd.DataFrame:
        return assigned(frame, {name: self._merged(text_cells(frame, name), fitted) for name in self.columns})

    def _merged(self, cells: pd.Series, fitted: Fitted) -> pd.Series:
        if (given := self._given) is not None:
            return mapped(cells, lambda text: given.get(text, text), "str")
        known = fitted["spellings"][cells.name]
        return mapped(cells, lambda text: known.get(fingerprint(text), text), "str")

    def snippet(self, before: Outline) -> str:
        if (given := self._given) is not None:
            replaced = each(self.columns, lambda c: f"df[{c}] = df[{c}].replace(spellings)")
            return f"spellings = {literal(given)}\n{replaced}"

        def render(c: str) -> str:
            return (
                "spellings = {}\n"
                f"for spelling, _count in Counter(df[{c}].dropna()).most_common():\n"
                "    spellings.setdefault(fingerprint(spelling), spelling)\n"
                f"known = {{text: spellings[fingerprint(text)] for text in df[{c}].dropna().unique()}}\n"
                f"df[{c}] = df[{c}].map(known)"
            )

        return f"{_FINGERPRINT}\n{each(self.columns, render)}"

    def describe(self) -> Said:
        facts: dict[str, Any] = {"columns": list(self.columns)}
        if self.groups is None:
            return Said(SENTENCES["learned"], facts)
        return Said(SENTENCES["given"], facts | {"into": [group.into for group in self.groups]})

    def estimate(self, profile: Mapping[str, Any]) -> Effect:
        return Effect(cells=None)


def fingerprint(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    digits = re.findall(r"\d+(?:\.\d+)*", plain)
    plain = re.sub(r"\(株\)", "株式会社", re.sub(r"\(有\)", "有限会社", plain))
    plain = re.sub(r"(?<=[ァ-ヺー])[-‐‑‒–—―−~〜]", "ー", plain)
    plain = re.sub(r"([ァ-ヺー]{2,}[ァ-ヺ])ー+(?![ァ-ヺー])", r"\1", plain)
    japanese = r"[々ぁ-ゖァ-ヺー一-鿿]"
    plain = re.sub(rf"(?<={japanese})\s+|\s+(?={japanese})", "", plain)
    plain = re.sub(r"[‐‑‒–—―−]", "-", plain)
    plain = re.sub(r"(?<=\w)-(?=\w)|(?<!\w)-(?!\w)", "", plain)
    kept = [char for char in plain if char in "-#%*" or char.isspace() or unicodedata.category(char)[0] not in "PC"]
    words = " ".join(sorted(set("".join(kept).split())))
    return "\n".join([words, *digits]) if words else text


_FINGERPRINT = getsource(fingerprint)


def _learned(cells: pd.Series) -> dict[str, str]:
    """Fingerprint → the spelling to write."""
    codes, values = pd.factorize(cells)  # in order of appearance
    counts = np.bincount(codes[codes >= 0], minlength=len(values))
    spellings: dict[str, str] = {}
    for place in np.argsort(-counts, kind="stable"):
        spellings.setdefault(fingerprint(values[place]), values[place])
    return spellings
