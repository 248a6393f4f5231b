"""The time of day behind a date, and its offset: ``15:04``, ``T15:04:05.123456+09:00``, ``3:04 PM``, ``13時5分``."""

import polars as pl

_OFFSET = r"(?:Z|z|UTC|GMT|JST|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)"
_HOUR, _SIXTY = r"(?:[01]?[0-9]|2[0-3])", r"[0-5][0-9]"
_COLONS = rf"{_HOUR}:{_SIXTY}(?::{_SIXTY}(?:[.,][0-9]{{1,9}})?)?(?:\s?[AaPp][Mm])?(?:\s?{_OFFSET})?"
_KANJI = rf"(?:午前|午後)?\s?{_HOUR}時(?:\s?[0-5]?[0-9]分(?:\s?[0-5]?[0-9]秒)?)?"

# What may follow a date, already folded to ASCII.
CLOCK = rf"(?:(?:T|,?\s+){_COLONS}|\s*{_KANJI})"

_PARTS = (
    r"(午前|午後)?\s?([0-9]{1,2})(?::|時)\s?([0-9]{1,2})?(?::|分)?\s?([0-9]{1,2})?"
    rf"(?:秒|[.,]([0-9]{{1,9}}))?\s?([AaPp][Mm])?\s?({_OFFSET})?$"
)


def timed(folded: pl.Expr) -> pl.Expr:
    return folded.str.contains(r"[0-9](?::|時)")


def zoned(folded: pl.Expr) -> pl.Expr:
    """Whether an offset ends it; only asked of what is timed, so a dash inside a date is none."""
    return folded.str.contains(rf"[0-9](?::[0-9.,]+)(?:\s?[AaPp][Mm])?\s?{_OFFSET}$")


def since_midnight(folded: pl.Expr) -> pl.Expr:
    """Duration since local midnight; zero without a time, null where there is no such time or it is finer than 1 µs."""
    parts = folded.str.extract_groups(_PARTS).struct
    hour, minute, second = (parts.field(i).cast(pl.Int64, strict=False) for i in ("2", "3", "4"))
    fraction = parts.field("5").fill_null("").str.pad_end(9, "0").cast(pl.Int64, strict=False)
    half = pl.coalesce(parts.field("1").replace({"午前": "am", "午後": "pm"}), parts.field("6").str.to_lowercase())
    twelve = pl.when((hour >= pl.when(parts.field("1").is_null()).then(1).otherwise(0)) & (hour <= 12)).then(hour % 12)
    hour = pl.when(half.is_null()).then(hour).when(half == "pm").then(twelve + 12).otherwise(twelve)
    micro = ((hour * 60 + minute.fill_null(0)) * 60 + second.fill_null(0)) * 1_000_000 + fraction // 1000
    known = pl.when((fraction % 1000 == 0) & hour.is_not_null()).then(micro)
    return pl.when(timed(folded)).then(known).otherwise(0).cast(pl.Duration("us"))


def offset(folded: pl.Expr) -> pl.Expr:
    """Duration by which the local time is ahead of UTC; null without an offset."""
    written = pl.when(zoned(folded)).then(folded.str.extract(rf"({_OFFSET})$"))
    parts = written.str.extract_groups(r"^([+-])([0-9]{2}):?([0-9]{2})?$").struct
    minutes = parts.field("2").cast(pl.Int64) * 60 + parts.field("3").cast(pl.Int64).fill_null(0)
    signed = pl.when(parts.field("1") == "-").then(-minutes).otherwise(minutes)
    named = pl.when(written == "JST").then(540).when(written.is_not_null()).then(0)
    return (pl.coalesce(signed, named) * 60_000_000).cast(pl.Duration("us"))
