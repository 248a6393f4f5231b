"""The rules: each on a profile made for it, all of them on tables of every shape through the engine."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaning.engine.running import Step, check
from cleaning.operations.operation import ColumnMissing
from cleaning.planner.rules import propose
from tests.cleaning.operations.checking import NAMES, VALUES, frame, tables
from tests.cleaning.planner.planned import assert_ready, assert_untouched, carried_out, planned
from tests.cleaning.snippets import cells

# --- tables of every shape --------------------------------------------------------------------------------------------

START = datetime(2023, 12, 30, 22)
ODD_NAMES = [*NAMES, "a_was_missing", "a_year", "a_", "a_v1", "b c_missing", "y", "y_code", "id", "顧客ID"]


def _integers(random, rows, distinct):
    return random.integers(0, distinct, rows).tolist()


def _numbered(random, rows, distinct):
    return [f"v{one}" for one in _integers(random, rows, distinct)]


SHAPES = {
    "small": ("integer", lambda random, rows: random.integers(0, 4, rows)),
    "either": ("integer", lambda random, rows: random.integers(0, 2, rows)),
    "counter": ("integer", lambda random, rows: random.permutation(rows) + 1),
    "huge": ("integer", lambda random, rows: random.integers(2**60, 2**62, rows)),
    "close": ("integer", lambda random, rows: 2**53 - random.integers(0, 2, rows)),
    "normal": ("decimal", lambda random, rows: random.normal(50, 10, rows)),
    "tail": ("decimal", lambda random, rows: np.exp(random.normal(0, 3, rows))),
    "tails": ("decimal", lambda random, rows: random.standard_t(1, rows)),
    "lopsided": ("decimal", lambda random, rows: np.where(random.random(rows) < 0.05, 1e15 + 2, 1e15)),
    "enormous": ("decimal", lambda random, rows: random.choice([-1e308, 1e308, 1e-308], rows)),
    "truth": ("boolean", lambda random, rows: random.random(rows) < 0.3),
    "two": ("text", lambda random, rows: _numbered(random, rows, 2)),
    "few": ("text", lambda random, rows: _numbered(random, rows, 6)),
    "some": ("text", lambda random, rows: [f"v{int(one)}" for one in random.exponential(8, rows)]),
    "many": ("text", lambda random, rows: [f"v{int(one)}" for one in random.exponential(60, rows)]),
    "even": ("text", lambda random, rows: [f"v{one % 30}" for one in range(rows)]),
    "long": ("text", lambda random, rows: [f"{one}" * 600 for one in random.integers(1, 4, rows)]),
    "spelled": ("text", lambda random, rows: random.choice(["Ａ", "a", "a ", "b", "", " ", "\t"], rows)),
    "spelled more": ("text", lambda random, rows: [f"{' ' * (n % 2)}v{n // 3}" for n in random.integers(0, 99, rows)]),
    "blank": ("text", lambda random, rows: random.choice(["", " "], rows)),
    "unique": ("text", lambda random, rows: [f"name {one}" for one in range(rows)]),
    "mail": ("text", lambda random, rows: [f"p{one % 5}@example.com" for one in range(rows)]),
    "days": ("date", lambda random, rows: [START.date() + timedelta(int(n)) for n in random.integers(0, 40, rows)]),
    "yearly": ("date", lambda random, rows: [datetime(1990 + int(n), 3, 1) for n in random.integers(0, 9, rows)]),
    "hours": ("datetime", lambda random, rows: [START + timedelta(hours=int(n)) for n in random.integers(0, 3, rows)]),
    "times": ("datetime", lambda random, rows: [START + timedelta(0, 3600 * n) for n in _integers(random, rows, 999)]),
    "noon": ("datetime", lambda random, rows: [START + timedelta(n // 4, n % 4) for n in _integers(random, rows, 99)]),
    "seconds": ("datetime", lambda random, rows: [START + timedelta(seconds=int(n)) for n in range(rows)]),
    "same": ("text", lambda random, rows: ["x"] * rows),
}  # fmt: skip


@st.composite
def shaped(draw):
    """A table of columns of chosen shapes, with cells missing here and there and some rows twice."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    rows = draw(st.sampled_from([1, 2, 3, 8, 25, 120, 400]))
    shapes = draw(st.lists(st.sampled_from(sorted(SHAPES)), min_size=1, max_size=7))
    names = draw(st.permutations(ODD_NAMES))
    columns = {}
    for name, shape in zip(names, shapes, strict=False):
        dtype, make = SHAPES[shape]
        gone = random.random(rows) < draw(st.sampled_from([0, 0, 0.1, 0.6, 1]))
        values = np.array(make(random, rows), dtype=object)
        columns[name] = (dtype, [None if missing else value for value, missing in zip(values, gone, strict=True)])
    table, dtypes = frame(**columns)
    if draw(st.booleans()) and rows > 2:
        table = table.iloc[[*range(rows), 0, 1]].reset_index(drop=True)
    return table, dtypes


@settings(max_examples=60)
@given(shaped(), st.sampled_from(["classification", "regression"]), st.data())
def test_any_table_becomes_ready_and_keeps_its_target(given_table, task, data):
    table, dtypes = given_table
    target = data.draw(st.sampled_from(list(dtypes)))
    plan, ran = planned(table, dtypes, task, target)
    assert_untouched(table, ran, target)
    assert_ready(ran, target)
    if table[target].notna().any() and "drop_duplicates" not in called(plan):
        assert len(ran.frame) == table[target].notna().sum()


@settings(max_examples=30)
@given(shaped(), st.data())
def test_no_feature_is_computed_from_the_target(given_table, data):
    """The same steps over the same table with the target's values in another order make the same features."""
    table, dtypes = given_table
    target = data.draw(st.sampled_from(list(dtypes)))
    plan, ran = planned(table, dtypes, "classification", target)
    if "drop_duplicates" in called(plan):  # equal rows are equal in the target too
        return
    known = table[target].notna()
    mixed = table.copy()
    mixed.loc[known, target] = table.loc[known, target].to_numpy()[::-1]
    again = carried_out(plan, mixed, dtypes)
    assert cells(again.frame.drop(columns=target)) == cells(ran.frame.drop(columns=target))


@settings(max_examples=40)
@given(shaped())
def test_any_table_is_ready_to_be_clustered(given_table):
    table, dtypes = given_table
    _plan, ran = planned(table, dtypes, "clustering", None)
    if len(ran.frame.columns) > 1:  # of a table that tells nothing one column is left
        assert_ready(ran, None)


@settings(max_examples=30)
@given(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=3).flatmap(tables), st.data())
def test_cells_of_every_kind(given_table, data):
    table, dtypes = given_table
    target = data.draw(st.sampled_from(list(dtypes)))
    _plan, ran = planned(table, dtypes, "classification", target)
    assert_untouched(table, ran, target)
    assert_ready(ran, target)


# --- each rule on a profile made for it -------------------------------------------------------------------------------

ROWS = 1000


def called(plan):
    return [step.operation.operation for step in plan]


def column(name, dtype="decimal", missing=0, distinct=500, issues=(), role=None, **statistics):
    """A column of a profile; numbers lie around 10 unless told."""
    around = {"mean": 10.3, "median": 10.0, "std": 2.5, "min": 1.0, "max": 19.0, "q1": 8.0, "q3": 12.0}
    found = (around if dtype in ("integer", "decimal") else {}) | statistics
    made = [one if isinstance(one, dict) else issue(one) for one in issues]
    counts = {"missing_count": missing, "missing_rate": missing / ROWS, "unique_count": distinct}
    return {"name": name, "dtype": dtype, "role": role, **counts, "statistics": found, "issues": made}


def issue(reason, suggestion="", **details):
    return {"reason": reason, "severity": "medium", "details": details, "suggestion": suggestion}


def words(name, counts, **options):
    """A column of text with these values; ``distinct`` may tell that there are more than those listed."""
    missing = options.pop("missing", ROWS - sum(counts.values()))
    distinct = options.pop("distinct", len(counts))
    return column(name, "text", missing, distinct, value_counts=counts, **options)


def days(name, low, high, distinct, step=1, gaps=(), dtype="date", **options):
    found = {"min": low, "max": high, "distinct_days": distinct, "usual_step_days": step, "gaps": list(gaps)}
    return column(name, dtype, distinct=options.pop("distinct_values", distinct), **found, **options)


TARGET = words("y", {"yes": 610, "no": 390})
PLAIN = column("plain")


def steps(*columns, target="y", task="classification", issues=()):
    """What the rules make of a table of these columns, ``plain`` and the target: ``(operation, params, why)``."""
    facts = {"rows": ROWS, "columns": [*columns, PLAIN, TARGET], "issues": list(issues)}
    plan = propose(facts, task, target)
    order = [Step(place, one.operation) for place, one in enumerate(plan, start=1)]
    check(order, {one["name"]: one["dtype"] for one in facts["columns"]})
    return [(one.operation.operation, one.operation.params(), one.why.template % one.why.facts) for one in plan]


def step(found, operation, columns=None):
    """The one step of this kind (with these columns): its parameters and its reason."""
    same = [one for one in found if one[0] == operation and columns in (None, one[1].get("columns"))]
    assert len(same) == 1, found
    return same[0][1:]


def operations(found):
    return [operation for operation, _params, _why in found]


def test_a_plain_number_is_only_scaled():
    assert steps() == [
        (
            "scale",
            {"columns": ["plain"], "method": "standard"},
            "So that each column counts alike, whatever its unit.",
        )
    ]


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (column("c", missing=1000, distinct=0, mean=None, std=None, min=None, max=None), "No cell of ['c']"),
        (words("c", {"x": 1000}, issues=["constant"]), "All values of ['c'] are the same"),
        (column("c", missing=501), "(up to 50.1 %)"),
        (words("c", {"p1@b.jp": 1000}, distinct=900, issues=[issue("personal_data", kind="email")]), "['email']"),
        (column("c", "integer", distinct=1000, issues=["id_like"], min=1, max=1000), "name things"),
        (column("c", "integer", distinct=800, role="id"), "name things"),
        (words("c", {"A-1": 2, "A-2": 2}, distinct=500, missing=0, role="id"), "name things"),
        (words("c", {"a long tale": 1}, distinct=990, missing=0), "occur only once"),
        (column("c", "integer", max=2**53 + 1, std=1e15), "too long, too large or too close"),
        (column("c", max=1e300), "too long, too large or too close"),
        (column("c", std=None), "too long, too large or too close"),
        (column("c", min=1e15, max=1e15 + 2, std=0.5), "too long, too large or too close"),
        (column("y_code", "integer"), "the same as y in another form (['y_code'])"),
        (column("is Y", "boolean", distinct=2), "the same as y in another form (['is Y'])"),
        (days("c", "2024-01-01T10:05:00", "2024-01-01T10:06:00", 1, dtype="datetime", distinct_values=30), "no part"),
    ],
)  # fmt: skip
def test_useless_columns_go_and_the_reason_is_given(made, why):
    found = steps(made)
    params, said = step(found, "drop_columns")
    assert params == {"columns": [made["name"]]}
    assert why in said
    assert step(found, "scale")[0]["columns"] == ["plain"]


def test_useful_columns_that_look_a_little_like_useless_ones_stay():
    """Half missing, all different without counting up, codes that come back, as many texts as half the rows."""
    made = [
        column("half", missing=500),
        column("population", "integer", distinct=1000, issues=["id_like"], min=12_000, max=9_700_000, std=1e6),
        words("class code", {"A": 400, "B": 350, "C": 250}, role="id"),
        words("places", {"Kyoto": 20, "Nara": 10}, distinct=500, missing=0),
        column("windy", "integer", max=2**53, std=1e15),
        column("by y", "integer"),
        column("ye", "integer"),
    ]
    assert "drop_columns" not in operations(steps(*made))


def test_columns_that_go_for_the_same_reason_go_together():
    made = [column("a", missing=600), column("b", missing=700), words("c", {"x": 1000})]
    found = [(params["columns"], why) for operation, params, why in steps(*made) if operation == "drop_columns"]
    assert [columns for columns, _why in found] == [["c"], ["a", "b"]]
    assert "(up to 70.0 %)" in found[1][1]


@pytest.mark.parametrize(
    ("copy", "suspected"),
    [
        (words("alive", {"true": 390, "false": 610}), True),
        (column("alive", "boolean", distinct=2, value_counts={"true": 390, "false": 610}), True),
        (column("alive", "integer", distinct=2, min=1, max=2, mean=1.39, std=0.488), True),
        (words("alive", {"true": 391, "false": 609}), False),
        (words("alive", {"true": 390, "false": 500, "maybe": 110}), False),
        (words("alive", {"true": 390, "false": 600}), False),
    ],
)
def test_a_column_distributed_as_the_target_is_suspected(copy, suspected):
    found = steps(copy)
    assert ("drop_columns" in operations(found)) == suspected
    if suspected:
        assert "distributed exactly as those of y" in step(found, "drop_columns")[1]


def test_groups_of_equal_size_are_no_suspicion():
    facts = {"rows": ROWS, "issues": [], "columns": [words(name, {"a": 500, "b": 500}) for name in ("treated", "y")]}
    assert called(propose(facts, "classification", "y")) == ["one_hot"]


def test_the_same_temperature_in_another_unit_is_suspected():
    random = np.random.default_rng(0)
    celsius = random.gamma(3, 5, 300)
    table, dtypes = frame(
        celsius=("decimal", celsius),
        fahrenheit=("decimal", celsius * 1.8 + 32),
        cold=("decimal", -celsius),
        other=("decimal", random.gamma(3, 5, 300)),
    )
    plan, ran = planned(table, dtypes, "regression", "celsius")
    assert plan[0].operation.params() == {"columns": ["fahrenheit", "cold"]}
    assert list(ran.frame.columns) == ["celsius", "other"]


def test_a_column_that_decides_the_target_in_its_own_way_is_beyond_a_profile():
    """Known from rows side by side only: every city lies in one state. It stays until someone drops it."""
    cities = words("city", {"Nara": 200, "Kyoto": 190, "Osaka": 410, "Tenri": 200})
    assert "drop_columns" not in operations(steps(cities))


def test_rows_without_the_target_go_at_the_end():
    facts = {"rows": ROWS, "issues": [], "columns": [PLAIN, words("y", {"a": 700, "b": 200})]}
    plan = propose(facts, "classification", "y")
    assert called(plan) == ["scale", "drop_missing_rows", "drop_uninformative"]
    assert plan[1].operation.params() == {"columns": ["y"], "how": "any"}
    assert "100 rows have no value of y" in plan[1].why.template % plan[1].why.facts
    assert plan[2].operation.params()["keep"] == ["y"]


def test_repeated_rows_go_first_unless_chance_explains_them():
    found = steps(column("a"), column("b"), issues=[issue("duplicate_rows", rows=3, share=0.003)])
    assert operations(found)[0] == "drop_duplicates"
    assert "3 rows repeat an earlier one" in found[0][2]
    few = [words("a", {"x": 900, "z": 100}), words("y", {"yes": 610, "no": 390})]
    facts = {"rows": ROWS, "columns": few, "issues": [issue("duplicate_rows", rows=996, share=0.996)]}
    assert "drop_duplicates" not in called(propose(facts, "classification", "y"))


def test_missing_numbers_are_filled_by_the_median_and_flagged_when_many_are():
    found = steps(column("much", missing=230), column("little", "integer", missing=49))
    params, why = step(found, "fill_missing", ["much"])
    assert (params["strategy"], params["flag"]) == ("median", True)
    assert why.startswith("Up to 23.0 % of the cells of ['much'] are missing; the median is not moved by outliers")
    params, why = step(found, "fill_missing", ["little"])
    assert (params["strategy"], params["flag"]) == ("median", False)
    assert why.startswith("Up to 4.9 %")
    assert step(found, "cast")[0] == {"columns": ["much_was_missing"], "dtype": "integer", "errors": "raise"}
    assert step(found, "scale")[0]["columns"] == ["much", "little", "plain"]


def test_groups_are_not_formed_by_what_is_missing():
    found = steps(column("much", missing=230), task="clustering", target=None)
    assert step(found, "fill_missing")[0]["flag"] is False
    assert "cast" not in operations(found)


def test_no_flag_where_its_name_is_taken():
    found = steps(column("much", missing=230), column("much_was_missing", "integer"))
    assert step(found, "fill_missing")[0]["flag"] is False


def test_truths_and_zero_or_one_become_the_more_frequent_value_and_are_not_scaled():
    truth = column("ok", "boolean", missing=10, distinct=2, value_counts={"true": 700, "false": 290})
    zero_or_one = column("won", "integer", missing=10, distinct=2, min=0, max=1, mean=0.3, std=0.46)
    found = steps(truth, zero_or_one)
    assert step(found, "fill_missing")[0]["strategy"] == "mode"
    assert step(found, "fill_missing")[0]["columns"] == ["won", "ok"]
    assert step(found, "cast")[0]["columns"] == ["ok"]
    assert step(found, "scale")[0]["columns"] == ["plain"]


SKEWED = issue("skewed", "log_transform", skewness=4.0)
LOPSIDED = issue("skewed", "transform", skewness=-4.0)


def test_long_tails():
    made = [
        column("fare", min=0.0, max=500.0, std=40.0, issues=[SKEWED, "outliers"]),
        column("height", min=150.0, max=210.0, issues=[SKEWED]),
        column("profit", min=-900.0, max=80.0, std=90.0, issues=[LOPSIDED, "outliers"]),
        column("age", issues=["outliers"]),
        column("won", "integer", distinct=2, min=0, max=5, mean=0.05, std=0.5, issues=[SKEWED]),
    ]
    found = steps(*made)
    params, why = step(found, "log_transform")
    assert params == {"columns": ["fare"], "method": "log1p"}
    assert "never negative" in why
    params, why = step(found, "outliers")
    assert (params["columns"], params["action"], params["threshold"]) == (["profit"], "clip", 3.0)
    assert "three interquartile ranges" in why
    grouped = steps(*made, task="clustering", target=None)
    assert step(grouped, "outliers")[0]["columns"] == ["profit", "age"]


def test_categories_by_how_many_there_are():
    some = {f"s{place}": 60 - 3 * place for place in range(20)}  # from 6 % down to 0.3 %
    many = {f"m{place}": 20 - place // 2 for place in range(20)}
    made = [
        words("two", {"a": 600, "b": 400}),
        words("few", {"a": 500, "b": 300, "c": 200}),
        words("few with gaps", {"a": 500, "b": 300, "c": 100}),
        words("some", some, distinct=90, missing=0),
        words("many", many, distinct=300, missing=0),
        words("many with gaps", many, distinct=300, missing=100),
        words("even", {f"e{place}": 10 for place in range(20)}, distinct=100, missing=0),
    ]
    found = steps(*made)
    params, why = step(found, "one_hot", ["two"])
    assert params["drop_first"] is True
    assert "one column of 0 and 1 says it all" in why
    params, why = step(found, "one_hot", ["few", "some"])
    assert (params["drop_first"], params["missing"]) == (False, False)
    assert step(found, "one_hot", ["few with gaps"])[0]["missing"] is True
    params, why = step(found, "group_rare")
    assert (params["columns"], params["min_share"]) == (["some"], 0.01)
    assert "less than 1.0 % of the cells" in why
    params, why = step(found, "frequency_encode")
    assert params == {"columns": ["many", "many with gaps"], "share": True}
    assert "too many values" in why
    params, why = step(found, "fill_missing")
    assert (params["columns"], params["strategy"], params["value"]) == (["many with gaps"], "constant", "(missing)")
    assert "Up to 10.0 %" in why
    params, why = step(found, "ordinal_encode")
    assert params["columns"] == ["even"]
    assert "only numbered" in why
    assert step(found, "scale")[0]["columns"] == ["plain", "even"]


def test_spellings_become_one_before_values_are_counted():
    spelled = issue("variants", "normalise_text", groups=1, cells=900, examples=[["Ａ", "a", "a "]])
    found = steps(words("c", {"Ａ": 300, "a": 300, "a ": 300, "b": 100}, issues=[spelled]))
    params, why = step(found, "normalise_text")
    assert (params["columns"], params["case"], params["width"]) == (["c"], "lower", True)
    assert "differ only in case, width or spaces" in why
    assert operations(found).index("normalise_text") < operations(found).index("one_hot")
    assert step(found, "one_hot")[0]["drop_first"] is True  # two are left
    found = steps(words("c", {"Ａ": 300, "a": 300, "a ": 400}, issues=[spelled]))
    assert step(found, "drop_columns")[0] == {"columns": ["c"]}  # one is left


def test_blank_text_is_missing_once_spellings_are_one():
    blank = issue("variants", "normalise_text", groups=1, cells=600, examples=[["", " "]])
    found = steps(words("c", {"": 300, " ": 300, "b": 200, "c": 200}, issues=[blank]))
    assert operations(found)[:3] == ["normalise_text", "fill_missing", "one_hot"]
    params, why = step(found, "fill_missing")
    assert (params["columns"], params["value"]) == (["c"], "(missing)")
    assert "Blank text in ['c'] is no value" in why
    assert step(found, "one_hot")[0]["missing"] is False


def test_dates_become_the_parts_that_vary():
    made = [
        days("daily", "2021-01-01", "2023-12-31", 1000),
        days("monthly", "2021-01-01", "2023-12-01", 36, step=30),
        days("yearly", "1990-03-01", "2020-03-01", 31, step=365),
        days("of a week", "2024-05-06", "2024-05-09", 4),
        days("of a day", "2024-05-06T08:00:00", "2024-05-06T20:00:00", 1, dtype="datetime", distinct_values=700),
    ]
    found = steps(*made)
    parts = {tuple(params["columns"]): params["parts"] for operation, params, _ in found if operation == "split_date"}
    assert parts == {
        ("daily",): ["year", "month", "day", "weekday"],
        ("monthly",): ["year", "month"],
        ("yearly",): ["year"],
        ("of a week",): ["day", "weekday"],
        ("of a day",): ["hour"],
    }
    params, why = step(found, "one_hot")
    assert params["columns"] == ["daily_month", "daily_weekday", "monthly_month", "of a week_weekday", "of a day_hour"]
    assert "after the last comes the first" in why
    scaled = ["plain", "daily_year", "daily_day", "monthly_year", "yearly_year", "of a week_day"]
    assert step(found, "scale")[0]["columns"] == scaled


def test_parts_that_are_in_the_table_already():
    found = steps(days("day", "2021-01-01", "2023-12-31", 1000), column("day_year", "integer"))
    assert step(found, "drop_columns")[0] == {"columns": ["day"]}
    assert "split_date" not in operations(found)


def test_names_that_one_hot_would_take_twice():
    """``a_b`` and its value ``c``, ``a`` and its value ``b_c``."""
    table, dtypes = frame(
        a=("text", ["b_c", "x", "z"] * 20), a_b=("text", ["c", "d", "c", "e"] * 15), y=("integer", range(60))
    )
    plan, ran = planned(table, dtypes, "regression", "y")
    assert called(plan) == ["one_hot", "frequency_encode"]
    assert_ready(ran, "y")


def test_columns_whose_names_are_too_long_for_a_step():
    """No step can speak of them; nor of new ones that would be."""
    long, longer = "v" * 990, "w" * 1001
    rows = 60
    columns = {
        long: ("text", ["xyz"[place % 3] * 20 for place in range(rows)]),
        longer: ("integer", [place % 7 for place in range(rows)]),
        "n": ("decimal", [place % 5 if place % 4 else None for place in range(rows)]),
    }
    table, dtypes = frame(**columns)
    for target in ("n", longer):
        plan, ran = planned(table, dtypes, "regression", target)
        assert "one_hot" not in called(plan)
        assert cells(ran.frame[[longer]]) == cells(table.loc[ran.frame.index, [longer]])
    table, dtypes = frame(**{longer: ("integer", [1, 2, 3])})
    assert planned(table, dtypes, "clustering", None)[0] == []


def test_a_target_that_nobody_knows():
    with pytest.raises(ColumnMissing):
        propose({"rows": ROWS, "issues": [], "columns": [PLAIN]}, "regression", "y")


def test_the_target_alone():
    for made in (TARGET, words("y", {"a": 1}, distinct=1000, missing=0), column("y", missing=1000, distinct=0)):
        facts = {"rows": ROWS, "issues": [], "columns": [made]}
        assert propose(facts, "classification", "y") == []


def test_of_a_table_without_any_use_one_column_is_left():
    made = [
        words("a", {"x": 1000}),
        column("b", missing=1000, distinct=0),
        words("c", {"p": 2}, distinct=999, missing=0),
    ]
    facts = {"rows": ROWS, "issues": [], "columns": made}
    plan = propose(facts, "clustering", None)
    assert [one.operation.params()["columns"] for one in plan] == [["b"], ["a"], ["c"]]
    assert called(plan) == ["drop_columns", "drop_columns", "frequency_encode"]


@pytest.mark.parametrize("made", [
    lambda place: column(f"c{place}", "integer", missing=100),
    lambda place: words(f"c{place}", {"a": 500, "b": 300, "c": 100}),
    lambda place: days(f"c{place}", "2021-01-01", "2023-12-31", 1000, missing=100),
])  # fmt: skip
def test_ten_thousand_columns(made):
    """No more columns come out than a table may have."""
    columns = [made(place) for place in range(10_000)]
    plan = propose({"rows": ROWS, "issues": [], "columns": columns}, "classification", "c0")
    outlines = check(
        [Step(place, one.operation) for place, one in enumerate(plan, start=1)],
        {one["name"]: one["dtype"] for one in columns},
    )
    hot = [one.operation for one in plan if one.operation.operation == "one_hot"]
    assert len(outlines[-1].columns) + sum(4 * len(one.columns) for one in hot) <= 10_000
    assert all(outlines[-1].columns[name] in ("integer", "decimal") for name in outlines[-1].columns if name != "c0")
