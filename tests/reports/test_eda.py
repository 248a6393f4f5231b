"""The figures of an examination against pandas, numpy and scipy-free textbook computations."""

import math

import numpy as np
import pandas as pd
import pytest

from reports.eda import SCHEMA
from reports.eda.comparing import compare
from reports.eda.effects import Codes, cramers_v, eta
from reports.eda.sampling import chosen
from tests.reports.tables import examined

RANDOM = np.random.default_rng(7)
N = 400
FRAME = pd.DataFrame(
    {
        "day": pd.date_range("2023-01-01", periods=N).strftime("%Y-%m-%d"),
        "amount": np.round(RANDOM.lognormal(3, 1, N), 2),
        "score": RANDOM.integers(1, 6, N),
        "group": RANDOM.choice(["a", "b", "c"], N),
        "note": RANDOM.choice(["x", "y"], N),
        "label": RANDOM.choice(["yes", "no"], N, p=[0.9, 0.1]),
    }
)
FRAME["copy"] = FRAME["amount"] * 2 + 1
FRAME["follows"] = FRAME["label"].map({"yes": "good", "no": "bad"})
FRAME.loc[::7, "amount"] = np.nan
FRAME.loc[::7, "note"] = None
FRAME.loc[::5, "group"] = None


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return examined(tmp_path_factory.mktemp("eda"), FRAME.to_csv(index=False), target="label", max_plots=50)


def column(found, name):
    return next(one for one in found["columns"] if one["name"] == name)


def test_the_documented_parts_are_there(found):
    assert found.keys() == SCHEMA.keys()


def test_statistics_are_those_of_pandas(found):
    facts, cells = column(found, "amount")["statistics"], FRAME["amount"].dropna()
    assert facts["mean"] == pytest.approx(cells.mean())
    assert facts["skewness"] == pytest.approx(cells.skew())
    assert facts["kurtosis"] == pytest.approx(cells.kurt())
    for name, share in {"p5": 0.05, "q1": 0.25, "median": 0.5, "q3": 0.75, "p95": 0.95}.items():
        assert facts[name] == pytest.approx(cells.quantile(share)), name
    assert facts["mad"] == pytest.approx((cells - cells.median()).abs().median())
    assert (facts["zeros"], facts["negative"]) == (0, 0)


def test_outliers_by_both_rules(found):
    out, cells = column(found, "amount")["outliers"], FRAME["amount"].dropna()
    q1, q3 = cells.quantile(0.25), cells.quantile(0.75)
    reach = q3 - q1
    assert out["iqr"] == ((cells < q1 - 1.5 * reach) | (cells > q3 + 1.5 * reach)).sum() > 0
    assert out["far"] == ((cells < q1 - 3 * reach) | (cells > q3 + 3 * reach)).sum() > 0
    mad = (cells - cells.median()).abs().median()
    assert out["robust_z"] == (0.6745 * (cells - cells.median()).abs() / mad > 3.5).sum() > 0


def test_a_histogram_is_numpys(found):
    shown, cells = column(found, "amount")["distribution"], FRAME["amount"].dropna()
    counts, edges = np.histogram(cells, bins=20)
    assert shown["counts"] == counts.tolist()
    assert shown["edges"] == pytest.approx(edges.tolist())


def test_few_whole_numbers_are_shown_one_by_one(found):
    shown, counts = column(found, "score")["distribution"], FRAME["score"].value_counts().sort_index()
    assert (shown["kind"], shown["values"], shown["counts"]) == ("values", counts.index.tolist(), counts.tolist())


def test_dates_are_counted_by_period(found):
    shown = column(found, "day")["distribution"]
    weeks = pd.to_datetime(FRAME["day"]).dt.to_period("W-SUN").value_counts().sort_index()
    assert (shown["every"], shown["counts"]) == ("week", weeks.tolist())


def test_missing_cells_and_patterns(found):
    missing, holes = found["missing"], FRAME.isna()
    assert missing["cells"] == holes.sum().sum()
    assert missing["complete_rows"] == (~holes.any(axis=1)).sum()
    wanted = holes[holes.any(axis=1)].apply(lambda row: frozenset(row.index[row]), axis=1).value_counts()
    assert {frozenset(one["columns"]): one["rows"] for one in missing["patterns"]} == wanted.to_dict()


def test_correlations_are_those_of_pandas(found):
    numeric = FRAME[["amount", "score", "copy"]]
    for method in ("pearson", "spearman"):
        matrix = found["correlations"][method]
        assert matrix["columns"] == list(numeric)
        assert np.array(matrix["matrix"]) == pytest.approx(numeric.corr(method).to_numpy())


def test_the_strongest_pairs_are_named_once(found):
    pairs = {tuple(one["columns"]): one["value"] for one in found["correlations"]["strongest"]}
    assert pairs[("amount", "copy")] == pytest.approx(1.0)
    assert pairs[("label", "follows")] > 0.99
    assert len(pairs) == len(found["correlations"]["strongest"])


def test_cramers_v_against_its_definition():
    counts = np.array([[30, 5, 2], [4, 25, 9]])
    n = counts.sum()
    chi2 = sum(
        (counts[i, j] - counts[i].sum() * counts[:, j].sum() / n) ** 2 / (counts[i].sum() * counts[:, j].sum() / n)
        for i in range(2)
        for j in range(3)
    )
    phi2 = max(0, chi2 / n - 1 * 2 / (n - 1))
    rows, wide = 2 - 1 / (n - 1), 3 - 4 / (n - 1)
    assert cramers_v(counts) == pytest.approx(math.sqrt(phi2 / (min(rows, wide) - 1)))
    assert cramers_v(np.array([[5, 0], [0, 5]])) == pytest.approx(1.0)
    assert cramers_v(np.array([[5, 5]])) is None
    assert cramers_v(np.array([[10, 10], [10, 10]])) == 0


def test_eta_against_its_definition():
    groups = Codes("g", np.array([0, 0, 1, 1, 2, -1]), ["a", "b", "c"])
    values = np.array([1.0, 3.0, 10.0, 12.0, np.nan, 99.0])
    known = np.array([1.0, 3.0, 10.0, 12.0])
    between = 2 * (2 - known.mean()) ** 2 + 2 * (11 - known.mean()) ** 2
    assert eta(groups, values) == pytest.approx(math.sqrt(between / ((known - known.mean()) ** 2).sum()))
    assert eta(groups, np.full(6, 3.0)) is None


def test_the_target(found):
    target = found["target"]
    assert (target["problem_type"], target["reason"]) == ("binary_classification", "two_values")
    counts = FRAME["label"].value_counts()
    assert [(one["value"], one["rows"]) for one in target["balance"]["classes"]] == list(counts.items())
    assert [one["column"] for one in target["leakage"]] == ["follows"]
    assert "leakage" in {one["reason"] for one in found["alerts"]}


def test_the_quality_score_can_be_recomputed(found):
    parts = found["quality"]["parts"]
    assert all(part["score"] == pytest.approx(100 * (1 - part["bad"] / part["of"])) for part in parts)
    whole = sum(part["weight"] for part in parts)
    assert found["quality"]["score"] == round(sum(part["weight"] * part["score"] for part in parts) / whole, 1)
    assert {part["code"]: (part["bad"], part["of"]) for part in parts}["completeness"] == (
        FRAME.isna().sum().sum(),
        FRAME.size,
    )


def test_alerts_are_sorted_by_severity(found):
    order = [("high", "medium", "low").index(one["severity"]) for one in found["alerts"]]
    assert order == sorted(order)


@pytest.mark.parametrize("most", [0, 1, 3])
def test_no_more_plots_than_asked_for(tmp_path, most):
    assert len(examined(tmp_path, FRAME.to_csv(index=False), max_plots=most)["plots"]) == most


def test_a_sample_is_the_same_each_time(tmp_path):
    text = FRAME.to_csv(index=False)
    one, again, other = (examined(tmp_path, text, sample_size=150, seed=seed) for seed in ("s", "s", "t"))
    assert one == again
    assert one["sample"] == {"rows": 150, "of": N}
    assert one["overview"]["rows"] == 150
    assert one["columns"] != other["columns"]
    assert one["timeseries"] == other["timeseries"]
    assert "sampled" in {finding["code"] for finding in one["findings"]}


def test_every_row_is_equally_likely_to_be_drawn():
    drawn = np.zeros(50)
    for seed in range(400):
        drawn[chosen(50, 20, str(seed))] += 1
    assert abs(drawn - 160).max() < 50  # five standard deviations of a binomial(400, 0.4)


TARGETS = {
    "constant": ("t,x\n" + "a,1\n" * 30, "none", "target_constant"),
    "empty": ("t,x\n" + ",1\n" * 30, "none", "target_empty"),
    "id": ("t,x\n" + "".join(f"k{at},1\n" for at in range(30)), "none", "target_is_id"),
    "date": ("t,x\n" + "".join(f"2024-01-{at + 1:02d},1\n" for at in range(30)), "none", "target_is_date"),
    "many": ("t,x\n" + "".join(f"k{at % 60},1\n" for at in range(120)), "none", "too_many_classes"),
    "numbers": ("t,x\n" + "".join(f"{at % 40}.5,{at}\n" for at in range(80)), "regression", "numbers"),
    "classes": ("t,x\n" + "".join(f"{at % 4},{at}\n" for at in range(80)), "multiclass_classification", "few_values"),
}


@pytest.mark.parametrize("name", TARGETS)
def test_kinds_of_target(tmp_path, name):
    text, kind, reason = TARGETS[name]
    target = examined(tmp_path, text, target="t")["target"]
    assert (target["problem_type"], target["reason"]) == (kind, reason)


def test_equal_tables_do_not_drift(found):
    same = compare(found, found)
    assert same["schema"] == {"added": [], "removed": [], "retyped": []}
    assert same["drifted"] == []
    assert all(one["drift"]["psi"] == pytest.approx(0) for one in same["columns"] if one["drift"])


def test_drift_is_found_where_it_is(tmp_path, found):
    moved = FRAME.drop(columns=["note"]).assign(amount=FRAME["amount"] * 3, new=1, score="many")
    other = compare(found, examined(tmp_path, moved.to_csv(index=False)))
    assert other["schema"]["added"] == ["new"]
    assert other["schema"]["removed"] == ["note"]
    assert other["schema"]["retyped"] == [{"name": "score", "dtypes": ["integer", "text"]}]
    levels = {one["name"]: one["drift"] and one["drift"]["level"] for one in other["columns"]}
    assert levels["amount"] == "strong"
    assert levels["group"] == "none"
