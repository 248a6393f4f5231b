"""Roles on the headers that shops really use, English and Japanese."""

import polars as pl
import pytest

from tabular import roles
from tabular.schema import Column


def table(**dtypes):
    return [Column(name, dtype) for name, dtype in dtypes.items()]


def assigned(columns, path=None):
    return {column.name: column.role for column in roles.assign(columns, path)}


SUPERSTORE = {
    **dict.fromkeys(["Row ID", "Order ID", "Customer ID"], "text"),
    **dict.fromkeys(["Order Date", "Ship Date"], "date"),
    **dict.fromkeys(["Ship Mode", "Segment", "City", "Region", "Category", "Sub-Category", "Product Name"], "text"),
    "Postal Code": "integer",
    **dict.fromkeys(["Sales", "Discount", "Profit"], "decimal"),
    "Quantity": "integer",
}


def test_an_english_retail_file():
    found = assigned(table(**SUPERSTORE))
    assert found["Order Date"] == "date"
    assert found["Ship Date"] is None
    assert [name for name, role in found.items() if role == "measure"] == ["Sales", "Discount", "Profit", "Quantity"]
    assert [name for name, role in found.items() if role == "id"] == [
        "Row ID",
        "Order ID",
        "Customer ID",
        "Postal Code",
    ]
    assert {"Segment", "Region", "Category", "Sub-Category"} <= {n for n, role in found.items() if role == "category"}
    assert "store" not in found.values()


def test_a_wide_japanese_ledger():
    measures = ["Total_Sales", "Mens_JACKETS&OUTER2", "WOMEN'S_TOPS", "客数", "客単価"]
    found = assigned(table(Date="date", shop="text", **dict.fromkeys(measures, "integer")))
    assert found == {"Date": "date", "shop": "store", **dict.fromkeys(measures, "measure")}


@pytest.mark.parametrize(
    ("name", "dtype", "role"),
    [
        *(
            (name, "date", "date")
            for name in ("年月日", "営業日付", "日付", "売上日", "伝票日付", "注文日時", "order_date", "saleDate")
        ),
        *(
            (name, "text", "store")
            for name in ("店舗名", "店名", "店舗", "shop", "Store Name", "store_name", "支店名", "店舗コード")
        ),
        *(
            (name, "text", "category")
            for name in ("カテゴリ", "カテゴリー名", "部門", "商品分類", "category", "Sub-Category", "商品区分")
        ),
        *(
            (name, "integer", "measure")
            for name in ("売上", "金額", "数量", "Total_Sales", "売上金額", "客数", "amount")
        ),
        *((name, "integer", "id") for name in ("顧客ID", "商品コード", "customer_id", "会員番号", "JANコード", "id")),
        ("年", "integer", None),
        ("month", "integer", None),
        ("備考", "text", None),
    ],
)
def test_one_column_by_its_name(name, dtype, role):
    assert assigned([Column(name, dtype)])[name] == role


def test_the_better_name_wins_and_there_is_only_one():
    found = assigned(table(更新日時="datetime", 営業日="date", 店舗コード="text", 店舗名="text"))
    assert found == {"更新日時": None, "営業日": "date", "店舗コード": "id", "店舗名": "store"}


def test_a_date_by_its_content_and_only_by_it():
    assert assigned(table(when="date", 日付="text"))["when"] == "date"
    assert assigned(table(日付="text"))["日付"] is None


def test_text_that_repeats_is_a_category(tmp_path):
    pl.DataFrame({"色": ["赤", "青"] * 50, "備考": [f"その{i}" for i in range(100)]}).write_parquet(
        tmp_path / "t.parquet"
    )
    found = assigned(table(色="text", 備考="text"), tmp_path / "t.parquet")
    assert found == {"色": "category", "備考": None}
