"""The original file as a typed pandas table."""

import math
import re
import unicodedata
from datetime import datetime, timedelta

import pandas as pd

MISSING = {"", "na", "n/a", "#n/a", "nan", "null", "none", "-"}
ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
ERA_LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}


def load(path, source):
    """Every column in its type: integers, decimals, booleans, dates as datetimes, text."""
    frame = read(path, source)
    names = list(source["columns"])
    if len(frame.columns) == len(names):
        frame.columns = names
    types = source["columns"]
    return pd.DataFrame({name: column(frame[name], name, types[name], source) for name in names})


def read(path, source):
    """The cells as the file has them."""
    form, header = source["format"], source["header_row"]
    skipped = [*range(header - 1), *(line - 1 for line in source["aside"])]
    first = None if header == 0 else 0
    if form == "parquet":
        return pd.read_parquet(path)
    if form in ("json", "ndjson"):
        return pd.read_json(path, lines=form == "ndjson", dtype=False)
    if form in ("xlsx", "xls", "ods"):
        sheet = source["sheet_name"] or 0
        where = {"io": path, "sheet_name": sheet, "header": first, "skiprows": skipped}
        return pd.read_excel(**where, dtype=object, keep_default_na=False, engine="calamine")
    text = {"encoding": source["encoding"], "sep": source["delimiter"], "on_bad_lines": "skip", "index_col": False}
    return pd.read_csv(path, dtype=str, keep_default_na=False, header=first, skiprows=skipped, **text)


def column(cells, name, dtype, source):
    markers = set(source["na_values"])
    if dtype == "text":
        empty = cells.isna() | cells.isin({""} | markers)
        return cells.where(~empty).map(lambda cell: cell if isinstance(cell, str) else str(cell), na_action="ignore")
    if dtype in ("integer", "decimal"):
        made = [number(cell, name in source["decimal_comma"], markers) for cell in cells]
        return pd.Series(made, dtype="Int64" if dtype == "integer" else "float64")
    if dtype == "boolean":
        return pd.Series([truth(cell, markers) for cell in cells], dtype="boolean")
    made = [moment(cell, name in source["dayfirst"], markers) for cell in cells]
    return pd.Series(made, dtype="datetime64[us]")


def folded(cell):
    return unicodedata.normalize("NFKC", cell).strip()


def missing(cell, markers):
    return pd.isna(cell) if not isinstance(cell, str) else cell in markers or folded(cell).lower() in MISSING


def number(cell, comma, markers):
    """-1,200 · ¥1,200 · 1,200円 · ▲1,200 · (1,200) · 12%: the figure, never scaled."""
    if missing(cell, markers):
        return None
    if not isinstance(cell, str):
        return None if isinstance(cell, float) and math.isinf(cell) else cell
    text = folded(cell)
    negative = text.startswith(("(", "-", "▲", "△", "−")) or "-" in text[:2]
    plain = re.sub(r"[^0-9.,eE+-]|(?<![eE])[+-]", "", re.sub(r"JPY|USD|EUR|GBP", "", text))
    plain = plain.replace(".", "").replace(",", ".") if comma else plain.replace(",", "")
    value = float(plain) if re.search(r"[.eE]", plain) else int(plain)
    return -value if negative else value


def truth(cell, markers):
    if missing(cell, markers):
        return None
    return folded(cell).lower() == "true" if isinstance(cell, str) else bool(cell)


def moment(cell, dayfirst, markers):
    """2024-01-31 · 2024/1/5 · 2024年1月5日 · 令和6年1月5日 · 20240105 · 05.01.2024, with or without a time."""
    if missing(cell, markers):
        return None
    if not isinstance(cell, str):
        return utc(pd.Timestamp(cell))
    text = folded(cell)
    if re.fullmatch(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?", text):
        return utc(datetime.fromisoformat(text))
    if found := re.match(r"(\d{4})(\d\d)(\d\d)$", text) or re.match(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})", text):
        year, month, day = map(int, found.groups())
    elif found := re.match(r"(明治|大正|昭和|平成|令和|[MTSHR])\s?(元|\d+)\D+(\d+)\D+(\d+)", text):
        era = ERA_LETTERS.get(found[1], found[1])
        year, month, day = ERAS[era] + int(found[2].replace("元", "1")), int(found[3]), int(found[4])
    elif found := re.match(r"(\d{1,2})\D(\d{1,2})\D(\d{4})", text):
        first, second, year = map(int, found.groups())
        month, day = (second, first) if dayfirst else (first, second)
    else:
        return utc(pd.Timestamp(text))
    return datetime(year, month, day) + time_of_day(text[found.end() :])


def time_of_day(text):
    found = re.search(
        r"(午前|午後|AM|PM)?\s?(\d{1,2})(?::|時)(\d{1,2})?(?:(?::|分)(\d{1,2}(?:\.\d+)?))?\s?(AM|PM)?", text, re.I
    )
    if not found:
        return timedelta()
    half = (found[1] or found[5] or "").upper()
    hour = int(found[2]) % 12 + (12 if half in ("PM", "午後") else 0) if half else int(found[2])
    return timedelta(hours=hour, minutes=int(found[3] or 0), seconds=float(found[4] or 0))


def utc(stamp):
    """The wall clock as it stands, or that of UTC where an offset is given."""
    if stamp.tzinfo is None:
        return stamp
    return (stamp - stamp.utcoffset()).replace(tzinfo=None)
