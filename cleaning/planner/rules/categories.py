"""Categories become numbers: a column of 0 and 1 for each of a few values, one number for each of many."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cleaning.operations.normalise_text import NormaliseText
from cleaning.planner.rules import why
from cleaning.planner.rules.draft import Draft
from cleaning.planner.rules.numbers import most_missing
from cleaning.planner.rules.reading import Seen

FEW = 20  # categories that get a column each; the profile lists as many
SOME = 100  # categories of which the rare ones are grouped first
SHARES = (0.01, 0.02, 0.05)  # what rare means; at most twenty values hold 5 % or more, and the profile lists those
CLEARLY = 1.5  # times that limit: how frequent one value has to be at least
OTHER = "Other"
MISSING = "(missing)"
MISSING_COLUMN = "missing"  # as one_hot calls it
LONGEST_VALUE = 300  # as the end of a column's name
LEARNED_AT_ONCE = 100_000  # values that one step may remember

# How the profile compares spellings.
WAYS: dict[str, Any] = {"trim": True, "spaces": True, "width": True, "case": "lower"}


@dataclass(frozen=True, slots=True)
class Category:
    """A column of text as it is once its spellings are one. ``counts`` is None where the profile can't say;
    ``blank``: cells may have become missing by that."""

    seen: Seen
    counts: dict[str, int] | None
    blank: bool

    @classmethod
    def of(cls, seen: Seen) -> "Category":
        if "variants" not in seen.issues:
            return cls(seen, dict(seen.counts), blank=False)
        if not seen.complete:
            return cls(seen, None, blank=True)
        merged: Counter[str] = Counter()
        for text, count in seen.counts.items():
            merged[_normal(seen.name, text) or MISSING] += count
        blank = MISSING in merged
        if blank:
            merged[MISSING] += seen.missing
        return cls(seen, dict(merged), blank)

    @property
    def name(self) -> str:
        return self.seen.name

    @property
    def total(self) -> int:
        """Cells that hold a value."""
        return sum((self.counts or {}).values()) if self.seen.complete else self.seen.present

    @property
    def distinct(self) -> int:
        return len(self.counts) if self.counts is not None and self.seen.complete else self.seen.distinct

    @property
    def rare(self) -> float | None:
        """The share below which values are grouped so that few are left; None where that is not possible or needed."""
        if self.counts is None or not FEW < self.distinct <= SOME:
            return None
        shares = sorted(count / self.total for count in self.counts.values())
        limit = next((share for share in SHARES if shares[0] < share), None)
        return limit if limit is not None and shares[-1] >= CLEARLY * limit else None

    @property
    def values(self) -> list[str] | None:
        """Those that get a column each; None where they are too many."""
        if self.counts is None or (self.distinct > FEW and self.rare is None):
            return None
        if self.rare is None:
            return list(self.counts)
        often = {text for text, count in self.counts.items() if count / self.total >= self.rare}
        return sorted(often | {OTHER})

    @property
    def even(self) -> bool:
        """Every value is as frequent as any other, so their frequencies tell nothing."""
        if self.counts is None:
            return False
        sizes = {*self.counts.values(), *([self.seen.missing] if self.seen.missing and not self.blank else [])}
        return len(sizes) == 1 and max(sizes) * self.distinct == self.total


def _normal(name: str, text: str) -> str | None:
    return NormaliseText.model_validate({"columns": [name], **WAYS}).normal(text)


def encode(draft: Draft, columns: Sequence[Seen]) -> list[str]:
    """Gives the columns that were numbered 0, 1, 2 …; all others are between 0 and 1 then."""
    categories = [Category.of(one) for one in columns]
    varied = [one.name for one in columns if "variants" in one.issues]
    if varied:
        draft.add("normalise_text", why.NORMALISED, columns=varied, **WAYS)
    roomy = sorted(categories, key=lambda one: one.distinct)  # the room for new columns goes to the smallest first
    spread = {one.name for one in roomy if _claimed(draft, one)}
    few = [one for one in categories if one.name in spread]
    many = [one for one in categories if one.name not in spread]
    _fill(draft, [one for one in categories if one.blank or (one.seen.missing and one.name not in spread)])
    _group(draft, few)
    _one_hot(draft, few)
    return _count(draft, many)


def _claimed(draft: Draft, category: Category) -> bool:
    values = category.values
    if values is None:
        return False
    flag = [MISSING_COLUMN] if category.seen.missing and not category.blank else []
    names = [f"{category.name}_{value}" for value in [*values, *flag]]
    return max(map(len, values)) <= LONGEST_VALUE and draft.claim(names, instead_of=category.name)


def _fill(draft: Draft, categories: Sequence[Category]) -> None:
    missing = [one.seen for one in categories if one.seen.missing]
    blank = [one.name for one in categories if not one.seen.missing]
    for names, template, facts in (
        ([one.name for one in missing], why.FILLED_TEXT, most_missing(missing) if missing else {}),
        (blank, why.FILLED_BLANK, {}),
    ):
        if names:
            draft.add("fill_missing", template, facts, columns=names, strategy="constant", value=MISSING)


def _group(draft: Draft, categories: Sequence[Category]) -> None:
    for share in SHARES:
        names = [one.name for one in categories if one.rare == share]
        if names:
            facts = {"percent": why.percent(share)}
            draft.add("group_rare", why.GROUPED, facts, columns=names, min_share=share, label=OTHER)


def _one_hot(draft: Draft, categories: Sequence[Category]) -> None:
    alike: dict[tuple[bool, bool], list[str]] = defaultdict(list)
    for one in categories:
        alike[len(one.values or ()) == 2, bool(one.seen.missing) and not one.blank].append(one.name)
    for (two, missing), names in sorted(alike.items(), reverse=True):
        template = why.ONE_OF_TWO if two else why.ONE_HOT
        draft.add("one_hot", template, columns=names, drop_first=two, missing=missing)


def _count(draft: Draft, categories: Sequence[Category]) -> list[str]:
    for batch in _batches([one for one in categories if not one.even]):
        draft.add("frequency_encode", why.COUNTED, columns=batch)
    even = [one for one in categories if one.even]
    for batch in _batches(even):
        draft.add("ordinal_encode", why.NUMBERED, columns=batch)
    return [one.name for one in even]


def _batches(categories: Sequence[Category]) -> Iterator[list[str]]:
    """Names, so many that one step can remember all their values."""
    batch: list[str] = []
    size = 0
    for one in categories:
        values = one.seen.distinct + 1
        if batch and size + values > LEARNED_AT_ONCE:
            yield batch
            batch, size = [], 0
        batch.append(one.name)
        size += values
    if batch:
        yield batch
