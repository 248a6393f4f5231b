"""Do the rows and the bytes agree? What a killed process, a lost disk or a wrong hand left is found both ways."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from datasets import storage, workplace
from datasets.models import Dataset

# A bucket's uploads may be under way on another machine, whose locks can't be seen from here: only older ones count.
PATIENCE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Findings:
    """``bytes_without_row``: storage keys; ``rows_without_bytes``: (dataset id, lost key); ``stale``: local paths."""

    bytes_without_row: list[str]
    rows_without_bytes: list[tuple[int, str]]
    stale: list[Path]

    def __bool__(self) -> bool:
        return bool(self.bytes_without_row or self.rows_without_bytes or self.stale)


def look() -> Findings:
    """The order makes it safe beside live uploads: first the keys, then who works, then the rows.

    A key whose upload neither works any more nor has a row by then will never get one.
    """
    keys = set(_walk(storage.ROOT))
    live = workplace.live_tokens()
    named = _named()
    lost = [(pk, key) for key, pk in named.items() if key not in keys and _still_lost(pk, key)]
    orphans = [key for key in keys - named.keys() if _token(key) not in live and not _maybe_elsewhere(key)]
    return Findings(sorted(orphans), sorted(lost), [*workplace.abandoned(), *_cache_leftovers()])


def apply(found: Findings) -> None:
    """Removes what was found: bytes nobody can reach, rows that can answer nothing, leftovers."""
    storage.remove(*found.bytes_without_row)
    for pk in {pk for pk, _key in found.rows_without_bytes}:
        Dataset.objects.filter(pk=pk).delete()
    for path in found.stale:
        workplace.remove(path)


def _walk(folder: str) -> Iterator[str]:
    """Every key under ``folder``."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}"
    for name in folders:
        yield from _walk(f"{folder}/{name}")


def _named() -> dict[str, int]:
    """Every key that a row speaks of."""
    rows = Dataset.objects.order_by().values_list("pk", "original", "parquet")
    return {key: pk for pk, *keys in rows.iterator() for key in keys if key}


def _still_lost(pk: int, key: str) -> bool:
    """Not uploaded since the keys were listed, and not deleted since the rows were."""
    return not default_storage.exists(key) and Dataset.objects.filter(pk=pk).exists()


def _token(key: str) -> str:
    return PurePosixPath(key).name.replace(".", "-").split("-", 1)[0]


def _maybe_elsewhere(key: str) -> bool:
    if storage.on_disk(key) is not None:
        return False
    try:
        return default_storage.get_modified_time(key) > timezone.now() - PATIENCE
    except FileNotFoundError:
        return True


def _cache_leftovers() -> list[Path]:
    folder = Path(settings.MEDIA_ROOT) / "cache"
    old = (timezone.now() - PATIENCE).timestamp()
    return sorted(part for part in folder.glob("part-*") if part.stat().st_mtime < old) if folder.is_dir() else []
