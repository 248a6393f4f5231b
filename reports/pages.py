"""A report's pages: drawn for a language, kept, and drawn again when the drawing has changed."""

import zlib
from typing import Any, NamedTuple

from django.db import transaction

from reports import stored
from reports.models import Page, Report
from reports.rendering import DRAWN_BY, FORMATS, Titles, complete


class Drawn(NamedTuple):
    format: str
    language: str
    html: str


def draw(report: Report, results: dict[str, Any], name: str, language: str) -> Drawn:
    titles = Titles(report.title, report.description, report.completed_at)
    return Drawn(name, language, FORMATS[name](results, titles, language))


def keep(report: Report, drawn: list[Drawn]) -> None:
    for one in drawn:
        body = zlib.compress(one.html.encode(), 6)
        Page.objects.update_or_create(
            report=report, format=one.format, language=one.language, defaults={"body": body, "drawn_by": DRAWN_BY}
        )


def html(report: Report, name: str, language: str) -> str:
    """The kept page, or a new one, which is kept from now on. ``report`` is completed."""
    kept = Page.objects.filter(report_id=report.pk, format=name, language=language, drawn_by=DRAWN_BY).first()
    if kept is not None:
        return complete(zlib.decompress(bytes(kept.body)).decode())
    made = draw(report, stored.results(report), name, language)
    with transaction.atomic():
        if Report.objects.filter(pk=report.pk).exists():
            keep(report, [made])
    return complete(made.html)


def forget(report: Report) -> None:
    """Title and description stand on the pages."""
    Page.objects.filter(report=report).delete()
