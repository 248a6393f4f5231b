"""Public tables with known figures; skipped where the files are not at hand."""

from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

from tabular.schema import Column
from tests.spec.tables import ask

DATA = Path(__file__).parents[3] / "../shared/data"
DTYPES = {pl.Int64: "integer", pl.Float64: "decimal", pl.String: "text", pl.Date: "date"}
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the public data sets are not beside this checkout")


def read(name, **options):
    frame = pl.read_csv(DATA / name, infer_schema_length=None, **options)
    columns = tuple(
        Column(one, "datetime" if isinstance(dtype, pl.Datetime) else DTYPES[type(dtype)])
        for one, dtype in frame.schema.items()
    )
    return frame, columns


@pytest.fixture(scope="module")
def cdnow():
    frame, _ = read("cdnow_master.csv", schema_overrides={"customer_id": pl.String}, try_parse_dates=True)
    kinds = [("customer_id", "text"), ("date", "date"), ("number_of_cds", "integer"), ("dollar_value", "decimal")]
    return frame, tuple(Column(name, dtype) for name, dtype in kinds)


def test_cdnow_has_69659_transactions_of_23570_customers(cdnow):
    frame, columns = cdnow
    assert len(frame) == 69_659
    profile = ask("profile", {}, frame, columns).result
    assert profile["columns"][0]["unique_count"] == 23_570
    results = ask("cohort", {}, frame, columns).result["results"]
    assert sum(results["cohort_sizes"].values()) == 23_570
    assert list(results["cohort_sizes"]) == ["1997-01", "1997-02", "1997-03"]


def test_cdnow_retention_is_what_pandas_counts(cdnow):
    frame, columns = cdnow
    found = ask("cohort", {}, frame, columns).result["results"]["retention_rates"]
    rows = frame.to_pandas()
    rows["month"] = pd.to_datetime(rows["date"]).dt.to_period("M")
    rows["cohort"] = rows.groupby("customer_id")["month"].transform("min")
    seen = rows.drop_duplicates(["customer_id", "month"]).groupby(["cohort", "month"]).size()
    for (cohort, month), people in seen.items():
        offset = (month - cohort).n
        assert found[str(cohort)][f"month_{offset}"] == people / seen[(cohort, cohort)]


def test_cdnow_months_are_what_pandas_adds_up(cdnow):
    frame, columns = cdnow
    body = {"date": "date", "value": "dollar_value", "freq": "M"}
    found = ask("trend", body, frame, columns).result
    rows = frame.to_pandas()
    expected = rows.set_index(pd.to_datetime(rows["date"]))["dollar_value"].resample("ME").sum()
    assert [one["date"] for one in found["trend"]] == [day.isoformat() for day in expected.index]
    assert [one["dollar_value"] for one in found["trend"]] == pytest.approx(expected.tolist())
    assert found["complete"] == [True] * 18
    assert expected.index[-1] == datetime(1998, 6, 30)


def test_flights_has_336776_rows():
    frame, columns = read("nycflights13_flights.csv.gz", null_values=["NA"])
    assert len(frame) == 336_776
    summary = ask("summary", {}, frame, columns).result["summary"]
    rows = frame.to_pandas()
    assert summary["distance"]["mean"] == pytest.approx(rows["distance"].mean())
    assert summary["arr_delay"]["count"] == 327_346
    expected = rows[["dep_delay", "arr_delay", "distance", "air_time"]].corr()
    found = ask("correlation", {"cols": list(expected)}, frame, columns).result["correlation"]
    assert pd.DataFrame(found).to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-9)
    ranked = rows[["dep_delay", "arr_delay"]].corr("spearman").iloc[0, 1]
    found = ask("correlation", {"cols": ["dep_delay", "arr_delay"], "method": "spearman"}, frame, columns).result
    assert found["correlation"]["dep_delay"]["arr_delay"] == pytest.approx(ranked, abs=1e-9)


def test_diamonds_prices_in_numpys_bars():
    frame, columns = read("pydataset_diamonds.csv")
    found = ask("histogram", {"column": "price", "bins": 30}, frame, columns).result
    counts, edges = np.histogram(frame["price"].to_numpy(), 30)
    assert (found["counts"], found["bins"]) == (counts.tolist(), edges.tolist())


def test_superstore_subcategories():
    frame, columns = read("bokeh_SampleSuperstore.csv")
    body = {"category_column": "Sub-Category", "value_column": "Sales"}
    found = ask("pareto", body, frame, columns).result
    expected = frame.to_pandas().groupby("Sub-Category")["Sales"].sum().sort_values(ascending=False)
    assert [one["category"] for one in found["data"]] == expected.index.tolist()
    assert found["total"] == pytest.approx(2_297_200.8603, abs=1e-3)
    share = expected.cumsum() / expected.sum()
    assert found["vital_few_threshold"] == int((share < 0.8).sum()) + 1


def test_seattle_weather_is_the_same_from_csv_and_workbook():
    frame, _ = read("vega_seattle-weather.csv")
    frame = frame.with_columns(pl.col("date").str.to_date("%Y/%m/%d"))
    columns = tuple(Column(name, DTYPES[type(dtype)]) for name, dtype in frame.schema.items())
    sheet = pl.from_pandas(pd.read_excel(DATA / "seattle-weather.xlsx", engine="calamine"))
    sheet = sheet.with_columns(pl.Series("date", list(pd.to_datetime(sheet["date"].to_list()).date), dtype=pl.Date))
    body = {"target_column": "temp_max", "method": "mean", "date_column": "date"}
    one = ask("timeseries", body, frame, columns).result
    other = ask("timeseries", body, sheet.select(frame.columns).cast(dict(frame.schema)), columns).result
    assert one == other
    assert one["timestamp"][0] == "2012-01-31"
    assert len(one["timestamp"]) == 48
    assert all(one["complete"])
    assert frame["date"].max() == date(2015, 12, 31)
