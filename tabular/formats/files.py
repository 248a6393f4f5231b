"""A finished temporary file, piece by piece."""

from collections.abc import Iterator
from pathlib import Path

_CHUNK = 1 << 18


def chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
