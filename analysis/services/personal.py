"""Values that may name a person: e-mail addresses, telephone numbers, payment cards, Japan's individual numbers."""

import numpy as np
import polars as pl

_EMAIL = r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}"
_PHONE = (
    r"^\s*(?:\+81[-\s]?\d{1,4}|0\d{1,4}|\(0\d{1,4}\))[-\s]\d{1,4}[-\s]\d{3,4}\s*$"
    r"|^\s*0[5789]0\d{8}\s*$|^\s*\+\d{1,3}(?:[-\s]\d{2,4}){2,4}\s*$|^\s*\+\d{10,14}\s*$"
)
_CARD = r"^\s*\d{4}(?:[-\s]?\d{4}){2}[-\s]?\d{1,7}\s*$"
_INDIVIDUAL = r"^\s*\d{4}[-\s]?\d{4}[-\s]?\d{4}\s*$"


def personal_texts(distinct: pl.Series) -> list[tuple[str, int]]:
    """``(kind, distinct values)``. An address inside a longer text counts; numbers must be all of the cell.

    Card and individual numbers carry a check digit that one number in ten meets by chance: at least half of the
    candidates must meet it.
    """
    found = []
    if addresses := int(distinct.filter(distinct.str.contains("@", literal=True)).str.contains(_EMAIL).sum()):
        found.append(("email", addresses))
    digits = distinct.filter(distinct.str.contains(r"^[\s\d()+-]{10,25}$"))
    if not len(digits):
        return found
    if phones := int(digits.str.contains(_PHONE).sum()):
        found.append(("phone", phones))
    bare = [
        digits.filter(digits.str.contains(pattern)).str.replace_all(r"\D", "").to_list()
        for pattern in (_CARD, _INDIVIDUAL)
    ]
    return found + _checked("card", bare[0], luhn) + _checked("my_number", bare[1], individual)


def personal_numbers(distinct: np.ndarray) -> list[tuple[str, int]]:
    """The same for whole numbers of 13 to 15 digits (cards) and of 12 (individual numbers)."""
    cards = distinct[(distinct >= 10**13) & (distinct < 10**16)]
    people = distinct[(distinct >= 10**11) & (distinct < 10**12)]
    return _checked("card", map(str, cards.tolist()), luhn) + _checked(
        "my_number", map(str, people.tolist()), individual
    )


def _checked(kind, candidates, check) -> list[tuple[str, int]]:
    known = list(candidates)
    good = sum(map(check, known))
    return [(kind, good)] if good and 2 * good >= len(known) else []


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B: every second digit from the right doubled, the digits' sum divisible by ten."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def individual(digits: str) -> bool:
    """The check digit of a 12-digit individual number (Ministerial Ordinance 85 of 2014, article 5)."""
    if len(digits) != 12:
        return False
    weighted = sum(int(digit) * (n + 1 if n <= 6 else n - 5) for n, digit in enumerate(reversed(digits[:11]), start=1))
    rest = weighted % 11
    return int(digits[11]) == (0 if rest <= 1 else 11 - rest)
