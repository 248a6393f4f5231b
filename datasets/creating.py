"""A received file becomes a dataset: read in a child, kept durably, and only then known to anybody."""

from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User, WorkSession
from datasets import ingesting, naming, storage
from datasets.models import Dataset
from datasets.receiving import Upload, stem
from tabular.ingest import Ingested
from tabular.options import Options

ATTEMPTS = 50


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller says about the dataset itself; without ``name`` the file's stem is taken.

    A ``name`` that is taken is refused, or ``numbered``, as a stem always is.
    """

    name: str | None = None
    description: str = ""
    is_public: bool = False
    numbered: bool = False

    @property
    def fixed_name(self) -> str | None:
        return None if self.numbered else self.name


@dataclass(frozen=True, slots=True)
class Created:
    dataset: Dataset
    ingested: Ingested


def create(*, user: User, session: WorkSession | None, upload: Upload, options: Options, wish: Wish) -> Created:
    """The durable order: read → sync and name the original, then the table → insert the row.

    A kill before the insert leaves bytes that no row names, which ``manage.py reconcile`` finds; never half a dataset.
    """
    if wish.fixed_name and naming.taken(session, wish.fixed_name):
        raise naming.DatasetNameExists
    table = upload.place.folder / "table.parquet"
    ingested = ingesting.ingest(upload.path, table, options)
    keys = storage.keys(upload.place.token, upload.filename)
    try:
        storage.keep(upload.path, keys.original)
        storage.keep(table, keys.parquet)
        dataset = insert(
            session,
            wish,
            wish.name or stem(upload.filename),
            Dataset(
                **said(user, session, upload, options, wish), **found(ingested), **keys._asdict(),
                status=Dataset.Status.READY,
            ),
        )  # fmt: skip
    except storage.UNCERTAIN:
        raise
    except BaseException:
        storage.remove(*keys)
        raise
    return Created(dataset, ingested)


def said(user: User, session: WorkSession | None, upload: Upload, options: Options, wish: Wish) -> dict[str, Any]:
    """The columns that are known before the file is read."""
    return {
        "owner": user,
        "company_id": user.company_id,
        "session": session,
        "description": wish.description,
        "shared_with": Dataset.Sharing.EVERYONE if wish.is_public else Dataset.Sharing.OWNER,
        "filename": upload.filename,
        "file_size": upload.size,
        "content_hash": upload.sha256,
        "options": _kept(options),
    }


def found(ingested: Ingested) -> dict[str, Any]:
    """The columns that reading the file fills."""
    return {
        "format": ingested.format,
        "encoding": ingested.encoding,
        "rows": ingested.rows,
        "schema": [column.to_dict() for column in ingested.columns],
        "report": ingested.report,
    }


def _kept(options: Options) -> dict[str, Any]:
    """The caller's own words, as JSON; what was left to us is left out."""
    words = {name: value for name, value in asdict(options).items() if value not in (None, (), {})}
    return words | {"types": dict(options.types), "na_values": list(options.na_values)}


def asked(dataset: Dataset) -> Options:
    """The caller's own words back again, for a file that is read later."""
    return Options(**dataset.options | {"na_values": tuple(dataset.options.get("na_values", ()))})


def insert(session: WorkSession | None, wish: Wish, base: str, dataset: Dataset) -> Dataset:
    """The database decides about the name, whoever else uploads at the same moment."""
    names = iter([wish.fixed_name]) if wish.fixed_name else islice(naming.candidates(session, base), ATTEMPTS)
    for name in names:
        dataset.name = name
        try:
            with transaction.atomic():
                dataset.save(force_insert=True)
        except IntegrityError:
            if not naming.taken(session, name):
                raise
            dataset.pk = None
        else:
            return dataset
    raise naming.DatasetNameExists
