"""Numbers without missing cells, without tails that outweigh the rest."""

from collections.abc import Collection, Iterable, Sequence

from cleaning.planner.rules import why
from cleaning.planner.rules.draft import Draft
from cleaning.planner.rules.reading import Seen

FLAG = "_was_missing"
TELLING = 0.05  # share of missing cells from which on it may tell something that they are missing
TEN_TIMES = 10  # largest to smallest value from which on logarithms differ from the values in more than unit
FAR = 3.0  # interquartile ranges


def fill(draft: Draft, measured: Sequence[Seen], either: Sequence[Seen], telling: Collection[str]) -> list[str]:
    """``measured`` by the median, ``either`` (columns of two values) by the more frequent one. Of ``telling`` columns a
    flag keeps where cells were missing, if many were; gives the flags."""
    added = []
    ways = (
        ("median", measured, why.FILLED_MEDIAN, why.FILLED_MEDIAN_FLAGGED),
        ("mode", either, why.FILLED_MODE, why.FILLED_MODE_FLAGGED),
    )
    for strategy, columns, plainly, with_flag in ways:
        missing = [one for one in columns if one.missing]
        told = {one.name for one in missing if one.name in telling and _flagged(draft, one)}
        for flag, template in ((True, with_flag), (False, plainly)):
            filled = [one for one in missing if (one.name in told) == flag]
            if filled:
                names = [one.name for one in filled]
                draft.add("fill_missing", template, most_missing(filled), columns=names, strategy=strategy, flag=flag)
        added += [one.name + FLAG for one in missing if one.name in told]
    return added


def _flagged(draft: Draft, column: Seen) -> bool:
    return column.missing_share >= TELLING and draft.claim([column.name + FLAG])


def most_missing(columns: Iterable[Seen]) -> dict[str, float]:
    return {"percent": why.percent(max(one.missing_share for one in columns))}


def tame(draft: Draft, columns: Sequence[Seen], *, everywhere: bool) -> None:
    """Logarithms of long tails; other tails are cut far out. ``everywhere``: also where a column is not lopsided."""
    logged = [one.name for one in columns if _long_tailed(one)]
    if logged:
        draft.add("log_transform", why.LOGGED, columns=logged, method="log1p")
    lopsided = [one for one in columns if "outliers" in one.issues and (everywhere or "skewed" in one.issues)]
    clipped = [one.name for one in lopsided if one.name not in set(logged)]
    if clipped:
        draft.add("outliers", why.CLIPPED, columns=clipped, method="iqr", threshold=FAR, action="clip")


def _long_tailed(column: Seen) -> bool:
    if column.issues.get("skewed", {}).get("suggestion") != "log_transform" or column.distinct <= 2:
        return False
    return bool(column.low >= 0 and column.high >= TEN_TIMES * column.low)
