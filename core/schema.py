"""The OpenAPI document: each route once, at /api/v1, without its optional slash."""

import re
from typing import Any

from drf_spectacular.openapi import AutoSchema as SpectacularSchema

MOUNT = "/api/v1/"


def one_mount(endpoints: list[tuple[str, str, str, Any]], **kwargs: Any) -> list[tuple[str, str, str, Any]]:
    """drf-spectacular's preprocessing hook: keeps the versioned mount and strips the slash."""
    kept = [(path.replace("/?", ""), regex, method, view) for path, regex, method, view in endpoints]
    return [(path.rstrip("/"), regex, method, view) for path, regex, method, view in kept if path.startswith(MOUNT)]


class AutoSchema(SpectacularSchema):
    """Numbers for ids in paths, tags by the first word of the path, and the one error body everywhere."""

    def get_tags(self) -> list[str]:
        words = self.path.removeprefix(MOUNT).split("/")
        return [words[0] or "index"]

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        parameters = super()._resolve_path_parameters(variables)
        for parameter in parameters:
            if re.fullmatch(r"\w*id|pk", parameter["name"]):
                parameter["schema"] = {"type": "integer", "minimum": 1}
        return parameters
