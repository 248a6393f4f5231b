"""What the documentation says about signing in."""

import pytest
from drf_spectacular.generators import SchemaGenerator

from accounts.urls import urlpatterns


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def test_swagger_authorizes_by_password_or_by_token(schema):
    schemes = schema["components"]["securitySchemes"]
    assert schemes["password"]["flows"]["password"]["tokenUrl"] == "/api/v1/auth/login"
    assert schemes["bearer"]["scheme"] == "bearer"
    assert schema["paths"]["/api/v1/me"]["get"]["security"] == [{"password": []}, {"bearer": []}]
    assert schema["paths"]["/api/v1/auth/login"]["post"].get("security", [{}]) == [{}]


def test_refusals_of_public_routes_are_documented(schema):
    assert set(schema["paths"]["/api/v1/auth/login"]["post"]["responses"]) == {"200", "400", "401", "403", "429"}
    assert set(schema["paths"]["/api/v1/auth/refresh"]["post"]["responses"]) == {"200", "400", "401", "429"}


def test_every_route_is_there_with_a_summary_and_an_example(schema):
    listed = [str(pattern.pattern) for pattern in urlpatterns]
    paths = {path.removeprefix("/api/v1/"): item for path, item in schema["paths"].items()}
    for pattern in listed:
        path = pattern.strip("^/?$").replace("(?P<id>[0-9]{1,18})", "{id}")
        for method in {"get", "post", "put", "patch"} & set(paths[path]):
            operation = paths[path][method]
            assert operation["summary"]
            assert "examples" in str(operation), (method, path)
