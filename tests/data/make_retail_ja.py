"""Makes retail_ja.csv: two business years of four clothing shops, day by day, as a Japanese till exports them.

    python tests/data/make_retail_ja.py > tests/data/retail_ja.csv

Invented figures, the same bytes on every machine. cp932, CRLF, days as 2023/4/1. The shops are closed on New Year's
Day (no row), trade more at weekends and in December, and 恵比寿 has one
outstanding month, its re-opening in October 2024.
"""

import csv
import io
import random
import sys
from datetime import date, timedelta

FIRST, LAST = date(2023, 4, 1), date(2025, 3, 31)
SHOPS = {"恵比寿": 1.35, "吉祥寺": 1.0, "横浜": 1.15, "札幌": 0.7}
# A category's usual day in yen, and how much it swings with winter (positive) or summer (negative).
CATEGORIES = {
    "Mens_JACKETS&OUTER2": (61_000, 0.7),
    "Mens_KNIT": (24_000, 0.5),
    "Mens_TOPS": (33_000, -0.3),
    "Mens_PANTS": (28_000, 0.0),
    "WOMEN'S_JACKETS2": (88_000, 0.6),
    "WOMEN'S_TOPS": (74_000, -0.3),
    "WOMEN'S_ONEPIECE": (52_000, -0.4),
    "WOMEN'S_SKIRT": (31_000, -0.1),
    "SHOES": (26_000, 0.1),
    "BAG": (19_000, 0.0),
    "ACCESSORY": (9_000, 0.0),
}
WINTER = {11: 0.7, 12: 1.0, 1: 0.9, 2: 0.6, 6: -0.6, 7: -1.0, 8: -0.9, 9: -0.3}


def rows() -> list[list[object]]:
    chance = random.Random(20230401)
    day, made = FIRST, []
    while day <= LAST:
        if (day.month, day.day) != (1, 1):
            made += [one_day(day, shop, size, chance) for shop, size in SHOPS.items()]
        day += timedelta(days=1)
    return made


def one_day(day: date, shop: str, size: float, chance: random.Random) -> list[object]:
    trade = size * (1.5 if day.weekday() >= 5 else 1.0) * (1.3 if day.month == 12 else 1.0)
    trade *= 1 + 0.1 * (day - FIRST).days / 730
    if shop == "恵比寿" and (day.year, day.month) == (2024, 10):
        trade *= 2.2
    sales = []
    for usual, swing in CATEGORIES.values():
        season = 1 + swing * WINTER.get(day.month, 0.0)
        sales.append(int(usual * season * trade * (0.6 + 0.8 * chance.random())) // 10 * 10)
    total = sum(sales)
    customers = max(1, int(total / (7_000 + 2_000 * chance.random())))
    return [f"{day.year}/{day.month}/{day.day}", shop, total, *sales, customers, round(total / customers)]


def retail() -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["年月日", "店舗名", "総売上", *CATEGORIES, "客数", "客単価"])
    writer.writerows(rows())
    return text.getvalue().encode("cp932")


if __name__ == "__main__":
    sys.stdout.buffer.write(retail())
