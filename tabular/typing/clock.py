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


def parts(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame of ``folded`` with the pieces of its times of day in columns of their own."""
    found = pl.col("folded").str.extract_groups(_PARTS).struct
    pieces = {"jp": "1", "hour": "2", "minute": "3", "second": "4", "fraction": "5", "half": "6"}
    return frame.with_columns(found.field(place).alias(name) for name, place in pieces.items()).with_columns(
        *(pl.col(name).cast(pl.Int64, strict=False) for name in ("hour", "minute", "second")),
        pl.col("fraction").fill_null("").str.pad_end(9, "0").cast(pl.Int64, strict=False),
        pl.coalesce(pl.col("jp").replace({"午前": "am", "午後": "pm"}), pl.col("half").str.to_lowercase()).alias(
            "half"
        ),
    )


def since_midnight(folded: pl.Expr) -> pl.Expr:
    """Duration since local midnight; zero without a time, null where there is no such time or it is finer than 1 µs.

    Of a frame made by ``parts``.
    """
    hour, half, fraction = pl.col("hour"), pl.col("half"), pl.col("fraction")
    first = pl.when(pl.col("jp").is_null()).then(1).otherwise(0)  # 0 PM is none, 午後0時 is noon
    twelve = pl.when((hour >= first) & (hour <= 12)).then(hour % 12)
    hour = pl.when(half.is_null()).then(hour).when(half == "pm").then(twelve + 12).otherwise(twelve)
    seconds = (hour * 60 + pl.col("minute").fill_null(0)) * 60 + pl.col("second").fill_null(0)
    known = pl.when(fraction % 1000 == 0).then(seconds * 1_000_000 + fraction // 1000)
    return pl.when(timed(folded)).then(known).otherwise(0).cast(pl.Duration("us"))


def offset(folded: pl.Expr) -> pl.Expr:
    """Duration by which the local time is ahead of UTC; null without an offset."""
    written = pl.when(zoned(folded)).then(folded.str.extract(rf"({_OFFSET})$"))
    parts = written.str.extract_groups(r"^([+-])([0-9]{2}):?([0-9]{2})?$").struct
    minutes = parts.field("2").cast(pl.Int64) * 60 + parts.field("3").cast(pl.Int64).fill_null(0)
    signed = pl.when(parts.field("1") == "-").then(-minutes).otherwise(minutes)
    named = pl.when(written == "JST").then(540).when(written.is_not_null()).then(0)
    return (pl.coalesce(signed, named) * 60_000_000).cast(pl.Duration("us"))
