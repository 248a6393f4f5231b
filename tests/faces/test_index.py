"""GET /api/v1: every address without an id, and each is real."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/api/v1", "/api/v1/", "/api", "/api/"])
def test_index_answers_at_every_mount(client, path, settings):
    body = client.get(path).json()
    assert body["name"] == settings.APP_NAME
    assert body["resources"]["datasets"] == f"{settings.PUBLIC_URL}/api/v1/datasets"


def test_index_lists_the_resources(client):
    body = client.get("/api/v1").json()
    assert {"datasets", "users", "companies", "analysis/jobs", "data/sessions", "health"} <= set(body["resources"])
    assert {"auth/login", "auth/register", "datasets/upload", "analysis/timeseries"} <= set(body["actions"])
    assert not set(body["resources"]) & set(body["actions"])


def test_index_leads_nowhere_in_vain(client, settings):
    body = client.get("/api/v1").json()
    for url in [*body["resources"].values(), *body["documentation"].values()]:
        assert client.get(url.removeprefix(settings.PUBLIC_URL)).status_code in {200, 401}, url
    for url in body["actions"].values():
        assert client.get(url.removeprefix(settings.PUBLIC_URL)).status_code in {401, 405}, url


def test_index_ignores_a_stale_token(client):
    assert client.get("/api/v1", headers={"authorization": "Bearer stale"}).status_code == 200
