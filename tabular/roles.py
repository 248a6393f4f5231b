"""Which column is the date, the store, a category, a measure, an id: by name and content, English and Japanese."""

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from tabular.schema import Column, Role

# Whole names first, then endings: the better the name, the lower its rank; ties go to the first column.
_DATE = (
    r"date ?[0-9]*|日付|年月日|営業日付?|売上日付?|取引日付?|販売日付?|計上日付?|伝票日付|対象日|集計日",
    r"(?:order|sales?|transaction|business|invoice|purchase|posting|trans|txn) ?(?:date|day|time|datetime)"
    r"|注文日時?|購入日時?|受注日時?|会計日時?|日時|来店日時?|精算日時?",
    r"day|datetime|timestamp|time|日",
    r".*(?:\bdate|\bdatetime|\btimestamp|日付|年月日|日時|日|\bdt|_at|\bat)",
    r".*\bdates?\b.*",
)
_STORE = (
    r"shop|store|shop ?name|store ?name|店舗名?|店名|店|ショップ名?|ストア名?|支店名?|営業所名?|拠点名?",
    r"branch(?: ?name)?|outlet(?: ?name)?|location(?: ?name)?|事業所名?|売場名?",
    r"(?:shop|store|branch|outlet) ?(?:code|id|no|number|cd|key)|店舗?(?:コード|cd|id|番号|no)|支店(?:コード|番号)",
    r".*\b(?:shop|store)(?: ?name)?|.*(?:店舗|店)名?",
)
_CATEGORY = (
    r"category(?: ?name)?|(?:product|item|main) ?(?:category|type|group|class)"
    r"|カテゴリー?名?|商品(?:カテゴリー?|分類|部門)名?|大分類|部門名?",
    r".*\b(?:category|segment|department|dept|division|genre|class|group|type|brand|region|gender|sex)\b.*",
    r".*(?:カテゴリー?|部門|分類|区分|種別|種類|ジャンル|ブランド|クラス|グループ|地域|エリア|性別|業態|品目|商品名|品名|セグメント).*名?",
)
_ID = (
    r"(?:.*\b)?(?:id|ids|code|cd|no|number|num|key|uuid|guid|sku|jan|ean|upc|isbn"
    r"|zip|zip ?code|postal ?code|postcode|phone|tel)\.?",
    r"index|row|unnamed: ?0|.*(?:コード|番号|id|№|郵便番号|電話番号|会員番号|識別子|連番)",
)
_NOT_MEASURE = (
    r"(?:.*\b)?(?:year|month|week|weekday|day|hour|quarter|latitude|longitude|lat|lon|lng)"
    r"|年|月|曜日|年度|月度|緯度|経度"
)


_SHOWN = 50_000


def normal(name: str) -> str:
    """``Order_Date``, ``orderDate`` and ``ＯＲＤＥＲ　ＤＡＴＥ`` are one name: ``order date``."""
    folded = unicodedata.normalize("NFKC", name)
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", folded)
    spaced = re.sub(r"(?<=[A-Z])(?=[A-Z][a-z])", " ", spaced)
    return re.sub(r"[\s_\-./]+", " ", spaced).strip().lower()


def _rank(name: str, patterns: Sequence[str]) -> int | None:
    return next((rank for rank, pattern in enumerate(patterns) if re.fullmatch(pattern, normal(name))), None)


def says_date(name: str) -> bool:
    """Whether a header promises calendar days."""
    return _rank(name, _DATE) is not None


def assign(columns: Sequence[Column], path: Path | None = None) -> tuple[Column, ...]:
    """Every column with its role, at most one date and one store.

    ``path``: the dataset's Parquet file; its first rows show which text columns repeat themselves, as categories do.
    """
    date = _best(columns, _DATE, lambda column: column.dtype in ("date", "datetime"))
    if date is None:
        date = next((column.name for column in columns if column.dtype in ("date", "datetime")), None)
    store = _best(columns, _STORE, lambda column: column.dtype in ("text", "integer"))
    repeating = _repeating([c.name for c in columns if c.dtype == "text"], path) if path else set()
    return tuple(replace(c, role=_role(c, date, store, repeating)) for c in columns)


def _repeating(names: list[str], path: Path) -> set[str]:
    """Text columns whose values come back: few different ones, at most one in ten rows."""
    counts = (
        pl.scan_parquet(path)
        .select(names)
        .head(_SHOWN)
        .select(pl.all().n_unique(), pl.len().alias("\x00rows"))
        .collect()
    )
    row = counts.row(0, named=True)
    rows = row.pop("\x00rows")
    return {name for name, distinct in row.items() if distinct < rows and distinct <= max(20, min(1000, rows // 10))}


def main_category(columns: Sequence[Column]) -> str | None:
    """Of all columns that play the category, the one whose name says so best."""
    return _best(columns, (*_CATEGORY, ".*"), lambda column: column.role == "category")


def _best(columns: Sequence[Column], patterns: Sequence[str], fits: Callable[[Column], bool]) -> str | None:
    ranked = [(rank, i) for i, c in enumerate(columns) if fits(c) and (rank := _rank(c.name, patterns)) is not None]
    return columns[min(ranked)[1]].name if ranked else None


def _role(column: Column, date: str | None, store: str | None, repeating: Collection[str]) -> Role | None:
    if column.name == date:
        return "date"
    if column.name == store:
        return "store"
    if _rank(column.name, _ID) is not None and column.dtype in ("integer", "text"):
        return "id"
    if column.numeric:
        return None if re.fullmatch(_NOT_MEASURE, normal(column.name)) else "measure"
    if column.dtype == "boolean":
        return "category"
    if column.dtype == "text" and (_rank(column.name, _CATEGORY) is not None or column.name in repeating):
        return "category"
    return None
