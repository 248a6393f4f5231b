"""Codes into words: every code that results may hold has its sentence here, filled with the facts beside it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from analysis.services.charts.canvas import clean, number
from core.api import fill

DTYPES = {
    "integer": _("whole number"), "decimal": _("number"), "boolean": _("yes or no"), "date": _("date"),
    "datetime": _("date and time"), "text": _("text"),
}  # fmt: skip
ROLES = {
    "date": _("date"), "store": _("store"), "category": _("category"), "measure": _("measure"), "id": _("identifier"),
}  # fmt: skip
SEVERITIES = {"high": _("serious"), "medium": _("worth a look"), "low": _("good to know")}
MEASURES = {
    "pearson": _("Pearson’s r"), "spearman": _("Spearman’s rho"), "cramers_v": _("Cramér’s V"),
    "eta": _("correlation ratio"),
}  # fmt: skip
PROBLEMS = {
    "binary_classification": _("classification into two classes"),
    "multiclass_classification": _("classification into several classes"),
    "regression": _("regression: predicting a number"),
    "none": _("nothing that can be predicted"),
}
PARTS = {
    "completeness": (_("Completeness"), _("%(bad)s of %(of)s cells are missing.")),
    "uniqueness": (_("Uniqueness"), _("%(bad)s of %(of)s rows repeat an earlier one.")),
    "consistency": (_("Consistency"), _("%(bad)s of %(of)s text cells are blank or spelt in several ways.")),
    "validity": (_("Validity"), _("%(bad)s of %(of)s numbers lie far outside the usual range.")),
    "variety": (_("Variety"), _("%(bad)s of %(of)s columns are empty or hold one value only.")),
}
STATISTICS = {
    "mean": _("mean"), "median": _("median"), "std": _("standard deviation"), "min": _("smallest"), "max": _("largest"),
    "q1": _("lower quartile"), "q3": _("upper quartile"), "p5": _("5th percentile"), "p95": _("95th percentile"),
    "mad": _("median absolute deviation"), "skewness": _("skewness"), "kurtosis": _("excess kurtosis"),
    "zeros": _("zeros"), "negative": _("negative"), "min_length": _("shortest"), "mean_length": _("mean length"),
    "max_length": _("longest"), "blank": _("blank"), "distinct_days": _("different days"),
    "usual_step_days": _("usual step in days"), "gap_count": _("gaps"),
}  # fmt: skip
PERSONAL = {
    "email": _("e-mail addresses"), "phone": _("telephone numbers"), "card": _("payment card numbers"),
    "my_number": _("individual numbers"),
}  # fmt: skip
METHODS = {"sum": _("sum"), "mean": _("mean"), "count": _("rows")}
GRAINS = {"daily": _("per day"), "weekly": _("per week"), "monthly": _("per month")}

ALERTS = {
    "records_kept_aside": _("%(rows)s records of the file could not be read and are not in this table."),
    "few_rows": _("There are only %(rows)s rows: most figures are uncertain."),
    "duplicate_rows": _("%(rows)s rows (%(share)s) repeat an earlier row."),
    "missing": _("%(cells)s cells (%(share)s) are missing."),
    "constant": _("There is one value only."),
    "id_like": _("Every value is different: this names rows, it does not describe them."),
    "suspicious_duplicates": _("Nearly every value is different, but %(repeated)s are repeated."),
    "skewed": _("The distribution is very lopsided (skewness %(skewness)s)."),
    "outliers": _("%(cells)s values (%(share)s) lie outside %(low)s to %(high)s."),
    "variants": _("%(cells)s cells are spelt in several ways, for example: %(examples)s."),
    "personal_data": _("%(distinct)s values look like %(kind)s."),
    "many_values": _("There are %(distinct)s different values: too many to compare one by one."),
    "say_the_same": _("These columns say nearly the same (%(measure)s %(value)s)."),
    "one_follows": _("One of these columns tells the other (%(measure)s %(value)s)."),
    "leakage": _("This column nearly gives the target away (%(measure)s %(value)s)."),
    "uneven_classes": _(
        "The rarest class, %(value)s, has %(share)s of the rows; the most frequent %(ratio)s times that."
    ),
    "target_empty": _("The target has no values."),
    "target_constant": _("The target has one value only: there is nothing to predict."),
    "target_is_date": _("The target is a date."),
    "target_is_id": _("The target is different in every row: it names rows, so it can’t be predicted."),
    "too_many_classes": _("The target has too many different values to be classes."),
}
SUGGESTIONS = {
    "read_ingest_report": _("Read the ingest report; it lists them with their line numbers."),
    "collect_more": _("Collect more rows before you decide anything by them."),
    "drop_duplicates": _("Find out where they come from; drop them if they are no separate events."),
    "impute": _("Find out why they are missing; fill them in, or leave those rows out."),
    "drop_column": _("Leave this column out."),
    "exclude_from_analysis": _("Keep it to join tables by; leave it out of analyses."),
    "check_duplicates": _("Check the repeated ones: are they the same thing twice?"),
    "log_transform": _("Compare medians rather than means, or take logarithms."),
    "transform": _("Compare medians rather than means."),
    "review_outliers": _("Look at them one by one: typing errors, or real and important?"),
    "normalise_text": _("Choose one spelling for each."),
    "mask_or_drop": _("Mask or drop them before you share this table."),
    "group_rare_values": _("Group the rare ones."),
    "keep_one": _("Keep one of them."),
    "keep_finer": _("Keep the finer one for models, the coarser one for overviews."),
    "leave_out": _("Leave it out if it is known only after the target is."),
    "weight_classes": _("Weight the classes, and do not judge a model by its accuracy alone."),
    "choose_target": _("Choose another target."),
}
FINDINGS = {
    "size": _("The table has %(rows)s rows and %(columns)s columns."),
    "sampled": _("The figures are of %(rows)s rows, drawn at random from %(of)s; totals over time are of all rows."),
    "complete": _("No cell is missing."),
    "most_missing": _("%(columns)s columns miss values; most of all %(column)s: %(rate)s."),
    "repeated": _("%(rows)s rows (%(share)s) repeat an earlier one."),
    "trend_increasing": _("%(column)s rose from %(start)s to %(end)s."),
    "trend_decreasing": _("%(column)s fell from %(start)s to %(end)s."),
    "trend_flat": _("%(column)s stayed about level from %(start)s to %(end)s."),
    "trend_rows_increasing": _("Rows became more frequent from %(start)s to %(end)s."),
    "trend_rows_decreasing": _("Rows became rarer from %(start)s to %(end)s."),
    "trend_rows_flat": _("Rows were about equally frequent from %(start)s to %(end)s."),
    "event": _("%(column)s stands out in the period ending on %(when)s: %(value)s."),
    "target_related": _("What relates most to %(target)s is %(column)s (%(measure)s %(value)s)."),
    "strongest_pair": _("%(a)s and %(b)s go together most closely (%(measure)s %(value)s)."),
    "strongest_opposed": _("%(a)s and %(b)s move most clearly against each other (%(measure)s %(value)s)."),
    "leading_value": _("%(share)s of %(column)s is %(value)s."),
    "skewed": _("A few large values pull the mean of %(column)s (%(mean)s) away from its median (%(median)s)."),
}
SHARES = {"share", "rate"}


def percent(value: float | None) -> str:
    return "–" if value is None else f"{value * 100:.1f} %"


def shown(name: str, value: Any) -> Any:
    """A fact as people read it."""
    if name == "kind":
        return str(PERSONAL.get(value, value))
    if name == "measure":
        return str(MEASURES.get(value, value))
    if name in SHARES:
        return percent(value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, list):
        return [clean(" / ".join(map(str, one)) if isinstance(one, list) else str(one)) for one in value]
    return clean(str(value))


def sentence(template: Any, facts: Mapping[str, Any]) -> str:
    return fill(template, {name: shown(name, value) for name, value in facts.items()})
