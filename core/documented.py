"""What a view documents about one of its methods (by ``@extend_schema``), for the forms of its page."""

import inspect
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.plumbing import force_instance
from drf_spectacular.utils import OpenApiParameter, OpenApiRequest
from rest_framework import serializers
from rest_framework.request import Request, override_method
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from core.api import dumps


class Documented:
    """The description of ``method`` at the address of ``request``."""

    def __init__(self, view: APIView, request: Request, method: str) -> None:
        self.view, self.request, self.method = view, request, method
        actions = getattr(view, "action_map", None)
        handler = getattr(view, (actions or {}).get(method.lower(), method.lower()), None)
        found = getattr(handler, "kwargs", {}).get("schema") or type(view).schema
        kind = found if inspect.isclass(found) else type(found)
        self.described = kind is not api_settings.DEFAULT_SCHEMA_CLASS
        schema: Any = kind()  # of our own: the view's is shared by all threads
        schema.view, schema.method, schema.path = view, method, request.path
        self.schema = schema

    def summary(self) -> str:
        return str(self.schema.get_summary() or "") if self.described else ""

    def serializer(self, data: Any) -> serializers.Serializer[Any] | None:
        """The request's serializer, unbound; for changes filled with what the page shows."""
        found = self._request()
        if found is None:
            return None
        if self.method == "POST" or not isinstance(data, Mapping):
            for field in found.fields.values():
                if isinstance(field.default, str | int | float):
                    field.initial = field.default
            return found
        fields = {name: str(field.source) for name, field in found.fields.items() if not field.read_only}
        plain = {name: source for name, source in fields.items() if "." not in source and source != "*"}
        shown = {source: data.get(name) for name, source in plain.items()}
        hidden = found.fields.keys() - plain.keys()
        filled = type(found)(instance=shown, context={"request": self.request, "view": self.view})
        for name in hidden:
            filled.fields.pop(name)
        return filled

    def _request(self) -> serializers.Serializer[Any] | None:
        if not self.described:
            return None
        with override_method(self.view, self.request, self.method):
            found = self.schema.get_request_serializer()
        if isinstance(found, dict):
            found = next(iter(found.values()), None)
        if isinstance(found, OpenApiRequest):
            found = found.request
        found = force_instance(found)
        return found if isinstance(found, serializers.Serializer) else None

    def example(self, data: Any) -> str | None:
        """JSON to start from: the documented example, else what the page shows of the writable fields.

        None where a file is asked for, which JSON can't carry.
        """
        serializer = self._request() or self._own()
        if serializer is not None and any(_is_file(field) for field in serializer.fields.values()):
            return None
        examples = self.schema.get_examples() if self.described else []
        for example in examples:
            if not example.response_only and not example.parameter_only and isinstance(example.value, dict):
                return dumps(example.value, indent=True).decode()
        if serializer is None:
            return "{}"
        fields = [name for name, field in serializer.fields.items() if not field.read_only]
        shown = data if isinstance(data, Mapping) else {}
        return dumps({name: shown.get(name) for name in fields if name in shown or not shown}, indent=True).decode()

    def _own(self) -> serializers.Serializer[Any] | None:
        if not hasattr(self.view, "get_serializer"):
            return None
        with override_method(self.view, self.request, self.method):
            found = self.view.get_serializer()
        return found if isinstance(found, serializers.Serializer) else None

    def parameters(self) -> list[dict[str, Any]]:
        """The query parameters as fields: name, value, description, choices."""
        found = [_documented_parameter(p) for p in self._overrides() if p.location == OpenApiParameter.QUERY]
        known = {field["name"] for field in found}
        found += [field for field in self._list_parameters() if field["name"] not in known]
        for field in found:
            field["value"] = self.request.query_params.get(field["name"], "")
        return found

    def _overrides(self) -> list[OpenApiParameter]:
        overrides = self.schema.get_override_parameters() if self.described else []
        return [parameter for parameter in overrides if isinstance(parameter, OpenApiParameter)]

    def _list_parameters(self) -> list[dict[str, Any]]:
        listed = getattr(self.view, "detail", False) is not True and not self.view.kwargs
        if not (listed and getattr(self.view, "paginator", None)):
            return []
        searched, ordered = getattr(self.view, "search_fields", ()), getattr(self.view, "ordering_fields", ())
        fields = []
        if searched:
            fields.append({"name": "q", "description": _("Searches names."), "choices": []})
        if ordered:
            choices = [sign + name for name in sorted(ordered) for sign in ("", "-")]
            fields.append({"name": "ordering", "description": _("“-” turns round."), "choices": choices})
        return [*fields, {"name": "limit", "description": _("How many (100)."), "choices": []}]


def _documented_parameter(parameter: OpenApiParameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "description": str(parameter.description or ""),
        "choices": [str(choice) for choice in parameter.enum or ()],
    }


def _is_file(field: serializers.Field[Any, Any, Any, Any]) -> bool:
    return isinstance(field, serializers.FileField)
