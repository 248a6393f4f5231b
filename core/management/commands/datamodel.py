"""Prints docs/data-model.md, made from the models: a Mermaid diagram and a table of fields for each model."""

import inspect
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import BaseCommand
from django.db import models

HEAD = """# Data model

Made from the models by `make docs`; `make check` fails when it is stale.
"""


class Command(BaseCommand):
    help = "Prints the data model as Markdown."
    requires_system_checks = []

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write("\n".join(document(own_models())))


def own_models() -> list[type[models.Model]]:
    """The models of this repository's apps, in the order of INSTALLED_APPS."""
    local = [app for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
    return [model for app in local for model in app.get_models()]


def document(shown: list[type[models.Model]]) -> Iterator[str]:
    yield HEAD
    yield "```mermaid\nerDiagram"
    for model in shown:
        yield from relations(model, shown)
    yield "```\n"
    for model in shown:
        yield from section(model)


def relations(model: type[models.Model], shown: list[type[models.Model]]) -> Iterator[str]:
    for field in model._meta.local_fields:
        if field.remote_field and field.related_model in shown:
            one = "|o" if field.null else "||"
            many = "o|" if field.unique else "o{"
            yield f'    {field.related_model.__name__} {one}--{many} {model.__name__} : "{field.name}"'
    for field in model._meta.local_many_to_many:
        if field.related_model in shown:
            yield f'    {model.__name__} }}o--o{{ {field.related_model.__name__} : "{field.name}"'


def section(model: type[models.Model]) -> Iterator[str]:
    yield f"## {model.__name__}\n"
    yield f"Table `{model._meta.db_table}`. {prose(model)}\n"
    yield "| field | type | null | notes |\n| --- | --- | --- | --- |"
    for field in model._meta.local_fields:
        yield f"| `{field.name}` | {kind(field)} | {'yes' if field.null else ''} | {notes(field)} |"
    yield ""
    promises = [*promised(model)]
    if promises:
        yield "Kept by the database:\n"
        yield from promises
        yield ""


def prose(model: type[models.Model]) -> str:
    """The model's docstring on one line; Django's own default (``Name(field, …)``) says nothing."""
    text = inspect.cleandoc(model.__doc__ or "")
    return "" if text.startswith(f"{model.__name__}(") else " ".join(text.split())


def kind(field: models.Field) -> str:
    name = field.get_internal_type().removesuffix("Field")
    length = getattr(field, "max_length", None)
    return f"{name}({length})" if length and name in ("Char", "Email", "File", "Slug") else name


def notes(field: models.Field) -> str:
    said = []
    if field.primary_key:
        said.append("primary key")
    elif field.unique:
        said.append("unique")
    if field.remote_field and field.related_model:
        rule = getattr(field.remote_field, "on_delete", None)
        said.append(f"→ {field.related_model.__name__}" + (f", {rule.__name__}" if rule else ""))
    if field.choices:
        said.append("one of " + ", ".join(f"`{value}`" for value, _label in field.flatchoices))
    if field.help_text:
        said.append(str(field.help_text))
    return "; ".join(said).replace("|", "\\|")


def promised(model: type[models.Model]) -> Iterator[str]:
    for constraint in model._meta.constraints:
        yield f"- `{constraint.name}`: {describe(constraint)}"
    for index in model._meta.indexes:
        yield f"- `{index.name}`: index on {', '.join(index.fields) or 'an expression'}"


def describe(constraint: models.BaseConstraint) -> str:
    if isinstance(constraint, models.UniqueConstraint):
        what = ", ".join(constraint.fields) or ", ".join(str(part) for part in constraint.expressions)
        where = f" where {constraint.condition}" if constraint.condition else ""
        return f"unique ({what}){where}"
    if isinstance(constraint, models.CheckConstraint):
        return f"check {constraint.condition}"
    return type(constraint).__name__
