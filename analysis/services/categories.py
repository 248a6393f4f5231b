"""Which columns of a retail table are product categories, and which only look like it: totals, per-head figures."""

import re
from collections.abc import Sequence

from analysis.services.fields import Fields
from tabular.schema import Column

# Whole words of a name in Latin letters.
_TOTAL_WORDS = frozenset({"total", "totals", "subtotal", "sum", "grand", "gross", "net", "overall"})
_OTHER_WORDS = frozenset(
    {"customer", "customers", "visitor", "visitors", "traffic", "footfall", "guests", "headcount", "people", "staff"}
    | {"average", "avg", "mean", "median", "per", "rate", "ratio", "percent", "percentage", "pct", "share", "price"}
    | {"temperature", "temp", "humidity", "rainfall", "latitude", "longitude", "lat", "lon", "lng", "unit", "age"}
    | {"year", "month", "day", "week", "weekday", "quarter", "hour", "minute"}
    | {"receipt", "receipts", "transaction", "transactions", "order", "orders", "invoice", "invoices"}
    | {"id", "code", "no", "number", "zip", "postal", "rank", "index"}
)
# A name that is nothing but this is the total of all categories.
_TOTAL_NAMES = frozenset(
    {"sales", "sale", "amount", "revenue", "turnover", "売上", "売上高", "売上金額", "売上額", "金額"}
    | {"販売額", "販売金額", "税込売上", "税抜売上"}
)
_TOTAL_JA = re.compile("合計|総計|総額|総売上|小計|累計|全体|純売上")
_OTHER_JA = re.compile(
    "客数|来客|来店|人数|件数|組数|客単価|単価|平均|率$|比率|構成比|前年比|気温|温度|湿度|降水|番号|コード"
)
# Other sides of the same trade: categories would not stand beside them.
_SIDE_WORDS = frozenset(
    {"cost", "costs", "profit", "margin", "discount", "tax", "quantity", "qty", "units", "count", "stock", "inventory"}
    | {"budget", "target", "forecast", "weight", "points", "fee", "shipping", "refund", "returns"}
)
_SIDE_JA = re.compile("原価|粗利|利益|値引|割引|税|数量|個数|点数|在庫|予算|目標|見込|重量|送料|手数料|返品|ポイント")
# How a column says that it holds a product's category, best first.
_SAYS_CATEGORY = (
    re.compile(r"^(product[ _-]?)?categor(y|ies)$|^(商品)?(カテゴリー?|分類|部門)名?$", re.IGNORECASE),
    re.compile(r"categor|department|division|カテゴリ|分類|部門|部類|大分類|中分類|ジャンル|genre", re.IGNORECASE),
    re.compile(r"product|item|goods|brand|sku|商品|品名|品目|品番|ブランド|メニュー", re.IGNORECASE),
)
_CALENDAR_JA = frozenset(["年", "月", "日", "週", "曜日", "時", "年度", "四半期"])
# Which measure a long table's categories are added up by, when none is named.
_MEASURE = re.compile(r"sales|amount|revenue|turnover|売上|金額|販売額", re.IGNORECASE)


def _words(name: str) -> set[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return set(re.split(r"[^a-z%]+", spaced.lower()))


def is_total(name: str) -> bool:
    return name.strip().lower() in _TOTAL_NAMES or bool(_words(name) & _TOTAL_WORDS) or bool(_TOTAL_JA.search(name))


def is_other_figure(name: str) -> bool:
    """Per head, a rate, the weather, the calendar: nothing that a sum of would be a category's trade."""
    words = _words(name)
    return bool(words & _OTHER_WORDS) or "%" in name or bool(_OTHER_JA.search(name)) or name.strip() in _CALENDAR_JA


def wide(fields: Fields) -> list[Column]:
    """The numeric columns that each hold one category's trade."""
    roles = {fields.roles.get("date"), fields.roles.get("store")}
    return [
        column
        for column in fields.columns
        if column.numeric
        and column.role != "id"
        and column.name not in roles
        and not is_total(column.name)
        and not is_other_figure(column.name)
    ]


def trade(fields: Fields) -> list[Column]:
    """The wide columns without other sides of the trade (cost, quantity), where that leaves any."""
    found = wide(fields)
    return [one for one in found if not (_words(one.name) & _SIDE_WORDS or _SIDE_JA.search(one.name))] or found


def named_category(fields: Fields) -> Column | None:
    """The category column whose name says that it is one of products; the weather is a category, too."""
    columns = [column for column in fields.columns if column.role == "category" or column == fields.role("category")]
    for pattern in _SAYS_CATEGORY:
        for column in columns:
            if pattern.search(column.name.strip()):
                return column
    return None


def main_measure(measures: Sequence[Column]) -> Column | None:
    """The measure that says how much was sold: named so, else the first that is no rate or head count."""
    plain = [one for one in measures if not is_other_figure(one.name)]
    return next((one for one in plain if _MEASURE.search(one.name)), plain[0] if plain else None)
