"""The stored form of a table: one Parquet file, written once, seen whole or not at all."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from tabular.errors import TableError, gettext_noop
from tabular.schema import Dtype

_MAGIC = b"PAR1"
_ROW_GROUP = 256 * 1024


class StoredDataDamaged(TableError):
    reason = "stored_data_damaged"
    message = gettext_noop("The stored data of this table is damaged. Upload the file again.")


@contextmanager
def writing(target: Path) -> Iterator[Path]:
    """Yields a temporary path beside ``target``; what was written there takes the target's place, durably, when the
    block ends without an error. A crash at any moment leaves the old file, the whole new one, or a ``.tmp`` orphan."""
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(6)}.tmp")
    try:
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(target)
        _sync_folder(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def sink(frame: pl.LazyFrame, target: Path) -> None:
    """Writes a table in the form that the engines read fastest; memory does not grow with it."""
    frame.sink_parquet(
        target,
        compression="zstd",
        compression_level=1,
        row_group_size=_ROW_GROUP,
        maintain_order=True,
        engine="streaming",
    )


def _sync_folder(folder: Path) -> None:
    """A rename is durable only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_schema(path: Path) -> dict[str, Dtype]:
    """Column -> dtype of a stored file, in file order. Raises ``StoredDataDamaged``."""
    _check_ends(path)
    with _damage_reported():
        stored = pl.read_parquet_schema(path)
    return {name: _dtype(name, dtype) for name, dtype in stored.items()}


def _dtype(name: str, stored: pl.DataType) -> Dtype:
    if isinstance(stored, pl.Datetime):
        return "datetime"
    if found := _DTYPES.get(stored):
        return found
    raise StoredDataDamaged(column=name, stored=str(stored))


_DTYPES: dict[pl.DataType, Dtype] = {
    pl.Int64(): "integer",
    pl.Float64(): "decimal",
    pl.Boolean(): "boolean",
    pl.Date(): "date",
    pl.String(): "text",
}


def row_count(path: Path) -> int:
    """From the footer alone. Raises ``StoredDataDamaged``."""
    _check_ends(path)
    with _damage_reported():
        return int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())


def check(path: Path) -> int:
    """Reads every page of every column; returns the number of rows. Raises ``StoredDataDamaged``."""
    read_schema(path)
    with _damage_reported():
        counted = (
            pl.scan_parquet(path, glob=False)
            .select(pl.len().alias("\0rows"), pl.all().count())
            .collect(engine="streaming")
        )
    return int(counted.row(0)[0])


def _check_ends(path: Path) -> None:
    """The cheapest sign of a cut or overwritten file."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(-4, os.SEEK_END)
            if start == _MAGIC and file.read(4) == _MAGIC:
                return
    except OSError as error:
        raise StoredDataDamaged(problem=error.strerror or "unreadable") from error
    raise StoredDataDamaged(problem="not a Parquet file")


@contextmanager
def _damage_reported() -> Iterator[None]:
    """Polars reports damage as its own errors, as the system's, or by a panic."""
    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, MemoryError) as error:
        raise StoredDataDamaged(problem=type(error).__name__) from error
