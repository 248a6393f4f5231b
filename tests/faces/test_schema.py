"""The OpenAPI document: each route once, ids as numbers, the one error body, sign-in by name and password."""

import re

import pytest
import yaml
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from core.api import CODES
from core.schema import GROUPS

pytestmark = pytest.mark.django_db
VERBS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def document():
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(document):
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_document_is_valid_openapi(document):
    validate_schema(document)


def test_each_route_once_at_the_versioned_mount(document):
    assert all(path == "/api/v1" or path.startswith("/api/v1/") for path in document["paths"])
    assert not [path for path in document["paths"] if re.search(r"/$|[?^$\\]", path)]
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))


def test_ids_are_whole_numbers(document):
    seen = 0
    for path, _, operation in operations(document):
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path" and parameter["name"].endswith("id"):
                seen += 1
                assert parameter["schema"]["type"] == "integer", path
    assert seen > 10


def test_every_operation_says_what_it_is_and_belongs_to_a_group(document):
    for path, method, operation in operations(document):
        assert operation.get("summary"), (method, path)
        assert set(operation["tags"]) <= set(GROUPS.values()), (method, path, operation["tags"])
    used = [tag["name"] for tag in document["tags"]]
    assert used[0] == "accounts"
    assert used[-1] == "operations"


def test_errors_are_the_one_body(document):
    answers = document["components"]["responses"]
    for path, method, operation in operations(document):
        refused = operation["responses"]
        if operation.get("security") and {} not in operation["security"]:
            assert {"401", "403"} <= set(refused), (method, path)
        if "requestBody" in operation:
            assert "400" in refused, (method, path)
        if "{" in path:
            assert "404" in refused, (method, path)
    for status, word in CODES.items():
        if word in answers:
            example = answers[word]["content"]["application/json"]["example"]
            assert example["error"]["code"] == word, status
            assert example["detail"] == example["error"]["message"]


def test_example_of_an_error_is_shaped_as_real_ones_are(client, document):
    real = client.get("/api/v1/users").json()
    example = document["components"]["responses"]["unauthorized"]["content"]["application/json"]["example"]
    assert example["error"].keys() == real["error"].keys()
    assert {**example["error"], "request_id": ""} == {**real["error"], "request_id": ""}
    required = document["components"]["schemas"]["Error"]["properties"]["error"]["required"]
    assert set(required) == real["error"].keys()


def test_swagger_can_sign_in(document, client):
    schemes = document["components"]["securitySchemes"]
    assert list(schemes) == ["password", "bearer"]
    address = schemes["password"]["flows"]["password"]["tokenUrl"]
    assert client.post(address, {"username": "nobody", "password": "x", "grant_type": "password"}).status_code == 401
    named = {name for _, _, operation in operations(document) for way in operation.get("security", []) for name in way}
    assert named <= set(schemes)


def test_public_routes_ask_for_nothing(document):
    for path in ("/api/v1", "/api/v1/health", "/api/v1/auth/login", "/api/v1/auth/register"):
        for method in VERBS & document["paths"][path].keys():
            assert not any(document["paths"][path][method].get("security", [])), path


def test_documents_are_served(client):
    as_json = client.get("/api/v1/openapi.json", headers={"accept": "text/html"})
    assert as_json["Content-Type"] == "application/json"
    as_yaml = client.get("/api/schema")
    assert yaml.safe_load(as_yaml.content)["paths"].keys() == as_json.json()["paths"].keys()
