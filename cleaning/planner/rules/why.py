"""The reasons of the rules, as sentences that the web layer translates."""

from tabular.errors import gettext_noop

DUPLICATES = gettext_noop(
    "%(rows)s rows repeat an earlier one in every column, more than chance would explain; the same record must not "
    "count twice, nor stand on both sides of a test."
)
TARGET_MISSING = gettext_noop(
    "%(rows)s rows have no value of %(target)s, which is to be predicted: there is nothing to learn from them, and a "
    "filled-in answer would be an invented one."
)
BECAME_CONSTANT = gettext_noop(
    "The steps before may have left columns in which all remaining rows have the same value; these tell no rows apart."
)

# Why a column goes, by the rule that says so.
DROPPED = {
    "no_values": gettext_noop("No cell of %(columns)s holds a value."),
    "named_after_target": gettext_noop(
        "By the name it says the same as %(target)s in another form (%(columns)s); a model would copy the answer."
    ),
    "same_as_target": gettext_noop(
        "The values of %(columns)s are distributed exactly as those of %(target)s, so they are most likely the same in "
        "another form; a model would copy the answer from there."
    ),
    "personal_data": gettext_noop(
        "There seems to be personal data in %(columns)s (%(kinds)s), which a model neither needs nor should remember."
    ),
    "constant": gettext_noop("All values of %(columns)s are the same, spelling aside, and tell no two rows apart."),
    "mostly_missing": gettext_noop(
        "More than half of the cells of %(columns)s are missing (up to %(percent)s %%); what was filled in would "
        "outweigh what was observed."
    ),
    "unmeasurable": gettext_noop(
        "The numbers in %(columns)s are too long, too large or too close together to compute with them exactly; such "
        "numbers name things rather than measure them."
    ),
    "identifier": gettext_noop(
        "The values of %(columns)s name things rather than describe them; a model would learn the names by heart."
    ),
    "free_text": gettext_noop(
        "Most texts in %(columns)s occur only once or are too many, so that nothing general can be learned from them."
    ),
    "date_without_parts": gettext_noop(
        "The dates in %(columns)s have no part that varies for certain, or the table holds their parts already."
    ),
}

NORMALISED = gettext_noop(
    "Some values of %(columns)s differ only in case, width or spaces, and would count as different ones."
)
SPLIT = gettext_noop("A model can't compute with dates; these are the parts in which %(columns)s vary.")
ROUND = gettext_noop(
    "The values of %(columns)s go round: after the last comes the first, so each becomes a column of 0 and 1."
)
FILLED_MEDIAN = gettext_noop(
    "Up to %(percent)s %% of the cells of %(columns)s are missing; the median is not moved by outliers."
)
FILLED_MEDIAN_FLAGGED = gettext_noop(
    "Up to %(percent)s %% of the cells of %(columns)s are missing; the median is not moved by outliers, and the added "
    "columns keep what it may tell that a value is missing."
)
FILLED_MODE = gettext_noop(
    "Up to %(percent)s %% of the cells of %(columns)s are missing; of two possible values the more frequent one is the "
    "better guess."
)
FILLED_MODE_FLAGGED = gettext_noop(
    "Up to %(percent)s %% of the cells of %(columns)s are missing; of two possible values the more frequent one is the "
    "better guess, and the added columns keep what it may tell that a value is missing."
)
FILLED_TEXT = gettext_noop(
    "Up to %(percent)s %% of the cells of %(columns)s are missing; missing becomes a category of its own."
)
FILLED_BLANK = gettext_noop("Blank text in %(columns)s is no value; missing becomes a category of its own.")
CLIPPED = gettext_noop(
    "A few values of %(columns)s lie so far out (beyond three interquartile ranges) that they would outweigh others."
)
LOGGED = gettext_noop(
    "The values of %(columns)s are never negative and have a long tail of large ones; their logarithms are spread more "
    "evenly."
)
GROUPED = gettext_noop(
    "There are many values in %(columns)s; those with less than %(percent)s %% of the cells are too rare to learn from."
)
ONE_OF_TWO = gettext_noop("Where there are only two values, one column of 0 and 1 says it all.")
ONE_HOT = gettext_noop("There are few values, and they have no order, so each becomes a column of 0 and 1.")
COUNTED = gettext_noop("There are too many values for a column each; how frequent a value is can be computed with.")
NUMBERED = gettext_noop(
    "There are too many values for a column each, all about equally frequent, so they are only numbered."
)
SCALED = gettext_noop("So that each column counts alike, whatever its unit.")
AS_NUMBERS = gettext_noop("Models compute with numbers: true becomes 1 and false 0.")


def percent(share: float) -> float:
    """With one digit; never 0 for what is more."""
    return max(0.1, round(100 * share, 1)) if share else 0.0
