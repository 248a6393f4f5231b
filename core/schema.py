"""The OpenAPI document: each route once, at /api/v1, without its optional slash; the one error body everywhere."""

import re
from typing import Any

from drf_spectacular.openapi import AutoSchema as SpectacularSchema
from drf_spectacular.plumbing import ResolvedComponent

from core.api import CODES

MOUNT = "/api/v1/"

# The first word of a path → the group that the docs show it in, in this order.
GROUPS = {
    "auth": "accounts", "token": "accounts", "me": "accounts", "users": "accounts", "companies": "accounts",
    "data": "datasets", "datasets": "datasets", "downloads": "datasets",
    "analysis": "analysis", "export": "exports",
    "plans": "cleaning", "executions": "cleaning", "reports": "reports",
    "projects": "ingestion", "cycles": "ingestion", "sessions": "ingestion", "uploads": "ingestion", "jobs": "jobs",
    "": "operations", "health": "operations", "admin": "operations",
}  # fmt: skip
DESCRIPTIONS = {
    "accounts": "Register, sign in, people and companies.",
    "datasets": "Tables: upload, look, change, export.",
    "analysis": "Questions to a dataset, and the kept answers.",
    "exports": "Answers as files.",
    "cleaning": "Plans that clean a table, step by step, and what they did.",
    "reports": "A dataset looked at from all sides, to read and to share.",
    "ingestion": "Projects, cycles, and folders of files that become datasets.",
    "jobs": "Work in the background.",
    "operations": "Is it alive, and what does it hold?",
}
EXAMPLES = {
    400: ("validation_error", "The request is not valid. bins: A valid integer is required.",
          {"bins": ["A valid integer is required."]}),
    401: ("not_authenticated", "Sign in first: send an access token as “Authorization: Bearer …”.", {}),
    403: ("access_denied", "You have no access to this.", {}),
    404: ("dataset_not_found", "There is no dataset 7.", {"id": 7}),
    429: ("throttled", "Too many requests. Try again in 12 seconds.", {"seconds": 12}),
}  # fmt: skip
SUMMARIES = {
    400: "The request is not valid.",
    401: "No token, or one that is not valid any more.",
    403: "Someone else's.",
    404: "There is no such thing.",
    429: "Too many requests; `Retry-After` says when to come back.",
}
ERROR = {
    "type": "object",
    "description": "The one body of every error.",
    "properties": {
        "error": {
            "type": "object",
            "properties": {
                "code": {"type": "string", "enum": list(CODES.values()), "description": "The class of the status."},
                "reason": {"type": "string", "description": "What went wrong, stable and in no language."},
                "message": {"type": "string", "description": "The same for people, in their language."},
                "details": {"type": "object", "additionalProperties": True, "description": "Field errors, or facts."},
                "request_id": {"type": "string", "description": "Also in `X-Request-Id` and in the logs."},
            },
            "required": ["code", "reason", "message", "details", "request_id"],
        },
        "detail": {"type": "string", "description": "The message again."},
    },
    "required": ["error", "detail"],
}


def one_mount(endpoints: list[tuple[str, str, str, Any]], **kwargs: Any) -> list[tuple[str, str, str, Any]]:
    """drf-spectacular's preprocessing hook: keeps the versioned mount and strips the slash."""
    bare = [(path.replace("/?", "").rstrip("/"), regex, method, view) for path, regex, method, view in endpoints]
    kept = [endpoint for endpoint in bare if f"{endpoint[0]}/".startswith(MOUNT)]
    return list({(path, method): (path, regex, method, view) for path, regex, method, view in kept}.values())


def sign_in(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """drf-spectacular's postprocessing hook: name and password first, then a token that one has.

    The session cookie is the pages' own affair: a browser sends it anyway, and no client is told to set it.
    """
    schemes = result.get("components", {}).get("securitySchemes", {})
    kept = {name: schemes[name] for name in ("password", "bearer") if name in schemes}
    if kept:
        result["components"]["securitySchemes"] = kept
    for path in result["paths"].values():
        for operation in path.values():
            ways = [way for way in operation.get("security", []) if not way or set(way) <= set(kept)]
            if ways:
                operation["security"] = ways
    return result


def group(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """drf-spectacular's postprocessing hook: the groups in their order, each with a word on what it is."""
    used = {tag for path in result["paths"].values() for operation in path.values() for tag in operation["tags"]}
    order = list(dict.fromkeys(GROUPS.values()))
    names = sorted(used, key=lambda tag: (order.index(tag) if tag in order else len(order), tag))
    result["tags"] = [{"name": name, "description": DESCRIPTIONS.get(name, "")} for name in names]
    return result


class AutoSchema(SpectacularSchema):
    """Numbers for ids in paths, groups by the first word of the path, and the errors every route can answer with."""

    def get_tags(self) -> list[str]:
        word = self.path.removeprefix(MOUNT.rstrip("/")).strip("/").split("/")[0]
        return [GROUPS.get(word, word)]

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            for status in self._errors(operation):
                operation["responses"].setdefault(str(status), self._error(status))
            operation["responses"] = dict(sorted(operation["responses"].items()))
        return operation

    def _errors(self, operation: dict[str, Any]) -> list[int]:
        parameters = operation.get("parameters", [])
        found = [400] if "requestBody" in operation or any(p["in"] == "query" for p in parameters) else []
        if operation.get("security") and {} not in operation["security"]:
            found += [401, 403]
        if any(p["in"] == "path" for p in parameters):
            found.append(404)
        found += getattr(self.view, "refusals", [])  # what a route without a token refuses all the same
        return [*found, 429] if self.view.throttle_classes else found

    def _error(self, status: int) -> dict[str, str]:
        """A reference to the shared answer for this status, registered when first asked for."""
        body = ResolvedComponent("Error", ResolvedComponent.SCHEMA, ERROR, "Error")
        self.registry.register_on_missing(body)
        reason, message, details = EXAMPLES[status]
        example = {
            "error": {"code": CODES[status], "reason": reason, "message": message, "details": details,
                      "request_id": "0f4c1d9c5a0e4a1e8b7d0b8f6f0f2a61"},
            "detail": message,
        }  # fmt: skip
        content = {"application/json": {"schema": body.ref, "example": example}}
        answer = ResolvedComponent(
            CODES[status], ResolvedComponent.RESPONSE, {"description": SUMMARIES[status], "content": content}, status
        )
        self.registry.register_on_missing(answer)
        return dict(answer.ref)

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        parameters = super()._resolve_path_parameters(variables)
        for parameter in parameters:
            if re.fullmatch(r"\w*id|pk", parameter["name"]):
                parameter["schema"] = {"type": "integer", "minimum": 1}
        return parameters
