"""After a plan by the rules a model fits as the table is, and does as well as on what a person would have prepared.

The person's pipeline gets the same rows, the same folds and the same columns: those that say nothing or give the answer
away (names of people, a postal code, the sub-category of a category) are left out there as well. It learns its medians
and categories within each fold, the plan from the whole table; neither looks at the target.
"""

from pathlib import Path

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import adjusted_rand_score
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from threadpoolctl import threadpool_limits

from cleaning.engine.running import Step
from cleaning.engine.script import render
from cleaning.planner.rules import propose
from tests.cleaning.planner.planned import SHARED, assert_ready, assert_untouched, carried_out, planned, read
from tests.cleaning.snippets import as_from_csv, cells, ran

needed = pytest.mark.skipif(not SHARED.is_dir(), reason="the public data sets are not beside this checkout")
SUPERSTORE = Path(__file__).parents[2] / "data/superstore.xlsx"


@pytest.fixture(autouse=True)
def _one_thread():
    """Threads that wait for each other make such small models slow."""
    with threadpool_limits(1):
        yield


CLASSES = StratifiedKFold(5, shuffle=True, random_state=0)
VALUES = KFold(5, shuffle=True, random_state=0)


def by_plan(source, task, target, rows=None):
    """The source's table and the one after the plan."""
    table, dtypes, facts = read(source, rows)
    done = carried_out(propose(facts, task, target), table, dtypes)
    assert_ready(done, target)
    assert_untouched(table, done, target)
    return table, done.frame


def by_hand(numbers, categories, logged=()):
    filled = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    coded = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=0.01)
    tails = make_pipeline(FunctionTransformer(np.log1p), StandardScaler())
    return ColumnTransformer(
        [("numbers", filled, numbers), ("tails", tails, list(logged)), ("words", coded, categories)]
    )


def with_parts(table):
    """As a person would take a date apart."""
    if "date" not in table:
        return table
    days = table["date"].dt
    return table.assign(year=days.year, month=days.month, day=days.day, weekday=days.day_of_week)


def compared(source, task, target, numbers, categories, logged=(), *, rows=None):
    """The scores of both in each fold."""
    before, after = by_plan(source, task, target, rows)
    known = with_parts(as_from_csv(before.loc[after.index]))
    if task == "classification":
        model, folds, scoring = LogisticRegression(max_iter=2000), CLASSES, "balanced_accuracy"
        answer = known[target].to_numpy(dtype=object).astype(str)
    else:
        model, folds, scoring = Ridge(), VALUES, "r2"
        answer = known[target].to_numpy(dtype="float64")
    prepared = after.drop(columns=target)
    model.fit(prepared, answer)  # the frame itself, as it is
    mine = cross_val_score(model, prepared, answer, cv=folds, scoring=scoring)
    pipeline = make_pipeline(by_hand(numbers, categories, logged), model)
    return mine, cross_val_score(pipeline, known, answer, cv=folds, scoring=scoring)


def assert_no_worse(mine, theirs):
    """Within one standard error of the hand-made pipeline's mean over the folds."""
    error = theirs.std(ddof=1) / np.sqrt(len(theirs))
    assert mine.mean() >= theirs.mean() - error


@needed
def test_titanic():
    source = SHARED / "bokeh_titanic_all.csv"
    mine, theirs = compared(source, "classification", "survived", ["age"], ["class", "sex"])
    assert_no_worse(mine, theirs)
    assert mine.mean() > 0.7


@needed
def test_penguins():
    numbers = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "year"]
    mine, theirs = compared(SHARED / "penguins.csv", "classification", "species", numbers, ["island", "sex"])
    assert_no_worse(mine, theirs)
    assert mine.mean() > 0.97


def test_superstore():
    """The category of what was sold: ship mode and segment have nothing to do with the other columns."""
    words = ["Ship Mode", "Segment", "City", "State", "Region"]
    numbers = ["Quantity", "Discount", "Profit"]
    mine, theirs = compared(SUPERSTORE, "classification", "Category", numbers, words, ["Sales"])
    assert_no_worse(mine, theirs)
    assert mine.mean() > 0.45


@needed
def test_the_weather_of_seattle():
    source = SHARED / "vega_seattle-weather.csv"
    words, numbers = ["weather", "month", "weekday"], ["temp_min", "wind", "year", "day"]
    mine, theirs = compared(source, "regression", "temp_max", numbers, words, ["precipitation"])
    assert_no_worse(mine, theirs)
    assert mine.mean() > 0.8


@needed
def test_diamonds():
    numbers, qualities = ["carat", "depth", "table", "x", "y", "z"], ["cut", "color", "clarity"]
    source = SHARED / "pydataset_diamonds.csv"
    mine, theirs = compared(source, "regression", "price", numbers, qualities, rows=5000)
    assert_no_worse(mine, theirs)
    assert mine.mean() > 0.8


@needed
def test_species_of_penguins_are_found_without_being_told():
    table, dtypes, _facts = read(SHARED / "penguins.csv")
    species, table = table["species"], table.drop(columns="species")
    del dtypes["species"]
    _plan, done = planned(table, dtypes, "clustering", None)
    assert_ready(done, None)
    found = KMeans(3, n_init=10, random_state=0).fit_predict(done.frame)
    assert adjusted_rand_score(species, found) > 0.4  # by chance it would be 0


def test_the_plan_as_code_makes_the_same_table():
    """What a person would run, step after step, on the file as the product reads it."""
    table, dtypes, facts = read(SUPERSTORE)
    plan = propose(facts, "regression", "Sales")
    steps = [Step(order, one.operation) for order, one in enumerate(plan, start=1)]
    code = "\n".join(one.code for one in render(steps, dtypes).values())
    assert cells(ran(table, code)) == cells(carried_out(plan, table, dtypes).frame)
