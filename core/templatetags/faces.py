"""JSON for people: coloured, with addresses and ids as links."""

import re

from django import template
from django.conf import settings
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from core.browse import exists

register = template.Library()

LONGEST = 400_000  # characters; longer bodies are shown plain
TOKEN = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*")(?=\s*:)|(?P<text>"(?:[^"\\]|\\.)*")|(?P<word>\b(?:true|false|null)\b)'
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<rest>[^\"\-\dtfn]+|.)",
    re.DOTALL,
)
BACKGROUND = re.compile(r"/api/(v1/)?(jobs|uploads|sessions|reports)")  # where a job_id is background work
RESOURCES = {
    "dataset_id": "datasets", "job_id": "analysis/jobs", "company_id": "companies", "user_id": "users",
    "owner_id": "users", "duplicate_of": "datasets", "project_id": "projects", "report_id": "reports",
    "cycle_id": "cycles", "plan_id": "plans", "execution_id": "executions",
}  # fmt: skip


@register.filter
def json_page(content: str, path: str) -> str | SafeString:
    """``content`` (indented JSON) as safe HTML; an ``id`` in a list at ``path`` links to ``path/id``."""
    if len(content) > LONGEST:
        return content
    parts: list[SafeString] = []
    key = ""
    for match in TOKEN.finditer(content):
        kind, token = match.lastgroup or "rest", match.group()
        if kind == "key":
            key = token[1:-1]
        parts.append(escape(token) if kind == "rest" else _token(kind, token, key, path))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above


def _token(kind: str, token: str, key: str, path: str) -> SafeString:
    target = _target(kind, token, key, path)
    if target:
        return format_html('<a class="json-{}" href="{}">{}</a>', kind, target, token)
    return format_html('<span class="json-{}">{}</span>', kind, token)


def _target(kind: str, token: str, key: str, path: str) -> str | None:
    if kind == "text" and re.match(r'"https?://[^\s"]+"$', token):
        return token[1:-1].removeprefix(settings.PUBLIC_URL) or "/"
    if kind == "number" and token.isdigit():
        if key == "id" and not re.search(r"/\d+/?$", path):
            return _existing(f"{path.rstrip('/')}/{token}")
        if key == "job_id" and BACKGROUND.match(path):
            return _existing(f"/api/v1/jobs/{token}")
        if key in RESOURCES:
            return _existing(f"/api/v1/{RESOURCES[key]}/{token}")
    return None


def _existing(path: str) -> str | None:
    return path if exists(path) else None
