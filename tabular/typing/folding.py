"""Full-width forms and look-alike signs, folded to the ASCII that the grammars of numbers and dates are written in."""

import polars as pl

_FOLDED = {
    **{chr(0xFF01 + i): chr(0x21 + i) for i in range(94)},  # ！ to ～, digits and Latin letters among them
    "\u3000": " ",
    "\u00a0": " ",
    "\u202f": " ",
    "\u2212": "-",
    "￥": "¥",
    "￡": "£",
    "’": "'",
    "▲": "-",
    "△": "-",
    "▼": "-",
}


def fold(text: pl.Expr) -> pl.Expr:
    """``１，２００円`` → ``1,200円``; ``▲`` and ``△`` are the accountants' minus."""
    return text.str.replace_many(list(_FOLDED), list(_FOLDED.values()))
