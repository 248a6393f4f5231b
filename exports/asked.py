"""What is exported: the answer of an analysis, or the rows of a dataset; each knows its file and goes into a job."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import QueryDict

from accounts.models import User
from analysis.models import AnalysisJob
from analysis.services import KINDS
from analysis.views import finished, readable_job, result
from datasets import asking
from datasets.models import Dataset
from datasets.reading import ready, table
from tabular.formats import Format, format_named, from_pandas
from tabular.query import RowsQuery


class Asked(Protocol):
    """One file: its name, its format, the dataset it comes from, and its bytes, piece by piece."""

    @property
    def form(self) -> Format: ...

    @property
    def dataset(self) -> Dataset: ...

    @property
    def filename(self) -> str: ...

    def content(self) -> Iterator[bytes]: ...

    def to_payload(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Shape:
    """How the file is written. ``bom``: for Excel; ``raw``: cells that a spreadsheet would run stay as they are."""

    format: str
    bom: bool
    raw: bool

    @classmethod
    def of(cls, query: QueryDict) -> "Shape":
        name = query.get("format") or "csv"
        format_named(name)
        return cls(name, asking.switch(query, "bom"), asking.switch(query, "raw"))


@dataclass(frozen=True)
class AnswerFile:
    job: AnalysisJob
    shape: Shape

    @property
    def form(self) -> Format:
        return format_named(self.shape.format)

    @property
    def dataset(self) -> Dataset:
        return self.job.dataset

    @property
    def filename(self) -> str:
        return f"{self.job.dataset.name} {self.job.kind}.{self.form.extension}"

    def content(self) -> Iterator[bytes]:
        """The result laid out as a pandas user would."""
        frame = KINDS[self.job.kind].frame(result(self.job))
        batches, columns = from_pandas(frame)
        self.form.check(len(frame), columns)
        return self.form.write(batches, columns, bom=self.shape.bom, raw=self.shape.raw)

    def to_payload(self) -> dict[str, Any]:
        return {"analysis_job_id": self.job.pk} | vars(self.shape)


@dataclass(frozen=True)
class RowsFile:
    dataset: Dataset
    query: RowsQuery
    shape: Shape

    @property
    def form(self) -> Format:
        return format_named(self.shape.format)

    @property
    def filename(self) -> str:
        return f"{self.dataset.name}.{self.form.extension}"

    def content(self) -> Iterator[bytes]:
        return asking.file(table(self.dataset), self.query, self.form, bom=self.shape.bom, raw=self.shape.raw)

    def to_payload(self) -> dict[str, Any]:
        return {"dataset_id": self.dataset.pk, "query": self.query.to_dict()} | vars(self.shape)


def answer_file(user: User, job_id: int | str, query: QueryDict) -> AnswerFile:
    return AnswerFile(finished(readable_job(user, job_id)), Shape.of(query))


def rows_file(user: User, dataset_id: int | str, query: QueryDict) -> RowsFile:
    dataset = ready(user, dataset_id)
    shape = Shape.of(query)
    return RowsFile(dataset, asking.rows_query(query, dataset.columns, paged=False), shape)


def from_payload(payload: Mapping[str, Any], user: User) -> Asked:
    """What ``to_payload`` said, for who may still read it."""
    shape = Shape(payload["format"], payload["bom"], payload["raw"])
    if "analysis_job_id" in payload:
        return AnswerFile(finished(readable_job(user, payload["analysis_job_id"])), shape)
    dataset = ready(user, payload["dataset_id"])
    return RowsFile(dataset, RowsQuery.from_dict(payload["query"]).checked(dataset.columns), shape)
