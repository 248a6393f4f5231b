"""Parquet in: checksums verified, every Arrow type brought to one of ours or to text that says the same."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tabular.errors import TableError, gettext_noop, notice
from tabular.options import Limits, Options, TooManyRows
from tabular.readers import RawTable, headers
from tabular.schema import Dtype
from tabular.sniff import Sniffed

_BATCH = 64 * 1024


class ParquetDamaged(TableError):
    reason = "parquet_damaged"
    message = gettext_noop("The Parquet file is damaged or uses a feature that can't be read: %(found)s.")


def read(source: Path, work: Path, sniffed: Sniffed, options: Options, limits: Limits) -> RawTable:
    """Spools the file batch by batch. Raises ``ParquetDamaged``, ``TooManyRows``, ``TooManyColumns``."""
    try:
        return _spool(source, work, limits)
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, ValueError, UnicodeDecodeError) as error:
        raise ParquetDamaged(found=str(error).splitlines()[0][:200] if str(error) else type(error).__name__) from error


def _spool(source: Path, work: Path, limits: Limits) -> RawTable:
    with pq.ParquetFile(source, page_checksum_verification=True) as file:
        schema = file.schema_arrow
        if file.metadata.num_rows > limits.max_rows:
            raise TooManyRows(limit=limits.max_rows)
        names, said = headers.unique(schema.names, limits)
        ways = [_way(field.type) for field in schema]
        spooled = pa.schema([pa.field(name, way.stored) for name, way in zip(names, ways, strict=True)])
        path, rows = work / "spool.parquet", 0
        with pq.ParquetWriter(path, spooled, compression="none", write_statistics=False) as writer:
            for batch in file.iter_batches(batch_size=_BATCH):
                rows += batch.num_rows
                arrays = [way.bring(column) for way, column in zip(ways, batch.columns, strict=True)]
                writer.write_batch(pa.record_batch(arrays, schema=spooled))
        if rows != file.metadata.num_rows:
            raise ValueError(f"{file.metadata.num_rows} rows were promised, {rows} found")
    native = {name: way.stated for name, way in zip(names, ways, strict=True) if way.stated}
    nested = [name for name, field in zip(names, schema, strict=True) if pa.types.is_nested(field.type)]
    if nested:
        said.append(notice("nested_as_json", columns=nested))
    return RawTable(path, names, rows, native=native, first_line=1, warnings=tuple(said), header_row=None)


class _Way:
    """How one Arrow type is stored in the spool."""

    def __init__(self, stored: pa.DataType, stated: Dtype | None, bring: Callable[[pa.Array], pa.Array] | None = None):
        self.stored, self.stated = stored, stated
        self.bring = bring or (lambda array: array.cast(stored))


def _way(kind: pa.DataType) -> _Way:
    is_ = pa.types
    if isinstance(kind, pa.BaseExtensionType):
        inner = _way(kind.storage_type)
        return _Way(inner.stored, inner.stated, lambda array: inner.bring(array.storage))
    if is_.is_dictionary(kind):
        inner = _way(kind.value_type)
        return _Way(inner.stored, inner.stated, lambda array: inner.bring(array.dictionary_decode()))
    if is_.is_boolean(kind):
        return _Way(pa.bool_(), "boolean")
    if is_.is_uint64(kind):
        return _Way(pa.uint64(), "integer")
    if is_.is_integer(kind):
        return _Way(pa.int64(), "integer")
    if is_.is_floating(kind):
        return _Way(pa.float64(), "decimal")
    if is_.is_date(kind):
        return _Way(pa.date32(), "date", lambda array: array.cast(pa.date32(), safe=False))
    if is_.is_timestamp(kind):
        return _timestamp(kind)
    if is_.is_binary(kind) or is_.is_large_binary(kind) or is_.is_fixed_size_binary(kind) or is_.is_binary_view(kind):
        return _Way(pa.large_string(), None, _from_bytes)
    if is_.is_nested(kind) or is_.is_duration(kind) or is_.is_interval(kind):
        return _Way(pa.large_string(), None, _from_python)
    return _Way(pa.large_string(), None, _from_text)


def _timestamp(kind: pa.TimestampType) -> _Way:
    """Nanoseconds are kept for the whole column to decide whether microseconds say the same."""
    stored = pa.timestamp("ns" if kind.unit == "ns" else "us", tz="UTC" if kind.tz else None)
    return _Way(stored, "datetime", lambda array: array.cast(stored))


def _from_text(array: pa.Array) -> pa.Array:
    """Strings, decimals and times as they print; an empty text is null, as in a CSV."""
    text = array.cast(pa.large_string())
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.large_string()), text)


def _from_bytes(array: pa.Array) -> pa.Array:
    """Old writers store text as bare bytes; bytes that are no UTF-8 become hexadecimal digits."""
    return pa.array([None if v is None else _decode(v) for v in array.to_pylist()], pa.large_string())


def _decode(value: bytes) -> str:
    try:
        return value.decode() or None  # type: ignore[return-value]
    except UnicodeDecodeError:
        return value.hex()


def _from_python(array: pa.Array) -> pa.Array:
    return pa.array([None if v is None else _dump(v) for v in array.to_pylist()], pa.large_string())


def _dump(value: Any) -> str:
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(value, ensure_ascii=False, default=str, allow_nan=False)
    return str(value)
